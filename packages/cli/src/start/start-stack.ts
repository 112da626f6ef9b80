import { loadDemo } from '@hospital/demo'
import {
  checkGatewayPort,
  checkSecrets,
  type DevRun,
  describeStack,
  endOrphans,
  lockDataDir,
  makeSecrets,
  migrateAll,
  prepareDataDir,
  type RunningProgram,
  readStack,
  removeStack,
  type Surroundings,
  startGateway,
  startServers,
  startServices,
  type Undo,
  undoList,
  untilReady,
  writeStack,
} from '@hospital/stack'
import type { Config } from '@hospital/stack/config'
import { note, say } from '@hospital/stack/terminal'
import { ensureFirstPeople } from '../people/first-people.ts'
import { summary } from './summary.ts'

interface RunningStack {
  stop(): Promise<void>
}

/** Starts everything and answers when the gateway is ready; whatever goes wrong, nothing is left running. */
export async function startStack(config: Config, stop: AbortSignal, dev?: DevRun): Promise<RunningStack> {
  const undo = undoList()
  try {
    await bringUp(config, stop, undo, dev)
    return { stop: undo.run }
  } catch (error) {
    await undo.run()
    throw error
  }
}

async function bringUp(config: Config, stop: AbortSignal, undo: Undo, dev: DevRun | undefined): Promise<void> {
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
  const record = () => writeStack(config.dataDir, describeStack(config, servers, running, since))
  servers.onChange(record)
  const surroundings: Surroundings = {
    databaseUrls: databases,
    natsUrl,
    onRestart: () => record(),
    say: note,
    dev,
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
