import type pg from 'pg'
import { databaseRoles, globalSchema, isTenantSchema, literal, quoted, type ServiceName, tenantRole } from '../names.ts'
import { inTransaction } from './client.ts'
import { checksumOf, type Migration, pendingMigrations } from './files.ts'
import { checkHistory, MigrationRefused, readHistory, writeChecksums } from './history.ts'
import { ensureMember, ensureRole } from './roles.ts'

/** What a tenant's migration needs to know besides the tenant. */
export interface TenantPlan {
  service: ServiceName
  database: string
  prefix: string
  migrations: readonly Migration[]
}

/** A migration of one tenant failed; everything it did for this tenant is undone. */
export class TenantMigrationError extends Error {
  override readonly name = 'TenantMigrationError'
  readonly tenantId: string
  readonly migration: string | null
  /** Nothing was tried: the files do not belong to what the tenant has. */
  readonly refused: boolean
  constructor(tenantId: string, migration: string | null, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(`${tenantId}${migration === null ? '' : ` at ${migration}`}: ${reason}`, { cause })
    this.tenantId = tenantId
    this.migration = migration
    this.refused = cause instanceof MigrationRefused
  }
}

/** What ran for the tenant, held against the files. */
async function appliedTo(client: pg.Client, plan: TenantPlan, tenantId: string): Promise<Set<string>> {
  const schema = quoted(tenantId)
  await client.query(`
    CREATE SCHEMA IF NOT EXISTS ${schema};
    CREATE TABLE IF NOT EXISTS ${schema}.pgmigrations (
      id SERIAL PRIMARY KEY, name varchar(255) NOT NULL, run_on timestamp NOT NULL
    )`)
  const history = await readHistory(client, tenantId)
  const { database, service } = plan
  checkHistory(plan.migrations, history, { database, schema: tenantId, folder: `migrations/${service}/tenant` })
  return new Set(history.map(({ name }) => name))
}

/** The role, and rights on what the migrations are about to create; append_only() takes some of them away again. */
async function prepareRole(client: pg.Client, schema: string, role: string): Promise<void> {
  await ensureRole(client, role, 'NOLOGIN INHERIT')
  await client.query(`
    REVOKE ALL ON SCHEMA ${schema} FROM PUBLIC;
    GRANT USAGE ON SCHEMA ${schema} TO ${quoted(role)};
    ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${quoted(role)};
    ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT USAGE ON SEQUENCES TO ${quoted(role)};
    SET LOCAL app.tenant_role TO ${literal(role)};
    SET LOCAL search_path TO ${schema}, extensions;
  `)
}

/** Membership locks the group role until commit, so it comes last: tenants in parallel would wait for each other. */
async function grantMemberships(client: pg.Client, plan: TenantPlan, role: string): Promise<void> {
  const roles = databaseRoles(plan.prefix)
  await ensureMember(client, role, roles.app)
  await ensureMember(client, roles.tenant, role)
}

async function record(client: pg.Client, plan: TenantPlan, tenantId: string): Promise<void> {
  const schema = quoted(globalSchema(plan.service))
  await client.query(`INSERT INTO ${schema}.tenants (id) VALUES ($1) ON CONFLICT DO NOTHING`, [tenantId])
  await client.query(
    `INSERT INTO ${schema}.tenant_migrations (tenant_id, version, files_checksum, failed_migration, failure)
     VALUES ($1, $2, $3, NULL, NULL)
     ON CONFLICT (tenant_id) DO UPDATE
       SET version = EXCLUDED.version, files_checksum = EXCLUDED.files_checksum, failed_migration = NULL, failure = NULL, updated_at = now()`,
    [tenantId, plan.migrations.at(-1)?.name ?? null, checksumOf(plan.migrations)],
  )
}

/** Remembers a failure; the version stays what the tenant really has. */
export async function recordFailure(client: pg.Client, plan: TenantPlan, failure: TenantMigrationError): Promise<void> {
  const schema = quoted(globalSchema(plan.service))
  await client.query(
    `INSERT INTO ${schema}.tenant_migrations (tenant_id, failed_migration, failure) VALUES ($1, $2, $3)
     ON CONFLICT (tenant_id) DO UPDATE
       SET failed_migration = EXCLUDED.failed_migration, failure = EXCLUDED.failure, updated_at = now()`,
    [failure.tenantId, failure.migration, failure.message],
  )
}

/**
 * Brings one tenant to the newest version, in one transaction: schema, role, every pending file and its pgmigrations row,
 * ledger. A new tenant, a test's tenant and an adopted one all come this way. Answers the files that ran.
 */
export async function migrateTenant(client: pg.Client, plan: TenantPlan, tenantId: string): Promise<string[]> {
  let current: string | null = null
  try {
    if (!isTenantSchema(tenantId)) throw new Error('The id cannot be the name of a schema')
    const schema = quoted(tenantId)
    const role = tenantRole(plan.prefix, tenantId)
    return await inTransaction(client, async () => {
      // A tenant whose tables somebody holds is left for the next run: the others wait for it.
      await client.query("SET LOCAL lock_timeout TO '10s'")
      await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 7))', [tenantId])
      const pending = pendingMigrations(plan.migrations, await appliedTo(client, plan, tenantId))
      await prepareRole(client, schema, role)
      for (const migration of pending) {
        current = migration.name
        await client.query(migration.sql)
        await client.query(`INSERT INTO ${schema}.pgmigrations (name, run_on) VALUES ($1, now())`, [migration.name])
      }
      current = null
      await writeChecksums(client, tenantId, plan.migrations)
      await record(client, plan, tenantId)
      await grantMemberships(client, plan, role)
      return pending.map(({ name }) => name)
    })
  } catch (error) {
    throw new TenantMigrationError(tenantId, current, error)
  }
}
