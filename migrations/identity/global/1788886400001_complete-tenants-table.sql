-- Up Migration

CREATE TABLE IF NOT EXISTS tenants (
  id VARCHAR(255) PRIMARY KEY,
  name VARCHAR(255) NOT NULL,
  status VARCHAR(50) DEFAULT 'active'
);

ALTER TABLE tenants
  ADD COLUMN IF NOT EXISTS name VARCHAR(255),
  ADD COLUMN IF NOT EXISTS status VARCHAR(50) DEFAULT 'active',
  ADD COLUMN IF NOT EXISTS timezone TEXT NOT NULL DEFAULT 'UTC',
  ADD COLUMN IF NOT EXISTS settings JSONB NOT NULL DEFAULT '{}',
  ADD COLUMN IF NOT EXISTS version INTEGER NOT NULL DEFAULT 1,
  ADD COLUMN IF NOT EXISTS created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  ADD COLUMN IF NOT EXISTS updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  ALTER COLUMN status SET DEFAULT 'active';

-- An adopted table may lack its key, and may demand values in columns that we do not know. The columns and their values
-- stay; only the demand goes, so that a new hospital can be inserted.
DO $$
DECLARE extra record;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = 'tenants'::regclass AND contype = 'p') THEN
    ALTER TABLE tenants ADD PRIMARY KEY (id);
  END IF;
  FOR extra IN
    SELECT attname FROM pg_attribute
    WHERE attrelid = 'tenants'::regclass AND attnum > 0 AND NOT attisdropped AND attnotnull AND NOT atthasdef
      AND attidentity = '' AND attname NOT IN ('id', 'name')
  LOOP
    EXECUTE format('ALTER TABLE tenants ALTER COLUMN %I DROP NOT NULL', extra.attname);
  END LOOP;
END $$;

-- Operators belong to this one. It has no schema and no patients.
INSERT INTO tenants (id, name) VALUES ('platform', 'Platform') ON CONFLICT (id) DO NOTHING;

COMMENT ON TABLE tenants IS 'Hospitals, and the reserved tenant "platform" of the operators';
