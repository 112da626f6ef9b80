-- Up Migration

CREATE TABLE outbox (
  sequence BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id UUID NOT NULL,
  tenant_id VARCHAR(255) NOT NULL,
  subject TEXT NOT NULL,
  envelope JSONB NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
  published_at TIMESTAMPTZ,
  CONSTRAINT outbox_id_key UNIQUE (id),
  -- Whoever writes cannot say one hospital in the row and another in the message.
  CONSTRAINT outbox_one_tenant CHECK (
    split_part(subject, '.', 2) = tenant_id AND envelope ->> 'tenantid' = tenant_id AND envelope ->> 'id' = id::text
  )
);
CREATE INDEX outbox_unpublished_idx ON outbox (sequence) WHERE published_at IS NULL;

-- Events that a consumer has handled; '' is the tenant of work that has none.
CREATE TABLE inbox (
  tenant_id VARCHAR(255) NOT NULL,
  consumer TEXT NOT NULL,
  event_id TEXT NOT NULL,
  received_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, consumer, event_id)
);
CREATE INDEX inbox_received_at_idx ON inbox (received_at);

-- Runs as the owner: nobody else may NOTIFY.
CREATE FUNCTION wake_relay() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  PERFORM pg_notify(TG_TABLE_SCHEMA || '_outbox', '');
  RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION wake_relay() FROM PUBLIC;
CREATE TRIGGER outbox_wake_relay AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION wake_relay();

CREATE TABLE idempotency_keys (
  tenant_id VARCHAR(255) NOT NULL DEFAULT coalesce(nullif(current_setting('app.tenant_id', true), ''), 'platform'),
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
  tenant_id VARCHAR(255) NOT NULL DEFAULT coalesce(nullif(current_setting('app.tenant_id', true), ''), 'platform'),
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
CREATE INDEX audit_events_tenant_id_at_idx ON audit_events (tenant_id, at, id);
CREATE INDEX audit_events_actor_id_idx ON audit_events (actor_id, id);
CREATE INDEX audit_events_tenant_id_id_idx ON audit_events (tenant_id, id);

CREATE TABLE audit_seals (
  tenant_id VARCHAR(255) NOT NULL,
  seq BIGINT NOT NULL,
  event_id BIGINT NOT NULL,
  hash BYTEA NOT NULL,
  sealed_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, seq),
  CONSTRAINT audit_seals_event_id_key UNIQUE (event_id)
);
COMMENT ON TABLE audit_seals IS 'Hash chain over audit_events per tenant: hash = sha-256(hash before, digest of the row)';
