import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describeDatabase, migrateService, migrationsDirectory, type ServiceName, withOwner } from '@hospital/database'
import { startPostgres, type TestPostgres, withDatabase } from '@hospital/testing'
import t, { type Test } from 'tap'

const appPassword = 'password-of-the-runtime-role'
const ledgerFile = '1790000030000_checksums-of-tenants'

/** Hunks that turn a landed file into what it was earlier that day. */
type EarlyFiles = Record<string, { sha256: string; hunks: { line: number; remove: number; insert: string[] }[] }>

let server: TestPostgres
t.before(async () => {
  server = await startPostgres()
})
t.teardown(() => server.stop())

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const landed = (file: string) => readFile(join(migrationsDirectory, file), 'utf8')

/** Path and text of the files of the first version that landed. */
async function firstFiles(): Promise<Map<string, string>> {
  const [first = ''] = (await landed('SHA256SUMS')).split('# Those since')
  const lines = [...first.matchAll(/^([0-9a-f]{64}) {2}(\S+)$/gm)]
  return new Map(await Promise.all(lines.map(async ([, , file = '']) => [file, await landed(file)] as const)))
}

/** The same while they were still being written. */
async function earlyFiles(test: Test): Promise<Map<string, string>> {
  const files = await firstFiles()
  const early: EarlyFiles = JSON.parse(await readFile(new URL('fixtures/early-files.json', import.meta.url), 'utf8'))
  for (const [file, { sha256: sum, hunks }] of Object.entries(early)) {
    const lines = (files.get(file) ?? '').split('\n')
    for (const { line, remove, insert } of hunks.toReversed()) lines.splice(line - 1, remove, ...insert)
    files.set(file, lines.join('\n'))
    test.equal(sha256(lines.join('\n')), sum, `${file} as it was`)
  }
  return files
}

async function treeOf(test: Test, files: ReadonlyMap<string, string>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'hospital-upgrade-'))
  test.teardown(() => rm(directory, { recursive: true, force: true }))
  // The ledger has to hold a checksum while this program makes the old database.
  const own = ['clinical', 'scheduling'].map((service) => `${service}/global/${ledgerFile}.sql`)
  for (const [file, text] of [
    ...files,
    ...(await Promise.all(own.map(async (file) => [file, await landed(file)] as const))),
  ]) {
    await mkdir(dirname(join(directory, file)), { recursive: true })
    await writeFile(join(directory, file), text)
  }
  return directory
}

/** Leaves of a database only what the program of that day left. */
async function forgetChecksums(url: string, service: ServiceName, tenant: string | undefined): Promise<void> {
  await withOwner(url, async (owner) => {
    const global = service === 'identity' ? 'public' : service
    for (const schema of [global, ...(tenant === undefined ? [] : [tenant])]) {
      await owner.query(`ALTER TABLE ${schema}.pgmigrations DROP COLUMN checksum`)
    }
    if (tenant === undefined) return
    await owner.query(`DELETE FROM ${global}.pgmigrations WHERE name = '${ledgerFile}'`)
    await owner.query(`ALTER TABLE ${global}.tenant_migrations DROP COLUMN files_checksum`)
  })
}

/** What a database has that began with the tree, or with nothing. */
async function catalogueOf(test: Test, service: ServiceName, directory: string | undefined) {
  const name = `upgrade_${randomBytes(5).toString('hex')}`
  const url = withDatabase(server.url, name)
  test.teardown(() =>
    withOwner(server.url, (owner) => owner.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`).then(() => {})),
  )
  const tenant = service === 'identity' ? undefined : 'hospital_a'
  const options = { url, service, appPassword, tenants: tenant === undefined ? [] : [tenant] }
  if (directory !== undefined) {
    test.match(await migrateService({ ...options, directory }), { failed: [] })
    await forgetChecksums(url, service, tenant)
  }
  test.match(await migrateService(options), { failed: [] })
  return describeDatabase(url, service, tenant)
}

for (const service of ['identity', 'clinical', 'scheduling'] as const) {
  t.test(`${service}: an upgraded database is like a fresh one`, async (t) => {
    const fresh = await catalogueOf(t, service, undefined)
    const first = await treeOf(t, await firstFiles())
    t.same(await catalogueOf(t, service, first), fresh, 'from the first version that landed')
    const early = await treeOf(t, await earlyFiles(t))
    t.same(await catalogueOf(t, service, early), fresh, 'from the hours before it landed')
  })
}
