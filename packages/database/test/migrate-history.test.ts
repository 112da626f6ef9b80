import { randomBytes } from 'node:crypto'
import { appendFile, cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrateService, migrationStatus, migrationsDirectory, provisionTenant, withOwner } from '@hospital/database'
import { startPostgres, type TestPostgres, withDatabase } from '@hospital/testing'
import t, { type Test } from 'tap'

const service = 'scheduling'
const appPassword = 'password-of-the-runtime-role'
const tenants = ['hospital_a', 'hospital_b']
const newerFile = '1899999999999_of-a-later-version'
const old = { global: '1788886400000_create-global-tables', tenant: '1788886400000_create-baseline' }

let server: TestPostgres
t.before(async () => {
  server = await startPostgres()
})
t.teardown(() => server.stop())

/** The URL of a database that is not there yet. */
function newDatabase(test: Test): { name: string; url: string } {
  const name = `history_${randomBytes(5).toString('hex')}`
  test.teardown(() =>
    withOwner(server.url, (owner) => owner.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`).then(() => {})),
  )
  return { name, url: withDatabase(server.url, name) }
}

const rows = (url: string, text: string) => withOwner(url, async (owner) => (await owner.query(text)).rows)

/** The migrations of another version of the program. */
async function otherTree(test: Test): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'hospital-history-'))
  test.teardown(() => rm(directory, { recursive: true, force: true }))
  await cp(migrationsDirectory, directory, { recursive: true })
  return directory
}

/** A later version: one more file in the folder. */
async function laterTree(test: Test, kind: 'global' | 'tenant'): Promise<string> {
  const directory = await otherTree(test)
  await writeFile(join(directory, service, kind, `${newerFile}.sql`), '-- Up Migration\nCREATE TABLE later (id int);\n')
  return directory
}

const ledger = 'SELECT tenant_id, version FROM scheduling.tenant_migrations ORDER BY tenant_id'
const withoutChecksum = (schema: string) =>
  `SELECT name FROM ${schema}.pgmigrations WHERE checksum IS NULL OR checksum !~ '^[0-9a-f]{64}$'`

t.test('an older program does not turn back the ledger of a newer database', async (t) => {
  const { name, url } = newDatabase(t)
  const directory = await laterTree(t, 'tenant')
  await migrateService({ url, service, appPassword, tenants, directory })
  const before = await rows(url, ledger)
  t.same(new Set(before.map(({ version }) => version)), new Set([newerFile]))

  const sentence = new RegExp(`Schema hospital_. of database ${name} has the migration ${newerFile}.*a newer version`)
  await t.rejects(migrateService({ url, service, appPassword, tenants }), {
    name: 'MigrationRefused',
    message: sentence,
  })
  t.same(await rows(url, ledger), before)
  await t.rejects(provisionTenant(url, service, 'hospital_a'), { message: sentence })
  t.same(await rows(url, ledger), before)
  const status = await migrationStatus({ url, service })
  t.match(status.tenants, [{ current: false, failure: sentence }])

  t.match(await migrateService({ url, service, appPassword, tenants, directory }), { failed: [] })
  t.match((await migrationStatus({ url, service, directory })).tenants, [{ current: true }, { current: true }])
})

t.test('one hospital of a newer version stops no other', async (t) => {
  const { url } = newDatabase(t)
  await migrateService({ url, service, appPassword, tenants })
  const directory = await laterTree(t, 'tenant')
  await provisionTenant(url, service, 'hospital_b', { directory })

  const report = await migrateService({ url, service, appPassword, tenants: [...tenants, 'hospital_c'] })
  t.match(report, { migrated: ['hospital_c'], unchanged: 1 })
  t.match(report.failed, [{ tenantId: 'hospital_b', refused: true, error: new RegExp(newerFile) }])
  t.match(await rows(url, ledger), [{}, { tenant_id: 'hospital_b', version: newerFile }, {}])
})

t.test('newer global tables are refused before anything is changed', async (t) => {
  const { name, url } = newDatabase(t)
  await migrateService({ url, service, appPassword, tenants, directory: await laterTree(t, 'global') })
  const password = `SELECT rolpassword FROM pg_authid WHERE rolname = '${name}_app'`
  const before = await rows(url, password)
  const message = new RegExp(`Schema scheduling of database ${name} has the migration ${newerFile}`)
  await t.rejects(migrateService({ url, service, appPassword: 'another', tenants }), { message })
  t.same(await rows(url, password), before)
  t.match((await migrationStatus({ url, service })).global, { refusal: message })
})

t.test('a newer version that wrote no checksum is known by what stands behind our files', async (t) => {
  const { url } = newDatabase(t)
  await migrateService({ url, service, appPassword, tenants })
  await rows(url, `INSERT INTO scheduling.pgmigrations (name, run_on) VALUES ('${newerFile}', now())`)
  await t.rejects(migrateService({ url, service, appPassword, tenants }), { name: 'MigrationRefused' })
})

for (const kind of ['global', 'tenant'] as const) {
  t.test(`an edited ${kind} file is refused, and named`, async (t) => {
    const { name, url } = newDatabase(t)
    await migrateService({ url, service, appPassword, tenants })
    const directory = await otherTree(t)
    await appendFile(join(directory, service, kind, `${old[kind]}.sql`), '-- one more word\n')

    const schema = kind === 'global' ? 'scheduling' : 'hospital_[ab]'
    const message = new RegExp(
      `migrations/scheduling/${kind}/${old[kind]}\\.sql was edited after it ran in schema ${schema} of database ${name}: put the file back`,
    )
    await t.rejects(migrateService({ url, service, appPassword, tenants, directory }), { message })
    const status = await migrationStatus({ url, service, directory })
    t.match(kind === 'global' ? status.global.refusal : status.tenants[0]?.failure, message)
    t.match(await migrateService({ url, service, appPassword, tenants }), { failed: [] }, 'the file as it was goes on')
  })
}

t.test('rows from before checksums get those of the present files, once', async (t) => {
  const { url } = newDatabase(t)
  await migrateService({ url, service, appPassword, tenants })
  for (const schema of ['scheduling', ...tenants]) {
    t.same(await rows(url, withoutChecksum(schema)), [], 'every row has one')
    await rows(url, `ALTER TABLE ${schema}.pgmigrations DROP COLUMN checksum`)
  }
  await rows(url, 'UPDATE scheduling.tenant_migrations SET files_checksum = NULL')
  t.match((await migrationStatus({ url, service })).tenants, [{ current: false }, { current: false }])

  const report = await migrateService({ url, service, appPassword, tenants })
  t.match({ ...report, migrated: report.migrated.sort() }, { global: [], migrated: tenants, failed: [] })
  for (const schema of ['scheduling', ...tenants]) t.same(await rows(url, withoutChecksum(schema)), [])
  t.match(await migrateService({ url, service, appPassword, tenants }), { migrated: [], unchanged: 2 })
})

t.test('a ledger that an older program turned back says the truth again', async (t) => {
  const { url } = newDatabase(t)
  await migrateService({ url, service, appPassword, tenants })
  await rows(url, `UPDATE scheduling.tenant_migrations SET version = '${old.tenant}', files_checksum = NULL`)
  await migrateService({ url, service, appPassword, tenants })
  t.match((await migrationStatus({ url, service })).tenants, [{ current: true }, { current: true }])
})
