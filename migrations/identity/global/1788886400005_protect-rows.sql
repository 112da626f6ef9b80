-- Up Migration

-- Two roles reach these tables: the tenant's, which row-level security holds to the transaction's tenant, and the global
-- one, for what happens before a tenant is known (sign-in, relay, operators). Both names start with the database's.
DO $$
DECLARE
  prefix text := current_setting('app.role_prefix');
  tenant_role text := prefix || '_tenant';
  global_role text := prefix || '_global';
  item record;
BEGIN
  EXECUTE format('GRANT USAGE ON SCHEMA public TO %I, %I', tenant_role, global_role);
  FOR item IN
    SELECT * FROM (VALUES
      ('tenants', 'id = current_setting(''app.tenant_id'')', 'SELECT, UPDATE'),
      ('users', 'tenant_id = current_setting(''app.tenant_id'')', 'SELECT, INSERT, UPDATE'),
      ('user_verification', 'tenant_id = current_setting(''app.tenant_id'')', 'SELECT, INSERT, UPDATE, DELETE'),
      ('sessions', 'tenant_id = current_setting(''app.tenant_id'')', 'SELECT, INSERT, UPDATE, DELETE'),
      ('idempotency_keys', 'tenant_id = current_setting(''app.tenant_id'')', 'SELECT, INSERT, UPDATE, DELETE'),
      ('audit_events', 'tenant_id = current_setting(''app.tenant_id'')', 'SELECT, INSERT'),
      ('outbox', 'tenant_id = current_setting(''app.tenant_id'')', 'INSERT'),
      ('inbox', 'tenant_id = current_setting(''app.tenant_id'')', 'INSERT'),
      ('refresh_tokens', 'EXISTS (SELECT FROM sessions s WHERE s.id = session_id)', 'SELECT, INSERT, UPDATE, DELETE'),
      ('mfa_totp', 'EXISTS (SELECT FROM users u WHERE u.id = user_id)', 'SELECT, INSERT, UPDATE, DELETE'),
      ('mfa_recovery_codes', 'EXISTS (SELECT FROM users u WHERE u.id = user_id)', 'SELECT, INSERT, UPDATE, DELETE'),
      ('mfa_challenges', 'EXISTS (SELECT FROM users u WHERE u.id = user_id)', 'SELECT, INSERT, UPDATE, DELETE'),
      ('external_identities', 'EXISTS (SELECT FROM users u WHERE u.id = user_id)', 'SELECT, INSERT, UPDATE, DELETE'),
      ('known_devices', 'EXISTS (SELECT FROM users u WHERE u.id = user_id)', 'SELECT, INSERT, UPDATE, DELETE'),
      ('user_roles',
       'EXISTS (SELECT FROM users u WHERE u.id = user_id) AND EXISTS (SELECT FROM roles r WHERE r.id = role_id)',
       'SELECT, INSERT, UPDATE, DELETE')
    ) AS t (name, own, rights)
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', item.name);
    EXECUTE format('CREATE POLICY own_tenant ON %I TO %I USING (%s) WITH CHECK (%s)',
      item.name, tenant_role, item.own, item.own);
    EXECUTE format('CREATE POLICY every_tenant ON %I TO %I USING (true) WITH CHECK (true)', item.name, global_role);
    EXECUTE format('GRANT %s ON %I TO %I', item.rights, item.name, tenant_role);
  END LOOP;

  -- Built-in roles are everybody's to see and nobody's to change.
  ALTER TABLE roles ENABLE ROW LEVEL SECURITY;
  EXECUTE format('CREATE POLICY visible ON roles FOR SELECT TO %I
    USING (tenant_id IS NULL OR tenant_id = current_setting(''app.tenant_id''))', tenant_role);
  EXECUTE format('CREATE POLICY own_inserted ON roles FOR INSERT TO %I
    WITH CHECK (tenant_id = current_setting(''app.tenant_id''))', tenant_role);
  EXECUTE format('CREATE POLICY own_updated ON roles FOR UPDATE TO %I
    USING (tenant_id = current_setting(''app.tenant_id''))', tenant_role);
  EXECUTE format('CREATE POLICY own_deleted ON roles FOR DELETE TO %I
    USING (tenant_id = current_setting(''app.tenant_id''))', tenant_role);
  EXECUTE format('CREATE POLICY every_tenant ON roles TO %I USING (true) WITH CHECK (true)', global_role);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON roles TO %I', tenant_role);

  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON tenants, users, roles, user_roles, user_verification, sessions,
    refresh_tokens, mfa_totp, mfa_recovery_codes, mfa_challenges, external_identities, login_attempts, known_devices,
    outbox, inbox, idempotency_keys TO %I', global_role);
  EXECUTE format('GRANT SELECT, INSERT ON audit_events TO %I', global_role);

  -- The chain is the owner's alone: who can write rows must not be able to seal them.
  ALTER TABLE audit_seals ENABLE ROW LEVEL SECURITY;
  ALTER TABLE login_attempts ENABLE ROW LEVEL SECURITY;
  EXECUTE format('CREATE POLICY every_tenant ON login_attempts TO %I USING (true) WITH CHECK (true)', global_role);
END $$;
