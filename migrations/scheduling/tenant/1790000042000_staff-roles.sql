-- Up Migration
ALTER TABLE staff ADD COLUMN roles TEXT[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN staff.roles IS 'Names of the roles, as identity says';
-- One behind, so that the next comparison with identity fetches everybody with their roles.
UPDATE staff SET version = version - 1 WHERE version > 0;
