-- Up Migration

-- A copy of clinical's patients, kept true by events; a row is never deleted, its status tells.
CREATE TABLE patients (
  id INTEGER PRIMARY KEY,
  patient_number TEXT NOT NULL,
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  status VARCHAR(50) NOT NULL DEFAULT 'active',
  merged_into INTEGER,
  version INTEGER NOT NULL DEFAULT 0
);
COMMENT ON COLUMN patients.merged_into IS 'The patient this one was merged into; without a foreign key, because events arrive in any order';
CREATE INDEX patients_merged_into_idx ON patients (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE hospital (
  only_row BOOLEAN PRIMARY KEY DEFAULT TRUE CHECK (only_row),
  timezone TEXT NOT NULL DEFAULT 'UTC',
  opening_hours JSONB,
  no_show_after_minutes INTEGER DEFAULT 120 CHECK (no_show_after_minutes >= 0),
  offer_minutes INTEGER NOT NULL DEFAULT 120 CHECK (offer_minutes > 0),
  version INTEGER NOT NULL DEFAULT 1,
  tenant_timezone TEXT,
  tenant_version INTEGER NOT NULL DEFAULT 0
);
COMMENT ON TABLE hospital IS 'Settings of this hospital: one row';
COMMENT ON COLUMN hospital.opening_hours IS 'Weekly rules [{weekday, start, end}]; NULL: around the clock';
COMMENT ON COLUMN hospital.no_show_after_minutes IS 'After the end of an appointment nobody checked in to; NULL: never by itself';
COMMENT ON COLUMN hospital.tenant_timezone IS 'What identity said last: only a change there changes the time zone here';
INSERT INTO hospital DEFAULT VALUES;

CREATE TABLE closing_days (
  date DATE PRIMARY KEY,
  name TEXT
);

CREATE TABLE working_hours (
  doctor_id INTEGER PRIMARY KEY REFERENCES doctors (id) ON DELETE RESTRICT,
  rules JSONB NOT NULL DEFAULT '[]',
  version INTEGER NOT NULL DEFAULT 1,
  updated_by INTEGER REFERENCES staff (id) ON DELETE RESTRICT,
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
COMMENT ON COLUMN working_hours.rules IS 'Weekly rules [{weekday, start, end}] in the time zone of the hospital; read and replaced as a whole';

CREATE TABLE time_off (
  id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  doctor_id INTEGER NOT NULL REFERENCES doctors (id) ON DELETE RESTRICT,
  starts_at TIMESTAMPTZ NOT NULL,
  ends_at TIMESTAMPTZ NOT NULL,
  reason TEXT,
  created_by INTEGER REFERENCES staff (id) ON DELETE RESTRICT,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  version INTEGER NOT NULL DEFAULT 1,
  CONSTRAINT time_off_order CHECK (starts_at < ends_at)
);
CREATE INDEX time_off_doctor_idx ON time_off (doctor_id, starts_at, id);
CREATE INDEX time_off_ends_idx ON time_off (doctor_id, ends_at);

CREATE INDEX doctors_name_idx ON doctors (name, id);
