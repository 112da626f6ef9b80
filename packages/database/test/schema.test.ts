import type { ServiceName } from '@hospital/database'
import { startPostgres, testDatabase } from '@hospital/testing'
import t from 'tap'

const server = await startPostgres()
t.teardown(() => server.stop())

const schemasOf = {
  identity: ['public'],
  clinical: ['hospital_a', 'clinical'],
  scheduling: ['hospital_a', 'scheduling'],
}

/** What every migration has to keep, whoever writes it: each query answers with what breaks the rule. */
const rules: Record<string, string> = {
  'a foreign key stays inside its schema': `
    SELECT conrelid::regclass || ' → ' || confrelid::regclass AS broken FROM pg_constraint k
    JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid
    WHERE k.contype = 'f' AND c.relnamespace <> f.relnamespace AND $1::text[] IS NOT NULL`,
  // Who did something, or where a row came from, is looked up the other way round and needs none.
  'a foreign key that lists filter by has an index that starts with it': `
    SELECT k.conrelid::regclass || '.' || k.conname AS broken FROM pg_constraint k
    JOIN pg_class c ON c.oid = k.conrelid
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
    WHERE k.contype = 'f' AND c.relnamespace::regnamespace::text = ANY($1)
      AND a.attname IN ('patient_id', 'doctor_id', 'medical_record_id', 'ordered_by', 'user_id', 'session_id', 'role_id')
      AND NOT EXISTS (
      SELECT FROM pg_index i WHERE i.indrelid = k.conrelid
        AND (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey)`,
  'a table has a primary key': `
    SELECT c.oid::regclass::text AS broken FROM pg_class c
    WHERE c.relkind = 'r' AND c.relnamespace::regnamespace::text = ANY($1)
      AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p')`,
  'an instant has a zone': `
    SELECT a.attrelid::regclass || '.' || a.attname AS broken FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relkind = 'r' AND c.relname <> 'pgmigrations' AND c.relnamespace::regnamespace::text = ANY($1)
      AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid = 'timestamp'::regtype`,
  'a function with the rights of the owner fixes its search_path and is nobody else’s to call': `
    SELECT p.oid::regprocedure::text AS broken FROM pg_proc p
    WHERE p.prosecdef AND p.pronamespace::regnamespace::text = ANY($1)
      AND (NOT EXISTS (SELECT FROM unnest(p.proconfig) s WHERE s LIKE 'search_path=%')
        OR EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE a.grantee = 0))`,
  'PUBLIC has rights on nothing': `
    SELECT c.oid::regclass::text AS broken FROM pg_class c, aclexplode(c.relacl) a
    WHERE a.grantee = 0 AND c.relnamespace::regnamespace::text = ANY($1)`,
  'no tenant role reaches another schema, and none may truncate, reference or alter': `
    SELECT format('%s has %s on %s', r.rolname, a.privilege_type, c.oid::regclass) AS broken
    FROM pg_class c, aclexplode(c.relacl) a JOIN pg_roles r ON r.oid = a.grantee
    WHERE r.rolname LIKE 't\\_%' AND $1::text[] IS NOT NULL
      AND (right(r.rolname, length(c.relnamespace::regnamespace::text)) <> c.relnamespace::regnamespace::text
        OR a.privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'USAGE'))`,
  'shared tables are behind row-level security': `
    SELECT c.oid::regclass::text AS broken FROM pg_class c
    WHERE c.relkind = 'r' AND NOT c.relrowsecurity AND c.relnamespace = 'public'::regnamespace
      AND $1::text[] IS NOT NULL AND c.relname <> 'pgmigrations'`,
}

for (const service of Object.keys(schemasOf) as ServiceName[]) {
  t.test(`${service}: the rules every migration keeps`, async (t) => {
    const database = await testDatabase(service, server)
    t.teardown(database.close)
    for (const [rule, query] of Object.entries(rules)) {
      t.same(await database.query(query, [schemasOf[service]]), [], rule)
    }
  })
}
