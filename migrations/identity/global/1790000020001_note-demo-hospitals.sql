-- Up Migration

-- The hospitals that the program itself made up. A hospital that is not here belongs to somebody, whatever its id.
CREATE TABLE demo_hospitals (
  tenant_id VARCHAR(255) PRIMARY KEY,
  dates_from TIMESTAMPTZ NOT NULL,
  loaded_at TIMESTAMPTZ
);
-- The owner's alone, like the chain of the audit trail.
ALTER TABLE demo_hospitals ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE demo_hospitals IS 'Demo hospitals, with public passwords; no rows in a database of real hospitals';
COMMENT ON COLUMN demo_hospitals.tenant_id IS 'Noted before the hospital is made, so it refers to nothing';
COMMENT ON COLUMN demo_hospitals.dates_from IS 'The moment that the dates of its data are counted from, also when loading is taken up again';
COMMENT ON COLUMN demo_hospitals.loaded_at IS 'NULL while its people and patients are not complete';
