import type pg from 'pg'
import { DatabaseUnavailable, translateError } from '../errors.ts'
import { databaseName, databaseRoles, globalSchema, quoted, type ServiceName } from '../names.ts'
import { ensureDatabase, setForSession, withOwner } from './client.ts'
import { checksumOf, migrationFolder, migrationsDirectory, readMigrations } from './files.ts'
import { checkGlobal, migrateGlobal } from './global.ts'
import { hardenDatabase } from './harden.ts'
import { MigrationRefused } from './history.ts'
import { ensureDatabaseRoles } from './roles.ts'
import { migrateTenant, recordFailure, TenantMigrationError, type TenantPlan } from './tenant.ts'

/** How far the fan-out over tenants is. */
export interface MigrationProgress {
  service: ServiceName
  done: number
  total: number
  failed: number
  tenantId: string
}

export interface MigrateOptions {
  /** The owner's URL: may create databases, schemas and roles. */
  url: string
  service: ServiceName
  /** The password that the runtime role gets. */
  appPassword: string
  /** Tenants that must exist afterwards, besides those the service knows already. */
  tenants?: readonly string[]
  /** Tenants at a time; catalogue work is bound by CPU, so about the number of cores. */
  concurrency?: number
  onProgress?: (progress: MigrationProgress) => void
  /** The migrations tree; tests give their own. */
  directory?: string
  /** Prefix of the role names, when the database was copied from another one. */
  prefix?: string
}

interface TenantFailure {
  tenantId: string
  migration: string | null
  error: string
  /** Nothing was tried: the files are not those that ran for the tenant. */
  refused: boolean
}

export interface MigrationReport {
  service: ServiceName
  /** Global files that ran now. */
  global: string[]
  /** Tenants that something ran for. */
  migrated: string[]
  /** How many tenants were up to date already. */
  unchanged: number
  failed: TenantFailure[]
}

/** One migration run at a time in a database; a second one waits. */
const runLock = 7_241_865_325

export const hasTenantSchemas = (service: ServiceName): boolean => service !== 'identity'

/** The files of the service's tenants, and whose they are. */
export async function tenantPlan(
  options: Pick<MigrateOptions, 'service' | 'directory' | 'prefix' | 'url'>,
): Promise<TenantPlan> {
  const folder = migrationFolder(options.directory ?? migrationsDirectory, options.service, 'tenant')
  return {
    service: options.service,
    database: databaseName(options.url),
    prefix: options.prefix ?? databaseName(options.url),
    migrations: await readMigrations(folder),
  }
}

/** Creates the database when missing, closes it, and brings its global tables to the newest version. */
async function migrateShared(client: pg.Client, options: MigrateOptions): Promise<string[]> {
  const prefix = options.prefix ?? databaseName(options.url)
  const roles = databaseRoles(prefix)
  await ensureDatabaseRoles(client, options.url, roles, options.appPassword)
  await hardenDatabase(client, roles)
  await setForSession(client, { 'app.role_prefix': prefix })
  return migrateGlobal(client, options.directory ?? migrationsDirectory, options.service)
}

/** The tenants whose ledger does not say that they are at the newest version, by just these files. */
async function tenantsBehind(client: pg.Client, plan: TenantPlan, extra: readonly string[]) {
  const schema = quoted(globalSchema(plan.service))
  const { rows } = await client.query<{ id: string; current: boolean }>(
    `SELECT t.id, coalesce(m.files_checksum = $1 AND m.failure IS NULL, false) AS current
     FROM (SELECT id FROM ${schema}.tenants UNION SELECT unnest($2::text[])) t (id)
     LEFT JOIN ${schema}.tenant_migrations m ON m.tenant_id = t.id ORDER BY t.id`,
    [checksumOf(plan.migrations), extra],
  )
  return {
    behind: rows.filter(({ current }) => !current).map(({ id }) => id),
    unchanged: rows.filter(({ current }) => current).length,
  }
}

type FanOut = Pick<MigrationReport, 'migrated' | 'failed'>

/** Migrates tenants a few at a time; a tenant that fails is recorded and stops no other. */
async function migrateTenants(options: MigrateOptions, plan: TenantPlan, behind: readonly string[]): Promise<FanOut> {
  const queue = [...behind]
  const migrated: string[] = []
  const failed: TenantFailure[] = []
  const report = (tenantId: string) => {
    const done = migrated.length + failed.length
    options.onProgress?.({ service: plan.service, done, total: behind.length, failed: failed.length, tenantId })
  }
  /** Works on the queue until it is empty or the connection is lost. */
  const drainQueue = async (client: pg.Client) => {
    let alive = true
    client.once('end', () => {
      alive = false
    })
    for (let tenantId = queue.shift(); tenantId !== undefined; tenantId = alive ? queue.shift() : undefined) {
      try {
        await migrateTenant(client, plan, tenantId)
        migrated.push(tenantId)
      } catch (error) {
        if (!(error instanceof TenantMigrationError)) throw error
        failed.push({ tenantId, migration: error.migration, error: error.message, refused: error.refused })
        await withOwner(options.url, (fresh) => recordFailure(fresh, plan, error))
      }
      report(tenantId)
    }
  }
  const worker = async () => {
    while (queue.length > 0) await withOwner(options.url, drainQueue)
  }
  const workers = Math.min(options.concurrency ?? 2, behind.length)
  await Promise.all(Array.from({ length: workers }, worker))
  return { migrated, failed }
}

/** Files that belong to no tenant here are the program's fault; those that one tenant refuses stop no other. */
function refuseWhenAll(service: ServiceName, { failed, migrated }: FanOut, unchanged: number): void {
  const [first, ...others] = failed
  if (first === undefined || migrated.length + unchanged > 0 || !failed.every(({ refused }) => refused)) return
  const rest = others.length === 0 ? '' : ` It is the same with ${others.length} more.`
  throw new MigrationRefused(`${service}: ${first.error}${rest}`)
}

/**
 * Brings one service's database, and every tenant in it, to the newest version. A re-run resumes and changes nothing else.
 * @throws MigrationRefused when the files are not those that ran, or a newer program was here
 */
export async function migrateService(options: MigrateOptions): Promise<MigrationReport> {
  const { service } = options
  await ensureDatabase(options.url)
  return withOwner(options.url, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [runLock])
    await checkGlobal(client, options.directory ?? migrationsDirectory, service, databaseName(options.url))
    const global = await migrateShared(client, options)
    if (!hasTenantSchemas(service)) return { service, global, migrated: [], unchanged: 0, failed: [] }
    const plan = await tenantPlan(options)
    const { behind, unchanged } = await tenantsBehind(client, plan, options.tenants ?? [])
    const fanOut = await migrateTenants(options, plan, behind)
    refuseWhenAll(service, fanOut, unchanged)
    return { service, global, unchanged, ...fanOut }
  })
}

/**
 * Makes a tenant's schema and role, or brings them to the newest version. A failure is on record for `migrate status`.
 * @throws TenantMigrationError
 */
export async function provisionTenant(
  ownerUrl: string,
  service: ServiceName,
  tenantId: string,
  options: Pick<MigrateOptions, 'directory' | 'prefix'> = {},
): Promise<void> {
  if (!hasTenantSchemas(service)) return
  const plan = await tenantPlan({ ...options, url: ownerUrl, service })
  await withOwner(ownerUrl, async (client) => {
    try {
      await migrateTenant(client, plan, tenantId)
    } catch (error) {
      const translated = translateError(error)
      const isAway = translated instanceof DatabaseUnavailable && translated.reason !== 'timeout'
      if (error instanceof TenantMigrationError && !isAway) await recordFailure(client, plan, error)
      throw error
    }
  })
}
