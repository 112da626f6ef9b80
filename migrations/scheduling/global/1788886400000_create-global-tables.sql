-- Up Migration

CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA extensions;
CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA extensions;
CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA extensions;
-- Changes a setting of the session, which the next tenant on the connection would inherit.
REVOKE EXECUTE ON FUNCTION extensions.set_limit(real) FROM PUBLIC;

-- Tenants that have, or shall have, a schema here; identity says which.
CREATE TABLE tenants (
  id VARCHAR(255) PRIMARY KEY,
  status VARCHAR(50) NOT NULL DEFAULT 'active',
  version INTEGER NOT NULL DEFAULT 0,
  settings JSONB NOT NULL DEFAULT '{}',
  created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE TABLE tenant_migrations (
  tenant_id VARCHAR(255) PRIMARY KEY,
  version VARCHAR(255),
  failed_migration VARCHAR(255),
  failure TEXT,
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
COMMENT ON TABLE tenant_migrations IS 'Newest migration of each tenant, and why the last run failed for it';

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

-- For tenant migrations: rows of this table can be added and read by the tenant, never changed.
CREATE FUNCTION append_only(target regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('REVOKE UPDATE, DELETE ON %s FROM %I', target, current_setting('app.tenant_role'));
END $$;
REVOKE EXECUTE ON FUNCTION append_only(regclass) FROM PUBLIC;

-- For tenant migrations: the tenant cannot reach this table at all.
CREATE FUNCTION owner_only(target regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('REVOKE ALL ON %s FROM %I', target, current_setting('app.tenant_role'));
END $$;
REVOKE EXECUTE ON FUNCTION owner_only(regclass) FROM PUBLIC;

-- Every tenant's role is a member of the first; inGlobal runs as the second and reaches nothing but these tables.
DO $$
DECLARE
  prefix text := current_setting('app.role_prefix');
  tenant_role text := prefix || '_tenant';
  global_role text := prefix || '_global';
  item text;
BEGIN
  EXECUTE format('GRANT USAGE ON SCHEMA scheduling TO %I, %I', tenant_role, global_role);
  FOREACH item IN ARRAY ARRAY['outbox', 'inbox'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', item);
    EXECUTE format('CREATE POLICY own_tenant ON %I FOR INSERT TO %I
      WITH CHECK (tenant_id = current_setting(''app.tenant_id''))', item, tenant_role);
    EXECUTE format('CREATE POLICY every_tenant ON %I TO %I USING (true) WITH CHECK (true)', item, global_role);
    EXECUTE format('GRANT INSERT ON %I TO %I', item, tenant_role);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO %I', item, global_role);
  END LOOP;
  EXECUTE format('GRANT SELECT, INSERT, UPDATE ON tenants TO %I', global_role);
  EXECUTE format('GRANT SELECT ON tenant_migrations TO %I', global_role);
END $$;
