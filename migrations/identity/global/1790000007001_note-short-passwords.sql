-- Up Migration

-- With a second factor a shorter password is accepted; without it the account can do nothing until there is one again.
ALTER TABLE users ADD COLUMN password_needs_mfa BOOLEAN NOT NULL DEFAULT false;
