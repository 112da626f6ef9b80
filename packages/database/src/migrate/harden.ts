import type pg from 'pg'
import { type DatabaseRoles, quoted } from '../names.ts'

/**
 * Functions that a query could use to leave its tenant, and that PUBLIC may call by default:
 * - set_config changes the role; the *_to_xml family, ts_stat and ts_rewrite run SQL that they get as text;
 * - large objects, NOTIFY, session locks and logical messages are shared by all tenants;
 * - sizes and statistics tell about other tenants' tables; files and signals are for operators.
 */
const dangerousFunctions = [
  'set_config',
  '(query|table|schema|database|cursor)_to_xml.*',
  'ts_stat',
  'ts_rewrite',
  'lo_.*',
  'loread',
  'lowrite',
  'pg_notify',
  'pg_(try_)?advisory_(lock|unlock).*',
  'pg_logical_.*',
  'pg_replication_.*',
  'pg_stat_.*',
  'pg_(total_)?relation_.*',
  'pg_(table|indexes|database|tablespace)_size',
  'pg_lock_status',
  'pg_blocking_pids',
  'pg_(cancel|terminate)_backend',
  'pg_read_.*',
  'pg_ls_.*',
  'pg_export_snapshot',
  'pg_prepared_xact',
].join('|')

/** Catalogue tables and views tell names, row counts and texts of other tenants; transactions need none of them. */
const closeCatalogue = `
  DO $$
  DECLARE item record;
  BEGIN
    FOR item IN
      SELECT p.oid::regprocedure AS name FROM pg_proc p
      WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'f'
        AND p.proname ~ ('^(' || current_setting('app.dangerous') || ')$')
        AND EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
                    WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE')
    LOOP
      EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', item.name);
      EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO CURRENT_USER', item.name);
    END LOOP;
    FOR item IN
      SELECT c.oid::regclass AS name FROM pg_class c
      WHERE c.relnamespace IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
        AND c.relkind IN ('r', 'v')
        AND EXISTS (SELECT FROM aclexplode(c.relacl) a WHERE a.grantee = 0)
    LOOP
      EXECUTE format('REVOKE ALL ON %s FROM PUBLIC', item.name);
      EXECUTE format('GRANT SELECT ON %s TO CURRENT_USER', item.name);
    END LOOP;
  END $$;
  REVOKE USAGE ON LANGUAGE plpgsql, sql FROM PUBLIC;
  GRANT USAGE ON LANGUAGE plpgsql, sql TO CURRENT_USER;
`

/** What the hostile SQL test relies on; false when the owner connection was not allowed to change pg_catalog. */
const isClosed = `
  SELECT NOT EXISTS (
    SELECT FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
    WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname IN ('set_config', 'query_to_xml', 'lo_create')
      AND a.grantee = 0
  ) AS closed
`

/**
 * Takes from PUBLIC, in this database, what could reach another tenant. Runs at every migration and changes nothing the
 * second time. Needs a superuser once, because the functions belong to PostgreSQL itself.
 */
export async function hardenDatabase(client: pg.Client, roles: DatabaseRoles): Promise<void> {
  await client.query("SELECT set_config('app.dangerous', $1, false)", [dangerousFunctions])
  await client.query(closeCatalogue)
  const { rows } = await client.query<{ closed: boolean }>(isClosed)
  if (rows[0]?.closed !== true) {
    throw new Error(
      'The owner connection cannot revoke EXECUTE on set_config from PUBLIC: run the migrations once as a superuser',
    )
  }
  // The login role sets the tenant's role and limits; after that it is the tenant role, which may not.
  await client.query(`
    GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO ${quoted(roles.app)};
    ALTER ROLE ${quoted(roles.app)} SET timezone TO 'UTC';
    ALTER ROLE ${quoted(roles.app)} SET datestyle TO 'ISO, YMD';
  `)
}
