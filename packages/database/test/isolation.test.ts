import { setTimeout as sleep } from 'node:timers/promises'
import { createDatabase, type Database, globalSchema, sql, type TenantContext, tenantRole } from '@hospital/database'
import { startPostgres, testDatabase } from '@hospital/testing'
import { Type } from '@sinclair/typebox'
import pg from 'pg'
import t, { type Test as TestBase } from 'tap'

const server = await startPostgres()
t.teardown(() => server.stop())

const Name = Type.Object({ name: Type.String() })
const canary = 'CANARY-of-hospital-b'
const a: TenantContext = { tenantId: 'hospital_a', userId: 1, requestId: 'hostile' }
const b: TenantContext = { ...a, tenantId: 'hospital_b' }

/** What an attacker would have achieved: any text as a statement. The product has no such door. */
const hostile = (text: string) => {
  const parts = Object.freeze([text])
  return sql.unsafe(Object.freeze(Object.assign([text], { raw: parts })) as unknown as TemplateStringsArray)
}

/** Refused, or answered with nothing of the other hospital. */
async function assertHarmless(test: TestBase, database: Database, text: string): Promise<string> {
  const result = await database
    .inTenant(a, async (tx) => JSON.stringify(await tx.any(hostile(text))))
    .catch((error: Error) => `refused: ${error.message}`)
  test.notMatch(result, canary, text)
  const own = await database.inTenant(a, (tx) => tx.anyFirst(sql.type(Name)`SELECT name FROM staff`))
  test.same(own, ['own'], `the next transaction is hospital_a's own again after ${text}`)
  return result
}

t.test('hostile SQL in a service with a schema per tenant', async (t) => {
  const test = await testDatabase('clinical', server)
  const database = await createDatabase({
    url: test.url,
    service: 'clinical',
    schema: globalSchema('clinical'),
    maxPoolSize: 1,
  })
  t.teardown(async () => {
    await database.close()
    await test.close()
  })
  const roleOfB = tenantRole(test.prefix, 'hospital_b')
  for (const context of [a, b]) {
    const name = context === b ? canary : 'own'
    await database.inTenant(context, (tx) => tx.query(sql.unsafe`INSERT INTO staff (id, name) VALUES (1, ${name})`))
  }
  const [{ oid } = { oid: 0 }] = await test.query<{ oid: number }>("SELECT 'hospital_b.staff'::regclass::oid AS oid")

  const refused = [
    'SELECT name FROM staff UNION ALL SELECT name FROM hospital_b.staff',
    'SELECT 1; SELECT name FROM hospital_b.staff',
    'SELECT 1; RESET ROLE',
    `SELECT 1; SET ROLE "${roleOfB}"`,
    'SELECT 1; COMMIT',
    `SELECT set_config('role', '${roleOfB}', true)`,
    `SELECT set_config('role', 'none', false)`,
    `SELECT pg_catalog.set_config('app.tenant_id', 'hospital_b', true)`,
    `UPDATE pg_catalog.pg_settings SET setting = '${roleOfB}' WHERE name = 'role'`,
    'RESET ROLE',
    'RESET ALL',
    `SET ROLE "${roleOfB}"`,
    `SET LOCAL ROLE "${roleOfB}"`,
    'SET SESSION AUTHORIZATION DEFAULT',
    'SET search_path TO hospital_b',
    '/* */ RESET ROLE',
    '-- \nRESET ROLE',
    'COMMIT',
    'ROLLBACK',
    'BEGIN',
    'DISCARD ALL',
    `DO $$ BEGIN EXECUTE 'SET ROLE "${roleOfB}"'; END $$`,
    'COPY hospital_b.staff TO STDOUT',
    "COPY staff TO PROGRAM 'cat'",
    'PREPARE x AS SELECT 1',
    'EXPLAIN ANALYZE EXECUTE x',
    'EXPLAIN ANALYZE SELECT * FROM hospital_b.staff',
    'DECLARE c CURSOR WITH HOLD FOR SELECT 1',
    'LISTEN clinical_outbox',
    'CREATE TEMP TABLE mine (id int)',
    'SELECT 1 AS id INTO TEMP mine',
    'SELECT 1 AS id INTO mine',
    'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
    "SELECT query_to_xml('SELECT * FROM hospital_b.staff', true, true, '')",
    "SELECT query_to_xml('RESET ROLE', true, true, '')",
    "SELECT table_to_xml('hospital_b.staff', true, true, '')",
    "SELECT schema_to_xml('hospital_b', true, true, '')",
    "SELECT database_to_xml(true, true, '')",
    "SELECT cursor_to_xml('c', 1, true, true, '')",
    "SELECT * FROM ts_stat('SELECT to_tsvector(name) FROM hospital_b.staff')",
    "SELECT ts_rewrite('a'::tsquery, 'SELECT ''a''::tsquery, name::tsquery FROM hospital_b.staff')",
    "SELECT * FROM dblink('dbname=postgres', 'SELECT 1') AS x (y int)",
    "SELECT lo_from_bytea(0, 'x')",
    'SELECT lo_create(0)',
    'SELECT lo_get(1)',
    "SELECT lo_import('/etc/passwd')",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_ls_dir('.')",
    "SELECT pg_notify('clinical_outbox', '')",
    'SELECT pg_advisory_lock(1)',
    'SELECT pg_terminate_backend(1)',
    "SELECT pg_logical_emit_message(false, 'a', 'b')",
    'SELECT * FROM pg_class',
    'SELECT nspname FROM pg_namespace',
    'SELECT rolname FROM pg_roles',
    'SELECT * FROM pg_stats',
    'SELECT * FROM pg_stat_activity',
    'SELECT * FROM pg_stat_user_tables',
    'SELECT * FROM pg_locks',
    'SELECT * FROM pg_largeobject',
    'SELECT * FROM information_schema.tables',
    `SELECT pg_relation_size(${oid}::oid)`,
    `SELECT pg_stat_get_live_tuples(${oid}::oid)`,
    'SELECT last_value FROM hospital_b.audit_events_id_seq',
    "SELECT setval('hospital_b.audit_events_id_seq', 1)",
    "INSERT INTO hospital_b.staff (id, name) VALUES (2, 'mine')",
    "MERGE INTO hospital_b.staff s USING (SELECT 1 AS id) x ON s.id = x.id WHEN MATCHED THEN UPDATE SET name = ''",
    'WITH x AS (DELETE FROM hospital_b.staff RETURNING name) SELECT * FROM x',
    'SELECT * FROM clinical.outbox',
    'DELETE FROM clinical.outbox',
    'UPDATE clinical.outbox SET published_at = now()',
    'SELECT * FROM clinical.inbox',
    'SELECT * FROM clinical.tenants',
    'SELECT * FROM clinical.tenant_migrations',
    `INSERT INTO clinical.outbox (id, tenant_id, subject, envelope) VALUES ('00000000-0000-4000-8000-000000000001',
      'hospital_b', 'clinical.hospital_b.x.y.v1', '{"id": "00000000-0000-4000-8000-000000000001", "tenantid": "hospital_b"}')`,
    `INSERT INTO clinical.outbox (id, tenant_id, subject, envelope) VALUES ('00000000-0000-4000-8000-000000000001',
      'hospital_a', 'clinical.hospital_b.x.y.v1', '{"id": "00000000-0000-4000-8000-000000000001", "tenantid": "hospital_a"}')`,
    "SELECT clinical.append_only('staff')",
    "UPDATE audit_events SET action = 'x'",
    'DELETE FROM audit_events',
    'TRUNCATE audit_events',
    'SELECT * FROM audit_seals',
    'INSERT INTO audit_seals (seq, event_id, hash) VALUES (1, 1, decode(md5(random()::text), $$hex$$))',
    'DELETE FROM pgmigrations',
    'SELECT extensions.set_limit(0.1)',
  ]
  for (const text of refused) t.match(await assertHarmless(t, database, text), /^refused/, `refused: ${text}`)

  t.test('the login role itself reaches nothing', async (t) => {
    const client = new pg.Client({ connectionString: test.url })
    await client.connect()
    t.teardown(() => client.end())
    for (const text of [
      'SELECT * FROM hospital_b.staff',
      'SELECT * FROM clinical.outbox',
      'CREATE TABLE x (id int)',
      'CREATE ROLE x',
    ]) {
      await t.rejects(client.query(text), /permission denied|no schema/, text)
    }
    const { rows } = await client
      .query(
        'SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolinherit AS powerful FROM pg_roles WHERE rolname = current_user',
      )
      .catch(() => ({ rows: [] }))
    t.same(rows, [], 'not even the catalogue')
  })

  t.test('the global role reaches no tenant', async (t) => {
    for (const text of [
      'SELECT * FROM hospital_b.staff',
      `SELECT set_config('role', '${roleOfB}', true)`,
      'SELECT 1; RESET ROLE',
    ]) {
      await t.rejects(
        database.inGlobal((tx) => tx.any(hostile(text))),
        /permission denied|multiple commands/,
        text,
      )
    }
  })

  t.test('a handle dies with its transaction', async (t) => {
    const kept = await database.inTenant(a, async (tx) => tx)
    await t.rejects(kept.any(sql.unsafe`SELECT name FROM staff`), /transaction is over/)
    await database.inTenant(b, () => t.rejects(kept.any(sql.unsafe`SELECT name FROM staff`), /transaction is over/))
  })

  t.test('an id that is no schema name never reaches SQL', async (t) => {
    for (const tenantId of ['hospital_b", public --', 'HOSPITAL_B', '', 'pg_catalog', 'a', 'x'.repeat(64)]) {
      await t.rejects(
        database.inTenant({ ...a, tenantId }, async () => 1),
        /Not a tenant id/,
        tenantId,
      )
    }
  })
})

t.test('hostile SQL in identity, where tenants share tables', async (t) => {
  const test = await testDatabase('identity', server)
  const database = await createDatabase({ url: test.url, service: 'identity', schema: 'public', maxPoolSize: 1 })
  t.teardown(async () => {
    await database.close()
    await test.close()
  })
  await test.query(
    "INSERT INTO tenants (id, name) VALUES ('hospital_a', 'A'), ('hospital_b', 'B') ON CONFLICT DO NOTHING",
  )
  await test.query(`INSERT INTO users (id, name, email, tenant_id) OVERRIDING SYSTEM VALUE
    VALUES (101, 'own', 'a@a.org', 'hospital_a'), (102, '${canary}', 'b@b.org', 'hospital_b')`)
  await test.query(`INSERT INTO roles (id, name, description, tenant_id) OVERRIDING SYSTEM VALUE
    VALUES (901, 'Porter', '${canary}', 'hospital_b'), (902, 'Porter', 'own', 'hospital_a')`)
  await test.query(
    "INSERT INTO sessions (tenant_id, user_id, address, expires_at) VALUES ('hospital_b', 102, $1, now())",
    [canary],
  )
  await test.query('INSERT INTO mfa_totp (user_id, secret) VALUES (102, $1)', [canary])

  const own = await database.inTenant(a, (tx) => tx.anyFirst(sql.type(Name)`SELECT name FROM users`))
  t.same(own, ['own'])
  const seen = [
    'SELECT * FROM users',
    'SELECT * FROM users WHERE id = 102 OR true',
    'SELECT * FROM roles',
    'SELECT * FROM sessions',
    'SELECT * FROM mfa_totp',
    'SELECT * FROM tenants',
    "UPDATE users SET name = 'x' WHERE id = 102 RETURNING *",
    'WITH x AS (UPDATE sessions SET ended_at = now() RETURNING *) SELECT * FROM x',
  ]
  const run = async (text: string) =>
    database
      .inTenant(a, async (tx) => JSON.stringify(await tx.any(hostile(text))))
      .catch((error: Error) => `refused: ${error.message}`)
  for (const text of seen) t.notMatch(await run(text), canary, text)
  for (const text of [
    "INSERT INTO users (name, email, tenant_id) VALUES ('x', 'x@x.org', 'hospital_b')",
    "UPDATE users SET tenant_id = 'hospital_b' WHERE id = 101",
    'INSERT INTO user_roles (user_id, role_id) VALUES (102, 1)',
    'INSERT INTO user_roles (user_id, role_id) VALUES (101, 901)',
    "UPDATE roles SET permissions = '{users.manage}' WHERE tenant_id IS NULL RETURNING (1 / 0)",
    "INSERT INTO roles (name, tenant_id) VALUES ('Superuser', NULL)",
    "INSERT INTO roles (name, tenant_id) VALUES ('operator', 'hospital_a')",
    "INSERT INTO tenants (id, name) VALUES ('mine', 'Mine')",
    'SELECT * FROM login_attempts',
    'SELECT * FROM outbox',
    'SELECT * FROM audit_seals',
    'DELETE FROM audit_events',
    `SELECT set_config('app.tenant_id', 'hospital_b', true)`,
    'DELETE FROM users WHERE id = 101',
  ]) {
    const result = await run(text)
    t.match(result, /^refused|^\[\]$/, text)
  }
  const [left] = await test.query("SELECT count(*)::int AS n FROM roles WHERE permissions <> '{}'")
  t.same(left, { n: 0 }, 'built-in roles are as they were')
  t.same(await test.query('SELECT name, tenant_id FROM users WHERE id IN (101, 102) ORDER BY id'), [
    { name: 'own', tenant_id: 'hospital_a' },
    { name: canary, tenant_id: 'hospital_b' },
  ])
})

t.test('connections killed and cancelled at random never show a foreign row', async (t) => {
  const test = await testDatabase('clinical', server)
  const database = await createDatabase({ url: test.url, service: 'clinical', schema: 'clinical', maxPoolSize: 4 })
  t.teardown(async () => {
    await database.close()
    await test.close()
  })
  const Named = Type.Object({ name: Type.String(), role: Type.String() })
  for (const context of [a, b]) {
    await database.inTenant(context, (tx) =>
      tx.query(sql.unsafe`INSERT INTO staff (id, name) VALUES (1, ${context.tenantId})`),
    )
  }
  let served = 0
  let lost = 0
  // Until enough was served and enough was lost, however fast the machine is.
  const giveUpAt = Date.now() + 30_000
  const goesOn = () => (served < 200 || lost < 20) && Date.now() < giveUpAt
  const load = async (context: TenantContext) => {
    while (goesOn()) {
      try {
        const row = await database.inTenant(context, (tx) =>
          tx.one(sql.type(Named)`SELECT name, current_user::text AS role FROM staff`),
        )
        if (row.name !== context.tenantId || !row.role.endsWith(context.tenantId))
          t.fail(`${context.tenantId} saw ${row.name}`)
        served += 1
      } catch {
        lost += 1
      }
    }
  }
  const disturb = async () => {
    for (let round = 0; goesOn(); round++) {
      const kill = round % 2 === 0 ? 'pg_terminate_backend' : 'pg_cancel_backend'
      await test.query(`SELECT ${kill}(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'hospital-clinical' ORDER BY random() LIMIT 1`)
      await sleep(15)
    }
  }
  await Promise.all([load(a), load(b), load(a), load(b), load(a), load(b), disturb()])
  t.ok(served >= 200 && lost >= 20, `${served} answers, ${lost} lost to the killing`)
  t.ok(await database.isReady(), 'the pool has healed')
})
