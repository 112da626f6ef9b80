-- Up Migration

-- A few files of this folder were still edited while the first version was being written. A database that was made in those
-- hours has them as applied and differs; this brings it level. Where nothing differs, nothing changes.

-- The signature of audit rows, and ids of patients as wide as every trail has them.
ALTER TABLE audit_events ADD COLUMN IF NOT EXISTS mac BYTEA;
COMMENT ON COLUMN audit_events.mac IS 'Signature of the service that wrote the row; rows without a valid one are never sealed';
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'audit_events'::regclass AND attname = 'patient_id' AND atttypid = 'integer'::regtype) THEN
    ALTER TABLE audit_events ALTER COLUMN patient_id TYPE BIGINT;
  END IF;
END $$;

CREATE INDEX IF NOT EXISTS doctors_name_idx ON doctors (name, id);

-- Looked at when a statement ends, so that a series can move onto times that it leaves.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_constraint WHERE conrelid = 'appointments'::regclass AND conname = 'appointments_doctor_free' AND NOT condeferrable) THEN
    ALTER TABLE appointments DROP CONSTRAINT appointments_doctor_free;
    ALTER TABLE appointments ADD CONSTRAINT appointments_doctor_free
      EXCLUDE USING gist (doctor_id WITH =, period WITH &&)
      WHERE (status IN ('scheduled', 'confirmed', 'checked_in', 'in_progress') AND overbook_reason IS NULL)
      DEFERRABLE INITIALLY IMMEDIATE;
  END IF;
  IF EXISTS (SELECT FROM pg_constraint WHERE conrelid = 'appointments'::regclass AND conname = 'appointments_patient_free' AND NOT condeferrable) THEN
    ALTER TABLE appointments DROP CONSTRAINT appointments_patient_free;
    ALTER TABLE appointments ADD CONSTRAINT appointments_patient_free
      EXCLUDE USING gist (patient_id WITH =, period WITH &&)
      WHERE (
        status IN ('scheduled', 'confirmed', 'checked_in', 'in_progress') AND overbook_reason IS NULL AND merged_from IS NULL
      )
      DEFERRABLE INITIALLY IMMEDIATE;
  END IF;
END $$;
