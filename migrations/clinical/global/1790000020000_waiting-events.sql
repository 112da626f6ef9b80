-- Up Migration

-- Events of hospitals that cannot be served at the moment: no schema yet, a table missing or locked. A consumer puts them
-- here, so that it goes on with the other hospitals' events, and takes them out again when the hospital is well.
CREATE TABLE waiting_events (
  consumer TEXT NOT NULL,
  event_id TEXT NOT NULL,
  tenant_id VARCHAR(255) NOT NULL,
  sequence BIGINT GENERATED ALWAYS AS IDENTITY,
  envelope JSONB NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  waiting_since TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (consumer, event_id),
  CONSTRAINT waiting_events_one_tenant CHECK (envelope ->> 'tenantid' = tenant_id AND envelope ->> 'id' = event_id)
);
CREATE INDEX waiting_events_order_idx ON waiting_events (consumer, tenant_id, sequence);
COMMENT ON TABLE waiting_events IS 'Events that a consumer could not handle because of their hospital''s state, in order';
COMMENT ON COLUMN waiting_events.tries IS 'Tries that failed by the event itself, the hospital being well';

DO $$
DECLARE
  global_role text := current_setting('app.role_prefix') || '_global';
BEGIN
  ALTER TABLE waiting_events ENABLE ROW LEVEL SECURITY;
  EXECUTE format('CREATE POLICY every_tenant ON waiting_events TO %I USING (true) WITH CHECK (true)', global_role);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON waiting_events TO %I', global_role);
END $$;
