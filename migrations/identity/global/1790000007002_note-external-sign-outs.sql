-- Up Migration

-- Tokens of identity providers have no session here: those issued before this are not accepted any more.
ALTER TABLE external_identities ADD COLUMN signed_out_at TIMESTAMPTZ;
