-- Up Migration

-- Over the names and checksums of all files that a tenant had at its last migration: who has another one is looked at.
ALTER TABLE tenant_migrations ADD COLUMN files_checksum TEXT;
COMMENT ON COLUMN tenant_migrations.files_checksum IS 'SHA-256 over the names and checksums of the tenant''s files; null before there were any';
