import { sharedPostgresUrl } from './config.ts'
import { startTestDatabase } from './gate/test-database.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** A real PostgreSQL 18 for tests. */
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

/** A PostgreSQL nobody else uses: for tests that stop it. */
export async function startOwnPostgres(): Promise<TestPostgres & { kill(): void }> {
  const folder = await temporaryFolder()
  const server = await startTestDatabase(folder.path)
  return {
    url: server.url,
    kill: server.kill,
    stop: async () => {
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
