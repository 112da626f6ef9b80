-- Up Migration

CREATE TABLE idempotency_keys (
  user_id INTEGER NOT NULL,
  operation TEXT NOT NULL,
  key VARCHAR(255) NOT NULL,
  body_hash TEXT NOT NULL,
  status INTEGER,
  headers JSONB,
  body JSON,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, operation, key)
);
CREATE INDEX idempotency_keys_created_at_idx ON idempotency_keys (created_at);
COMMENT ON COLUMN idempotency_keys.status IS 'NULL while the first request runs';

CREATE TABLE audit_events (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
  actor_id INTEGER,
  actor_name TEXT,
  roles TEXT[] NOT NULL DEFAULT '{}',
  action TEXT NOT NULL,
  patient_id BIGINT,
  outcome TEXT NOT NULL CHECK (outcome IN ('success', 'denied', 'refused')),
  problem TEXT,
  request_id TEXT,
  address TEXT,
  purpose TEXT,
  details JSONB,
  mac BYTEA
);
COMMENT ON COLUMN audit_events.mac IS 'Signature of the service that wrote the row; rows without a valid one are never sealed';
CREATE INDEX audit_events_at_idx ON audit_events (at, id);
CREATE INDEX audit_events_patient_id_idx ON audit_events (patient_id, id) WHERE patient_id IS NOT NULL;
CREATE INDEX audit_events_actor_id_idx ON audit_events (actor_id, id);
SELECT scheduling.append_only('audit_events');

-- The chain is the owner's alone: who can write rows must not be able to seal them.
CREATE TABLE audit_seals (
  seq BIGINT PRIMARY KEY,
  event_id BIGINT NOT NULL,
  hash BYTEA NOT NULL,
  sealed_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT audit_seals_event_id_key UNIQUE (event_id)
);
COMMENT ON TABLE audit_seals IS 'Hash chain over audit_events: hash = sha-256(hash before, digest of the row)';
SELECT scheduling.owner_only('audit_seals');

-- Copies of identity's users, kept true by events; a row is never deleted, its status tells.
CREATE TABLE staff (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  status VARCHAR(50) NOT NULL DEFAULT 'active',
  version INTEGER NOT NULL DEFAULT 0
);
COMMENT ON TABLE staff IS 'Every user of the hospital';

CREATE TABLE doctors (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  email TEXT,
  status VARCHAR(50) NOT NULL DEFAULT 'active',
  version INTEGER NOT NULL DEFAULT 0
);
COMMENT ON TABLE doctors IS 'Users who are doctors, or were: their records and appointments stay';
CREATE INDEX doctors_status_idx ON doctors (status);
