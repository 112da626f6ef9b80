import { randomBytes } from 'node:crypto'
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createDatabase,
  ensureDatabase,
  findDrift,
  listTenants,
  migrateService,
  migrationStatus,
  migrationsDirectory,
  provisionTenant,
  runtimeUrl,
  sql,
  withOwner,
} from '@hospital/database'
import { startPostgres, type TestPostgres, withDatabase } from '@hospital/testing'
import { Type } from '@sinclair/typebox'
import t, { type Test } from 'tap'

const appPassword = 'password-of-the-runtime-role'
const blockingRow = '1788886400000_create-tenants-table'
const tenants = [
  ['tenant_1762083064503', 'City General Hospital', 'pro'],
  ['tenant_1762083064504', 'Riverside Medical Center', 'basic'],
  ['tenant_1762276589673', 'St Mary Clinic', 'pro'],
  ['demo_hospital_001', "O'Brien Children Hospital", 'trial'],
  ['demo_hospital_002', 'Northern Heart Institute', 'pro'],
] as const
const ids = tenants.map(([id]): string => id)
const [firstId] = tenants[0]
const bad = 'tenant_1762276589673'

let server: TestPostgres
t.before(async () => {
  server = await startPostgres()
})
t.teardown(() => server.stop())

/** A database of its own for a test, and its URL for the owner. */
async function newDatabase(test: Test): Promise<string> {
  const name = `adopt_${randomBytes(5).toString('hex')}`
  const url = withDatabase(server.url, name)
  await ensureDatabase(url)
  test.teardown(() =>
    withOwner(server.url, async (owner) => {
      for (const database of [name, `${name}_clinical`, `${name}_scheduling`]) {
        await owner.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`)
      }
    }),
  )
  return url
}

const rows = (url: string, text: string) => withOwner(url, async (owner) => (await owner.query(text)).rows)

/** What hospitals run today: requirements.md §1. */
async function partialDatabase(url: string, history: 'none' | 'empty' | 'blocking' | 'foreign'): Promise<void> {
  await withOwner(url, async (owner) => {
    await owner.query(`CREATE TABLE tenants (
      id VARCHAR(255) PRIMARY KEY, name VARCHAR(255) NOT NULL, email VARCHAR(255) NOT NULL, plan VARCHAR(50),
      status VARCHAR(20) DEFAULT 'active', joindate TIMESTAMP NOT NULL, beds INTEGER NOT NULL
    )`)
    for (const [at, [id, name, plan]] of tenants.entries()) {
      await owner.query(
        "INSERT INTO tenants VALUES ($1, $2, $3, $4, 'active', timestamp '2025-11-02 10:11:12.345678' + $5 * interval '1 day', $5)",
        [id, name, `office@${id}.org`, plan, at],
      )
      await owner.query(`CREATE SCHEMA ${id}`)
    }
    if (history === 'none') return
    await owner.query(
      'CREATE TABLE pgmigrations (id SERIAL PRIMARY KEY, name VARCHAR(255) NOT NULL, run_on TIMESTAMP NOT NULL)',
    )
    if (history === 'blocking')
      await owner.query('INSERT INTO pgmigrations (name, run_on) VALUES ($1, now())', [blockingRow])
    if (history === 'foreign')
      await owner.query("INSERT INTO pgmigrations (name, run_on) VALUES ('1700000000000_their-own', now())")
  })
}

const oldColumns = 'SELECT id, name, email, plan, status, joindate::text, beds FROM tenants'
const oldRows = (url: string) => rows(url, `${oldColumns} WHERE id <> 'platform' ORDER BY id`)

/** Everything a second run could have changed. */
const fingerprint = (url: string, schema: string) =>
  rows(
    url,
    `SELECT c.oid::text, c.relname, c.relacl::text, n.nspacl::text,
       (SELECT string_agg(concat(a.attname, a.atttypid, a.attnotnull, a.attacl), ',' ORDER BY a.attnum)
        FROM pg_attribute a WHERE a.attrelid = c.oid) AS columns
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE nspname IN ('${schema}', ${ids.map((id) => `'${id}'`).join(', ')})
     UNION ALL SELECT name, run_on::text, id::text, '', '' FROM ${schema}.pgmigrations ORDER BY 1, 2`,
  )

for (const history of ['none', 'empty', 'blocking', 'foreign'] as const) {
  t.test(`adopts a partial database whose history is ${history}`, async (t) => {
    const url = await newDatabase(t)
    await partialDatabase(url, history)
    const before = await oldRows(url)
    const report = await migrateService({ url, service: 'identity', appPassword })
    t.equal(report.global.includes(blockingRow), history !== 'blocking')
    t.same(await oldRows(url), before, 'every old row and column')
    const history2 = await rows(url, 'SELECT name FROM pgmigrations ORDER BY id')
    t.equal(history2.filter(({ name }) => name === blockingRow).length, 1, 'the history names the table once')
    t.same((await migrationStatus({ url, service: 'identity' })).global.pending, [])
    t.same(await findDrift({ url, service: 'identity' }), [], 'its own tables and rows are no drift')

    const first = await fingerprint(url, 'public')
    const again = await migrateService({ url, service: 'identity', appPassword })
    t.same(again.global, [], 'a second run has nothing to do')
    t.same(await fingerprint(url, 'public'), first, 'and changes nothing')
    t.same(await oldRows(url), before)

    t.same(await listTenants(url), [...ids, 'platform'].sort())
    const database = await createDatabase({ url: runtimeUrl(url, appPassword), service: 'identity', schema: 'public' })
    const context = { tenantId: 'tenant_1762083064503', userId: 0, requestId: 'adoption' }
    const name = await database.inTenant(context, (tx) =>
      tx.oneFirst(sql.type(Type.Object({ name: Type.String() }))`SELECT name FROM tenants`),
    )
    t.equal(name, 'City General Hospital', 'the service sees the adopted hospital')
    await database.inGlobal((tx) => tx.query(sql.unsafe`INSERT INTO tenants (id, name) VALUES ('new_hospital', 'New')`))
    await database.close()
  })
}

t.test('the adopted hospitals get their tables in the other services; a second run changes nothing', async (t) => {
  const url = await newDatabase(t)
  await partialDatabase(url, 'blocking')
  await migrateService({ url, service: 'identity', appPassword })
  const clinical = url.replace(/$/, '_clinical')
  const progress: number[] = []
  const report = await migrateService({
    url: clinical,
    service: 'clinical',
    appPassword,
    tenants: await listTenants(url),
    onProgress: ({ done }) => progress.push(done),
  })
  t.same([...report.migrated].sort(), [...ids, 'platform'].sort())
  t.same(report.failed, [])
  t.same(progress, [1, 2, 3, 4, 5, 6])
  const first = await fingerprint(clinical, 'clinical')
  const again = await migrateService({ url: clinical, service: 'clinical', appPassword, tenants: ids })
  t.match(again, { global: [], migrated: [], unchanged: 6, failed: [] })
  await provisionTenant(clinical, 'clinical', firstId)
  t.same(await fingerprint(clinical, 'clinical'), first)
})

/** A tree with the baseline and one more tenant file. */
async function treeWith(test: Test, name: string, text: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'hospital-migrations-'))
  test.teardown(() => rm(directory, { recursive: true, force: true }))
  await cp(migrationsDirectory, directory, { recursive: true })
  for (const old of ['clinical', 'scheduling']) await keepBaseline(join(directory, old, 'tenant'))
  await writeFile(
    join(directory, 'clinical/tenant', `${name}.sql`),
    `-- Up Migration\n${text}\n-- Down Migration\nSELECT nonsense;\n`,
  )
  return directory
}

async function keepBaseline(folder: string): Promise<void> {
  for (const file of await readdir(folder)) {
    if (!file.includes('create-baseline')) await rm(join(folder, file))
  }
}

t.test('a tenant that fails stays wholly old and stops no other; the next run resumes', async (t) => {
  const url = (await newDatabase(t)).replace(/$/, '_clinical')
  const baseline = await treeWith(t, '1788886400001_nothing', 'SELECT 1;')
  await migrateService({ url, service: 'clinical', appPassword, tenants: ids, directory: baseline })
  await withOwner(url, (owner) =>
    owner.query(`INSERT INTO ${bad}.staff (id, name) VALUES (1, 'double'), (2, 'double')`),
  )

  const name = '1799999999999_unique-staff-names'
  const directory = await treeWith(
    t,
    name,
    `
    CREATE TABLE half (id int);
    ALTER TABLE staff ADD COLUMN half text;
    CREATE UNIQUE INDEX staff_name_key ON staff (name);
  `,
  )
  await cp(
    join(baseline, 'clinical/tenant/1788886400001_nothing.sql'),
    join(directory, 'clinical/tenant/1788886400001_nothing.sql'),
  )
  const report = await migrateService({
    url,
    service: 'clinical',
    appPassword,
    tenants: [...ids, 'Not-A-Schema'],
    directory,
  })
  t.same([...report.migrated].sort(), ids.filter((id) => id !== bad).sort())
  t.match(
    report.failed.find(({ tenantId }) => tenantId === bad),
    { migration: name, error: /could not create unique index/ },
  )
  t.match(
    report.failed.find(({ tenantId }) => tenantId === 'Not-A-Schema'),
    { migration: null, error: /cannot be the name of a schema/ },
  )

  const tables = `SELECT to_regclass('${bad}.half') AS half, (SELECT count(*)::int FROM ${bad}.pgmigrations WHERE name = '${name}') AS n`
  t.same(await rows(url, tables), [{ half: null, n: 0 }], 'nothing of the failed migration is left')
  const status = await migrationStatus({ url, service: 'clinical', directory })
  t.match(
    status.tenants.find(({ tenantId }) => tenantId === bad),
    {
      version: '1788886400001_nothing',
      current: false,
      failure: /unique index/,
    },
  )

  await withOwner(url, (owner) => owner.query(`DELETE FROM ${bad}.staff WHERE id = 2`))
  const resumed = await migrateService({ url, service: 'clinical', appPassword, directory })
  t.same(resumed.migrated, [bad], 'only what is behind runs')
  t.match(await rows(url, tables), [{ half: `${bad}.half`, n: 1 }])
})

t.test('a connection that dies half-way leaves the tenant wholly old', async (t) => {
  const url = (await newDatabase(t)).replace(/$/, '_clinical')
  const baseline = await treeWith(t, '1788886400001_nothing', 'SELECT 1;')
  await migrateService({ url, service: 'clinical', appPassword, tenants: ids, directory: baseline })
  const directory = await treeWith(t, '1788886400001_nothing', 'SELECT 1;')
  await writeFile(
    join(directory, 'clinical/tenant/1799999999999_dies.sql'),
    '-- Up Migration\nCREATE TABLE half (id int);\nSELECT pg_terminate_backend(pg_backend_pid());\n',
  )
  const report = await migrateService({ url, service: 'clinical', appPassword, directory })
  t.equal(report.failed.length, 5, 'each is tried, on a new connection')
  t.match(report.failed[0], { migration: '1799999999999_dies' })
  const left = await rows(url, `SELECT count(*)::int AS n FROM pg_class WHERE relname = 'half'`)
  t.same(left, [{ n: 0 }])
  const resumed = await migrateService({ url, service: 'clinical', appPassword, directory: baseline })
  t.match(resumed, { failed: [] })
})

t.test('a migration that sorts before an applied one is refused, and named', async (t) => {
  const url = (await newDatabase(t)).replace(/$/, '_clinical')
  const directory = await treeWith(t, '1788886400005_later', 'SELECT 1;')
  await migrateService({ url, service: 'clinical', appPassword, tenants: [firstId], directory })
  await writeFile(join(directory, 'clinical/tenant/1788886400003_earlier.sql'), '-- Up Migration\nSELECT 1;\n')
  await writeFile(join(directory, 'clinical/tenant/1788886400006_newest.sql'), '-- Up Migration\nSELECT 1;\n')
  const report = await migrateService({ url, service: 'clinical', appPassword, directory })
  t.match(report.failed, [{ tenantId: firstId, error: /1788886400003_earlier sorts before 1788886400005_later/ }])
})

t.test('two runs at once do not disturb each other', async (t) => {
  const url = (await newDatabase(t)).replace(/$/, '_scheduling')
  await ensureDatabase(url)
  const run = () => migrateService({ url, service: 'scheduling', appPassword, tenants: ids })
  const reports = await Promise.all([run(), run()])
  t.same(reports.map(({ migrated }) => migrated.length).sort(), [0, 5])
  await Promise.all(ids.map((id) => provisionTenant(url, 'scheduling', id)))
  await Promise.all(['new_one', 'new_two', 'new_one'].map((id) => provisionTenant(url, 'scheduling', id)))
  const status = await migrationStatus({ url, service: 'scheduling' })
  t.equal(status.tenants.filter(({ current }) => current).length, 7)
})
