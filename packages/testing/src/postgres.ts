import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { freePort, startPostgresServer } from '@hospital/cli'
import { sharedPostgresUrl } from './config.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** A real PostgreSQL 18 for tests: nothing in it survives, so nothing waits for the disk. */
export interface TestPostgres {
  /** The owner (a superuser) on the database `postgres`. */
  url: string
  stop(): Promise<void>
}

/** The PostgreSQL of the running `npm test`, else one of our own on a free port. */
export async function startPostgres(): Promise<TestPostgres> {
  if (sharedPostgresUrl !== undefined) return { url: sharedPostgresUrl, stop: async () => {} }
  return startOwnPostgres()
}

/** A PostgreSQL nobody else uses: for tests that stop it, and for the test runner. */
export async function startOwnPostgres(): Promise<TestPostgres & { kill(): void }> {
  const folder = await temporaryFolder()
  const port = await freePort()
  const password = randomBytes(12).toString('hex')
  const server = await startPostgresServer({
    dataDir: join(folder.path, 'postgres'),
    port,
    user: 'owner',
    password,
    logFile: join(folder.path, 'postgres.log'),
    settings: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      max_connections: '300',
      max_locks_per_transaction: '256',
      shared_buffers: '128MB',
      autovacuum: 'off',
    },
    deathSignal: 'KILL',
  })
  const kill = () => server.process.kill('SIGKILL')
  process.once('exit', kill)
  return {
    url: `postgres://owner:${password}@127.0.0.1:${port}/postgres`,
    kill,
    stop: async () => {
      process.off('exit', kill)
      server.process.kill('SIGQUIT') // its data is thrown away: no checkpoint
      await server.stop()
      await folder.remove()
    },
  }
}

/** The same server, another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.href
}
