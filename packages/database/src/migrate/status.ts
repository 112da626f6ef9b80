import { databaseName, globalSchema, quoted, type ServiceName } from '../names.ts'
import { withOwner } from './client.ts'
import { checksumOf, migrationsDirectory } from './files.ts'
import { checkGlobal, globalVersion } from './global.ts'
import { MigrationRefused } from './history.ts'
import { hasTenantSchemas, type MigrateOptions, tenantPlan } from './migrate.ts'
import type { TenantPlan } from './tenant.ts'

export interface TenantStatus {
  tenantId: string
  version: string | null
  failure: string | null
  current: boolean
}

export interface MigrationStatus {
  service: ServiceName
  global: { version: string | null; pending: string[]; refusal: string | null }
  newest: string | null
  tenants: TenantStatus[]
}

interface LedgerRow {
  tenantId: string
  version: string | null
  failure: string | null
  checksum: string | null
}

/** What a tenant's row of the ledger says, held against the files; `migrate` looks at its history itself. */
function statusOf({ migrations }: TenantPlan, { tenantId, version, failure, checksum }: LedgerRow): TenantStatus {
  const isNewer = version !== null && !migrations.some(({ name }) => name === version)
  const isEdited = version === migrations.at(-1)?.name && checksum !== null && checksum !== checksumOf(migrations)
  const found = isNewer ? 'a newer version of the program was here' : isEdited ? 'other files ran than these' : null
  // What the last run said names the file; where nothing is wrong with the files any more, it is the past.
  const why = found === null && failure !== null ? `the last run failed: ${failure}` : (failure ?? found)
  return { tenantId, version, failure: why, current: why === null && checksum === checksumOf(migrations) }
}

/** The sentence of a refusal; null when there is none. */
async function refusalOf(check: () => Promise<void>): Promise<string | null> {
  try {
    await check()
    return null
  } catch (error) {
    if (error instanceof MigrationRefused) return error.message
    throw error
  }
}

/** Version of the global tables and of every tenant. */
export async function migrationStatus(
  options: Pick<MigrateOptions, 'url' | 'service' | 'directory'>,
): Promise<MigrationStatus> {
  const { service } = options
  const root = options.directory ?? migrationsDirectory
  return withOwner(options.url, async (client) => {
    const version = await globalVersion(client, root, service)
    const refusal = await refusalOf(() => checkGlobal(client, root, service, databaseName(options.url)))
    const global = { ...version, refusal }
    if (!hasTenantSchemas(service) || global.version === null) return { service, global, newest: null, tenants: [] }
    const plan = await tenantPlan(options)
    const newest = plan.migrations.at(-1)?.name ?? null
    const schema = quoted(globalSchema(service))
    const { rows } = await client.query<LedgerRow>(
      `SELECT t.id AS "tenantId", m.version, m.failure, to_jsonb(m) ->> 'files_checksum' AS checksum
       FROM (SELECT id FROM ${schema}.tenants UNION SELECT tenant_id FROM ${schema}.tenant_migrations) t (id)
       LEFT JOIN ${schema}.tenant_migrations m ON m.tenant_id = t.id ORDER BY t.id`,
    )
    const tenants = rows.map((row) => statusOf(plan, row))
    return { service, global, newest, tenants }
  })
}

/** The tenants that identity knows, in every state: each needs a schema in clinical and scheduling. */
export async function listTenants(identityUrl: string): Promise<string[]> {
  return withOwner(identityUrl, async (client) => {
    const { rows } = await client.query<{ id: string }>('SELECT id FROM public.tenants ORDER BY id')
    return rows.map(({ id }) => id)
  })
}
