import pg from 'pg'
import { databaseName, quoted } from '../names.ts'

const noSuchDatabase = '3D000'
const duplicateDatabase = '42P04'

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '')

/** A connection of the owner, closed when the work is done. Migrations run here and never through slonik. */
export async function withOwner<T>(ownerUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: ownerUrl,
    application_name: 'hospital-migrate',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  })
  // A connection that dies also fails the query that runs on it; without a listener it would end the process instead.
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query("SET timezone TO 'UTC'")
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}

/** Creates the database of the URL when it is not there. */
export async function ensureDatabase(ownerUrl: string): Promise<void> {
  try {
    await withOwner(ownerUrl, async () => {})
  } catch (error) {
    if (codeOf(error) !== noSuchDatabase) throw error
    const maintenance = new URL(ownerUrl)
    maintenance.pathname = '/postgres'
    await withOwner(maintenance.href, (client) =>
      client.query(`CREATE DATABASE ${quoted(databaseName(ownerUrl))}`),
    ).catch((failure) => {
      if (codeOf(failure) !== duplicateDatabase) throw failure
    })
  }
}

/** Runs `work` in a transaction of the client. */
export async function inTransaction<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN')
  try {
    const result = await work()
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}

/** Values of the session that migration files read with current_setting(). */
export async function setForSession(client: pg.Client, settings: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(settings)) {
    await client.query('SELECT set_config($1, $2, false)', [name, value])
  }
}
