import { runner } from 'node-pg-migrate'
import type pg from 'pg'
import { globalSchema, quoted, type ServiceName } from '../names.ts'
import { migrationFolder, pendingMigrations, readMigrations } from './files.ts'

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

async function appliedGlobal(client: pg.Client, schema: string): Promise<Set<string>> {
  const table = `${quoted(schema)}.pgmigrations`
  const { rows: found } = await client.query<{ found: boolean }>('SELECT to_regclass($1) IS NOT NULL AS found', [table])
  if (found[0]?.found !== true) return new Set()
  const { rows } = await client.query<{ name: string }>(`SELECT name FROM ${table}`)
  return new Set(rows.map(({ name }) => name))
}

/**
 * Runs the service's global migrations with node-pg-migrate, all pending ones in one transaction. Its own order check
 * compares histories by position and so trips over rows an adopted database brought along; ours compares by name.
 */
export async function migrateGlobal(client: pg.Client, root: string, service: ServiceName): Promise<string[]> {
  const schema = globalSchema(service)
  const dir = migrationFolder(root, service, 'global')
  const pending = pendingMigrations(await readMigrations(dir), await appliedGlobal(client, schema))
  if (pending.length === 0) return []
  const ran = await runner({
    dbClient: client,
    dir,
    schema,
    createSchema: true,
    migrationsTable: 'pgmigrations',
    direction: 'up',
    count: Number.POSITIVE_INFINITY,
    checkOrder: false,
    singleTransaction: true,
    noLock: true,
    verbose: false,
    logger: silent,
  })
  await client.query('RESET search_path')
  return ran.map(({ name }) => name)
}

/** Name of the newest global migration that the code knows and the database has. */
export async function globalVersion(client: pg.Client, root: string, service: ServiceName) {
  const migrations = await readMigrations(migrationFolder(root, service, 'global'))
  const applied = await appliedGlobal(client, globalSchema(service))
  return {
    version: migrations.findLast(({ name }) => applied.has(name))?.name ?? null,
    pending: migrations.filter(({ name }) => !applied.has(name)).map(({ name }) => name),
  }
}
