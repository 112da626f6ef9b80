-- Up Migration

-- Users are listed by name, page by page.
CREATE INDEX users_tenant_id_name_idx ON users (tenant_id, name, id);

-- A person of an identity provider may work in several hospitals, and is one user in each.
ALTER TABLE external_identities DROP CONSTRAINT external_identities_issuer_subject_key;
ALTER TABLE external_identities ADD CONSTRAINT external_identities_issuer_subject_key UNIQUE (issuer, subject, user_id);

-- Guesses are counted per account and, for devices that the account knows, per device.
DROP INDEX login_attempts_account_hash_idx;
CREATE INDEX login_attempts_account_hash_idx ON login_attempts (account_hash, device_id, at) WHERE NOT succeeded;
