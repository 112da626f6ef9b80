import type { Config } from './config.ts'
import { prepareDataDir } from './data-dir.ts'
import { lockDataDir } from './lock.ts'
import { endOrphans } from './orphans.ts'
import { checkReachable, type DatabaseUrls, databaseUrls, keepPostgres, needsEmbeddedPostgres } from './postgres.ts'
import { checkSecrets, makeSecrets } from './secrets.ts'
import { readStack, runningStack } from './stack-file.ts'

/**
 * Gives a command the databases: those of the environment, those of the stack that runs, or the embedded PostgreSQL,
 * started for as long as the command takes.
 */
export async function withDatabases<T>(config: Config, work: (urls: DatabaseUrls) => Promise<T>): Promise<T> {
  prepareDataDir(config.dataDir)
  if (config.production) checkSecrets(config)
  else makeSecrets(config)
  if (!needsEmbeddedPostgres(config)) {
    const urls = databaseUrls(config, undefined)
    await checkReachable(urls)
    return await work(urls)
  }
  const running = runningStack(config.dataDir)
  if (running !== undefined) return await work(databaseUrls(config, running.postgres.port))
  return await withOwnPostgres(config, work)
}

async function withOwnPostgres<T>(config: Config, work: (urls: DatabaseUrls) => Promise<T>): Promise<T> {
  const unlock = lockDataDir(config.dataDir)
  try {
    await endOrphans(config.dataDir, readStack(config.dataDir))
    const postgres = await keepPostgres(config, { onRestart: () => {}, say: () => {} })
    try {
      return await work(databaseUrls(config, postgres.port))
    } finally {
      await postgres.stop()
    }
  } finally {
    unlock()
  }
}
