import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { databaseName, literal, quoted } from '../names.ts'

const noSuchDatabase = '3D000'
/** Said of a name that is there, and of one that is taken at this very moment. */
const duplicateDatabase = ['42P04', '23505']

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

/** What a database says of itself when this program made it. Copies and restored dumps do not say it. */
const ownMark = 'Made empty by the hospital program'

/**
 * Creates the database of the URL when it is not there, and marks it as made by this program. It gets its name together
 * with its mark, so that a crash in between leaves no unmarked database of that name.
 */
export async function ensureDatabase(ownerUrl: string): Promise<void> {
  try {
    await withOwner(ownerUrl, async () => {})
  } catch (error) {
    if (codeOf(error) !== noSuchDatabase) throw error
    const maintenance = new URL(ownerUrl)
    maintenance.pathname = '/postgres'
    await withOwner(maintenance.href, (client) => makeDatabase(client, databaseName(ownerUrl)))
  }
}

async function makeDatabase(client: pg.Client, name: string): Promise<void> {
  const unfinished = `${name}_new_${randomBytes(4).toString('hex')}`
  await client.query(`CREATE DATABASE ${quoted(unfinished)}`)
  try {
    await inTransaction(client, async () => {
      await client.query(`COMMENT ON DATABASE ${quoted(unfinished)} IS ${literal(ownMark)}`)
      await client.query(`ALTER DATABASE ${quoted(unfinished)} RENAME TO ${quoted(name)}`)
    })
  } catch (error) {
    // When the connection is lost it stays behind, empty, under a name that nobody has.
    await client.query(`DROP DATABASE ${quoted(unfinished)}`).catch(() => {})
    // Somebody was faster: a start of ours, whose mark it has, or another program.
    if (!duplicateDatabase.includes(codeOf(error))) throw error
  }
}

/** Whether this program made the database, empty; false for one that was there before it. */
export async function isOwnDatabase(ownerUrl: string): Promise<boolean> {
  return await withOwner(ownerUrl, async (client) => {
    const { rows } = await client.query<{ mark: string | null }>(
      "SELECT shobj_description(oid, 'pg_database') AS mark FROM pg_database WHERE datname = current_database()",
    )
    return rows[0]?.mark === ownMark
  })
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
