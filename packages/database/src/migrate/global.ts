import { runner } from 'node-pg-migrate'
import type pg from 'pg'
import { globalSchema, type ServiceName } from '../names.ts'
import { migrationFolder, pendingMigrations, readMigrations } from './files.ts'
import { checkHistory, readHistory, writeChecksums } from './history.ts'

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/** The files of the service's global tables and what ran of them. */
async function globalHistory(client: pg.Client, root: string, service: ServiceName) {
  const schema = globalSchema(service)
  const migrations = await readMigrations(migrationFolder(root, service, 'global'))
  const history = await readHistory(client, schema)
  return { schema, migrations, history, applied: new Set(history.map(({ name }) => name)) }
}

/**
 * Looks before anything is changed.
 * @throws MigrationRefused
 */
export async function checkGlobal(client: pg.Client, root: string, service: ServiceName, database: string) {
  const { schema, migrations, history } = await globalHistory(client, root, service)
  checkHistory(migrations, history, { database, schema, folder: `migrations/${service}/global` })
}

/**
 * Runs the service's global migrations with node-pg-migrate, all pending ones in one transaction. Its own order check
 * compares histories by position and so trips over rows an adopted database brought along; ours compares by name.
 */
export async function migrateGlobal(client: pg.Client, root: string, service: ServiceName): Promise<string[]> {
  const { schema, migrations, applied } = await globalHistory(client, root, service)
  if (pendingMigrations(migrations, applied).length === 0) {
    await writeChecksums(client, schema, migrations)
    return []
  }
  const ran = await runner({
    dbClient: client,
    dir: migrationFolder(root, service, 'global'),
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
  await writeChecksums(client, schema, migrations)
  return ran.map(({ name }) => name)
}

/** Name of the newest global migration that the code knows and the database has. */
export async function globalVersion(client: pg.Client, root: string, service: ServiceName) {
  const { migrations, applied } = await globalHistory(client, root, service)
  return {
    version: migrations.findLast(({ name }) => applied.has(name))?.name ?? null,
    pending: migrations.filter(({ name }) => !applied.has(name)).map(({ name }) => name),
  }
}
