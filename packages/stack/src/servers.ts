import { join } from 'node:path'
import type { Config } from './config.ts'
import { checkNats, keepNats } from './nats.ts'
import { checkReachable, type DatabaseUrls, databaseUrls, keepPostgres, needsEmbeddedPostgres } from './postgres.ts'
import { gatewayUrl, type RunningProgram } from './programs.ts'
import type { Stack } from './stack-file.ts'
import type { Supervised } from './supervise.ts'
import { note, say, seconds } from './terminal.ts'
import type { Undo } from './undo.ts'

export interface Servers {
  databases: DatabaseUrls
  natsUrl: string
  postgres: (Supervised & { port: number }) | undefined
  nats: (Supervised & { port: number }) | undefined
  onChange(record: () => void): void
}

/** PostgreSQL and NATS: the given ones, checked, or embedded ones. */
export async function startServers(config: Config, undo: Undo): Promise<Servers> {
  let changed = () => {}
  const hooks = { say: note, onRestart: () => changed() }
  const started = Date.now()
  let postgres: Servers['postgres']
  if (needsEmbeddedPostgres(config)) {
    postgres = await keepPostgres(config, hooks)
    undo.add(postgres.stop)
  }
  const databases = databaseUrls(config, postgres?.port)
  await checkReachable(databases)
  let nats: Servers['nats']
  if (config.natsUrl === undefined) {
    nats = await keepNats(config, hooks)
    undo.add(nats.stop)
  } else {
    await checkNats(config.natsUrl)
  }
  say(`PostgreSQL and NATS are up (${seconds(Date.now() - started)})`)
  return {
    databases,
    natsUrl: config.natsUrl ?? `nats://127.0.0.1:${nats?.port}`,
    postgres,
    nats,
    onChange: (record) => {
      changed = record
    },
  }
}

/** What stack.json says of servers and running programs. */
export function describeStack(config: Config, servers: Servers, running: RunningProgram[], since: string): Stack {
  const identity = new URL(servers.databases.identity)
  const gateway = running.find(({ name }) => name === 'gateway')
  const nats = new URL(servers.natsUrl.split(',')[0] ?? '')
  return {
    gateway: { url: gatewayUrl(config), pid: gateway?.pid() },
    services: running
      .filter(({ name }) => name !== 'gateway')
      .map((program) => ({ name: program.name, url: program.url, pid: program.pid() })),
    postgres: {
      host: identity.hostname,
      port: Number(identity.port || 5432),
      user: decodeURIComponent(identity.username),
      databases: Object.values(servers.databases).map((url) => decodeURIComponent(new URL(url).pathname.slice(1))),
      ...(servers.postgres !== undefined && {
        pid: servers.postgres.pid(),
        password_file: join(config.secretsDir, 'database_owner_password'),
      }),
    },
    nats: { url: `${nats.protocol}//${nats.host}`, ...(servers.nats !== undefined && { pid: servers.nats.pid() }) },
    supervisor: { pid: process.pid },
    secrets_dir: config.secretsDir,
    started_at: since,
  }
}
