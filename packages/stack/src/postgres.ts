import { join } from 'node:path'
import { type Config, type Service, services } from './config.ts'
import { logFile } from './data-dir.ts'
import { accepts, freePort } from './embedded/ports.ts'
import { startPostgresServer } from './embedded/postgres-server.ts'
import { Failure } from './failure.ts'
import { readSecret } from './secrets.ts'
import { type Supervised, supervise } from './supervise.ts'

export type DatabaseUrls = Record<Service, string>

const owner = 'hospital'

/** Whether some service has no database of its own in the environment. */
export const needsEmbeddedPostgres = (config: Config): boolean =>
  services.some((service) => config.databaseUrls[service] === undefined)

/** The owner's URL of every service; those that the environment does not name are in the embedded server. */
export function databaseUrls(config: Config, embeddedPort: number | undefined): DatabaseUrls {
  const urlOf = (service: Service) => {
    const given = config.databaseUrls[service]
    if (given !== undefined) return checkedUrl(service, given)
    return `postgres://${owner}:${readSecret(config, 'database_owner_password')}@127.0.0.1:${embeddedPort}/${service}`
  }
  return { identity: urlOf('identity'), clinical: urlOf('clinical'), scheduling: urlOf('scheduling') }
}

function checkedUrl(service: Service, url: string): string {
  const example = 'for example postgres://owner:password@localhost:5432/hospital'
  const name = `DATABASE_URL (for ${service})`
  if (!URL.canParse(url)) throw new Failure(`${name} is not a URL: ${example}.`)
  const { protocol, pathname } = new URL(url)
  if (!/^postgres(ql)?:$/.test(protocol)) throw new Failure(`${name} must begin with postgres://, ${example}.`)
  if (pathname.length < 2 || pathname === `/_${service}`) throw new Failure(`${name} names no database: ${example}.`)
  return url
}

/** Fails with one line when nothing answers where a database should be. */
export async function checkReachable(urls: DatabaseUrls): Promise<void> {
  for (const url of new Set(Object.values(urls))) {
    const { hostname, port } = new URL(url)
    if (await accepts(hostname.replace(/^\[|\]$/g, ''), Number(port || 5432), 5000)) continue
    throw new Failure(
      `No PostgreSQL answers at ${hostname}:${port || 5432}: start it or correct DATABASE_URL (without it an embedded one is used).`,
    )
  }
}

/** Starts the embedded PostgreSQL and keeps it running on its port. */
export async function keepPostgres(
  config: Config,
  hooks: { onRestart(): void; say(line: string): void },
): Promise<Supervised & { port: number }> {
  const port = await freePort()
  const start = () =>
    startPostgresServer({
      dataDir: join(config.dataDir, 'postgres'),
      port,
      user: owner,
      password: readSecret(config, 'database_owner_password'),
      logFile: logFile(config.dataDir, 'postgres'),
      settings: {
        max_connections: '200',
        max_locks_per_transaction: '256', // one transaction makes every table of a hospital
        shared_buffers: '128MB',
        log_min_duration_statement: '500',
      },
      deathSignal: 'INT',
    })
  const supervised = await supervise({ name: 'PostgreSQL', start, onRestart: hooks.onRestart, say: hooks.say })
  return { ...supervised, port }
}
