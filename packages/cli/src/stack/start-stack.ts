import { join } from 'node:path'
import type { Config } from '../config.ts'
import { loadDemo } from '../demo/load-demo.ts'
import { ensureFirstPeople } from '../people/first-people.ts'
import { checkSecrets, makeSecrets } from '../secrets.ts'
import { say, seconds } from '../terminal.ts'
import { prepareDataDir } from './data-dir.ts'
import { lockDataDir } from './lock.ts'
import { migrateAll } from './migrate-all.ts'
import { checkNats, keepNats } from './nats.ts'
import { endOrphans } from './orphans.ts'
import { checkReachable, type DatabaseUrls, databaseUrls, keepPostgres, needsEmbeddedPostgres } from './postgres.ts'
import {
  checkGatewayPort,
  gatewayUrl,
  type RunningProgram,
  type Surroundings,
  startGateway,
  startServices,
  untilReady,
} from './programs.ts'
import { readStack, removeStack, type Stack, writeStack } from './stack-file.ts'
import { summary } from './summary.ts'
import type { Supervised } from './supervise.ts'

export interface RunningStack {
  stop(): Promise<void>
}

/** Ends what was started, the newest first. */
interface Undo {
  add(step: () => Promise<void> | void): void
  run(): Promise<void>
}

function undoList(): Undo {
  const steps: (() => Promise<void> | void)[] = []
  return {
    add: (step) => void steps.push(step),
    run: async () => {
      for (let step = steps.pop(); step !== undefined; step = steps.pop()) await step()
    },
  }
}

/** Starts everything and answers when the gateway is ready; whatever goes wrong, nothing is left running. */
export async function startStack(config: Config, stop: AbortSignal): Promise<RunningStack> {
  const undo = undoList()
  try {
    await bringUp(config, stop, undo)
    return { stop: undo.run }
  } catch (error) {
    await undo.run()
    throw error
  }
}

async function bringUp(config: Config, stop: AbortSignal, undo: Undo): Promise<void> {
  const started = Date.now()
  prepareDataDir(config.dataDir)
  undo.add(lockDataDir(config.dataDir))
  await endOrphans(config.dataDir, readStack(config.dataDir))
  await checkGatewayPort(config)
  if (config.production) checkSecrets(config)
  else makeSecrets(config)

  const servers = await startServers(config, undo)
  stop.throwIfAborted()
  const { databases, natsUrl } = servers
  const report = await migrateAll(config, databases)
  for (const { service, tenantId, error } of report.failed) {
    say(`  ! ${service}: ${tenantId} was not migrated (${error}); the other hospitals run`)
  }
  const people = await ensureFirstPeople(config, databases, { canLoad: true })

  let running: RunningProgram[] = []
  const since = new Date().toISOString()
  const record = () => writeStack(config.dataDir, describe(config, servers, running, since))
  servers.onChange(record)
  const surroundings: Surroundings = {
    databaseUrls: databases,
    natsUrl,
    onRestart: () => record(),
    say: note,
  }
  const services = await startServices(config, surroundings)
  undo.add(() => Promise.all(services.map((service) => service.stop())).then(() => {}))
  for (const service of services) await untilReady(service)
  stop.throwIfAborted()
  // Before the door opens: who finds it open finds the demo people inside.
  if (people.demo.loads) await loadDemo(config, { services, databases, hospitals: people.demo.hospitals, stop })
  const gateway = await startGateway(config, surroundings, services)
  undo.add(() => removeStack(config.dataDir))
  undo.add(gateway.stop)
  running = [...services, gateway]
  record()
  await untilReady(gateway)
  stop.throwIfAborted()
  say(summary(config, { databases, people, milliseconds: Date.now() - started }))
}

interface Servers {
  databases: DatabaseUrls
  natsUrl: string
  postgres: (Supervised & { port: number }) | undefined
  nats: (Supervised & { port: number }) | undefined
  onChange(record: () => void): void
}

/** PostgreSQL and NATS: the given ones, checked, or embedded ones. */
async function startServers(config: Config, undo: Undo): Promise<Servers> {
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

function note(line: string): void {
  say(`${new Date().toISOString().slice(11, 19)} ${line}`)
}

function describe(config: Config, servers: Servers, running: RunningProgram[], since: string): Stack {
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
