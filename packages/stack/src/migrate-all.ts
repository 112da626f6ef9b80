import {
  ensureDatabase,
  listTenants,
  type MigrationProgress,
  MigrationRefused,
  type MigrationReport,
  migrateService,
} from '@hospital/database'
import { type Config, type Service, services } from './config.ts'
import { Failure } from './failure.ts'
import type { DatabaseUrls } from './postgres.ts'
import { readSecret } from './secrets.ts'
import { type ProgressBar, progressBar, say, seconds } from './terminal.ts'

interface MigrationResult {
  failed: { service: Service; tenantId: string; error: string }[]
  /** How many global files and hospitals something ran for. */
  changes: number
}

/** Brings the three databases, and every hospital in them, to the newest version; makes them when they are missing. */
export async function migrateAll(config: Config, urls: DatabaseUrls): Promise<MigrationResult> {
  const started = Date.now()
  const result: MigrationResult = { failed: [], changes: 0 }
  const appPassword = readSecret(config, 'database_app_password')
  let tenants: string[] = []
  for (const service of services) {
    const url = urls[service]
    const bar = lazyBar(config, service)
    const report = await explained(service, url, async () => {
      await ensureDatabase(url)
      return await migrateService({ url, service, appPassword, tenants, onProgress: bar.update })
    })
    bar.end()
    collect(result, service, report)
    if (service === 'identity') tenants = await listTenants(url)
  }
  const what = result.changes === 0 ? 'are up to date' : `were migrated: ${result.changes} changes`
  say(`The databases ${what} (${seconds(Date.now() - started)})`)
  return result
}

function collect(result: MigrationResult, service: Service, report: MigrationReport): void {
  result.changes += report.global.length + report.migrated.length
  for (const { tenantId, error } of report.failed) result.failed.push({ service, tenantId, error })
}

/** A bar once there is something to show. */
function lazyBar(config: Config, service: Service): { update(progress: MigrationProgress): void; end(): void } {
  let bar: ProgressBar | undefined
  return {
    update({ done, total, failed }) {
      bar ??= progressBar(service.padEnd(10), total, config.isTerminal)
      bar.update(done, failed)
    },
    end: () => bar?.end(),
  }
}

/** The errors people can do something about, as one line each. */
async function explained<T>(service: Service, url: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof MigrationRefused) throw new Failure(error.message)
    const { code, message } = error as { code?: string; message: string }
    const { username, hostname, port, pathname } = new URL(url)
    const place = `${hostname}:${port || 5432}${pathname}`
    const reasons: Record<string, string> = {
      '28P01': `PostgreSQL at ${place} refuses the password of "${username}": correct the database URL of ${service}.`,
      '28000': `PostgreSQL at ${place} does not let "${username}" in: correct the database URL of ${service}, or pg_hba.conf.`,
      '42501': `"${username}" may not do this in ${place}: ${message}. The URL must be that of an owner who may create databases, schemas and roles.`,
      '53100': `The disk of PostgreSQL at ${place} is full.`,
      ENOTFOUND: `There is no host ${hostname}: correct the database URL of ${service}.`,
      ECONNREFUSED: `No PostgreSQL answers at ${place}: start it or correct the database URL of ${service}.`,
    }
    const reason = reasons[code ?? '']
    if (reason !== undefined) throw new Failure(reason)
    throw new Failure(`The migration of ${service} (${place}) failed: ${message}`)
  }
}
