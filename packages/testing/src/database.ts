import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  databaseRoles,
  migrateService,
  migrationsDirectory,
  restrictDatabase,
  runtimeUrl,
  type ServiceName,
  withOwner,
} from '@hospital/database'
import { ownerSession } from './owner-session.ts'
import { startPostgres, type TestPostgres, withDatabase } from './postgres.ts'

/** A migrated database that one test file has for itself. */
export interface TestDatabase {
  /** As the owner: for provisioning, and for looking behind the service's back. */
  ownerUrl: string
  /** As the service runs. */
  url: string
  /** Of the role names: the database is a copy, its roles are those of the original. */
  prefix: string
  appPassword: string
  /** The hospitals that have their schema already (clinical and scheduling). */
  tenants: readonly [string, string]
  /** Runs SQL as the owner, who sees every hospital. */
  query<Row extends object = Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>
  close(): Promise<void>
}

const tenants = ['hospital_a', 'hospital_b'] as const
const appPassword = 'password-of-the-runtime-role'

/**
 * A fresh database of a service: all migrations, two hospitals. The migrations run once per server, into a template that
 * every test file copies.
 */
export async function testDatabase(service: ServiceName, server?: TestPostgres): Promise<TestDatabase> {
  const postgres = server ?? (await startPostgres())
  const template = await templateOf(postgres.url, service)
  const name = `t_${service}_${randomBytes(5).toString('hex')}`
  await withOwner(postgres.url, async (owner) => {
    await owner.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`)
    await restrictDatabase(owner, name, databaseRoles(template).app)
  })
  const ownerUrl = withDatabase(postgres.url, name)
  const owner = ownerSession(ownerUrl)
  return {
    ownerUrl,
    url: runtimeUrl(ownerUrl, appPassword, template),
    prefix: template,
    appPassword,
    tenants,
    query: owner.query,
    close: async () => {
      await owner.close()
      await withOwner(postgres.url, (owner) => owner.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))
      if (server === undefined) await postgres.stop()
    },
  }
}

/** The migrated database to copy; files that run at the same time make it once. */
async function templateOf(url: string, service: ServiceName): Promise<string> {
  const template = `tpl_${service}_${fingerprint(service)}`
  await withOwner(url, async (owner) => {
    await owner.query('SELECT pg_advisory_lock(hashtext($1))', [template])
    const { rowCount } = await owner.query('SELECT FROM pg_database WHERE datname = $1', [`${template}`])
    if (rowCount !== 0) return
    // Under another name until it is finished: a run that was killed leaves no half template.
    const unfinished = `${template}_new`
    await owner.query(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`)
    const wanted = service === 'identity' ? [] : [...tenants, 'platform']
    const report = await migrateService({
      url: withDatabase(url, unfinished),
      service,
      appPassword,
      tenants: wanted,
      prefix: template,
    })
    const failure = report.failed[0]
    if (failure !== undefined) throw new Error(failure.error)
    await owner.query(`ALTER DATABASE ${unfinished} RENAME TO ${template}`)
  })
  return template
}

/** Changes with every migration file. */
function fingerprint(service: ServiceName): string {
  const folder = join(migrationsDirectory, service)
  const hash = createHash('sha256')
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (file.endsWith('.sql')) hash.update(file).update(readFileSync(join(folder, file)))
  }
  return hash.digest('hex').slice(0, 8)
}
