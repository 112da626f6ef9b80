import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { freePort, startPostgresServer } from '@hospital/stack/embedded'

/** A PostgreSQL for tests: nothing in it survives, so nothing waits for the disk. */
export interface TestDatabase {
  /** The owner (a superuser) on the database `postgres`. */
  url: string
  stop(): Promise<void>
  kill(): void
}

/** Starts a throw-away PostgreSQL in a folder; the caller removes the folder. */
export async function startTestDatabase(folder: string): Promise<TestDatabase> {
  const port = await freePort()
  const password = randomBytes(12).toString('hex')
  const server = await startPostgresServer({
    dataDir: join(folder, 'postgres'),
    port,
    user: 'owner',
    password,
    logFile: join(folder, 'postgres.log'),
    settings: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      max_connections: '300',
      max_locks_per_transaction: '256',
      autovacuum: 'off',
    },
    deathSignal: 'KILL',
  })
  const kill = () => void server.process.kill('SIGKILL')
  process.once('exit', kill)
  return {
    url: `postgres://owner:${password}@127.0.0.1:${port}/postgres`,
    kill,
    stop: async () => {
      process.off('exit', kill)
      server.process.kill('SIGQUIT') // no checkpoint for data that is thrown away
      await server.stop()
    },
  }
}
