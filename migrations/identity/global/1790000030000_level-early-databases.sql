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

CREATE INDEX IF NOT EXISTS user_verification_tenant_id_idx ON user_verification (tenant_id);

-- A key may be kept for a tenant that is not, or no longer, a row of tenants.
ALTER TABLE idempotency_keys DROP CONSTRAINT IF EXISTS idempotency_keys_tenant_id_fkey;
