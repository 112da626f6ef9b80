-- Up Migration

ALTER TABLE hospital ADD COLUMN tenant_status TEXT NOT NULL DEFAULT 'active';
COMMENT ON COLUMN hospital.tenant_status IS 'What identity said last: a suspended hospital has no feeds and no reminders';
