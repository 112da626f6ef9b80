import { join } from 'node:path'
import {
  createDatabase,
  type Database,
  globalSchema,
  type OutboxReader,
  outboxReader,
  runtimeUrl,
  startAuditSealer,
} from '@hospital/database'
import { connectMessaging, type Messaging } from '@hospital/messaging'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { ProcessConfig } from './config.ts'
import type { Deps, Running } from './deps.ts'
import { createLog } from './log.ts'
import { pruneOldRows } from './retention.ts'
import { stopOnSignal } from './signals.ts'
import { createTroubles } from './troubles.ts'

/** Where the heads of the audit chains are written down, outside the database. */
const auditAnchors = (dataDir: string): string => join(dataDir, 'audit-anchors')

/** What a service adds to the process around it. */
export interface ServiceParts {
  app: FastifyInstance
  /** Starts consumers, responders and jobs; called when database and streams are there. */
  start(): readonly Running[]
}

/**
 * Runs a service until SIGTERM or SIGINT: pools, messaging, HTTP, consumers; then a graceful end: no new requests,
 * those in hand are finished, events in hand too.
 */
export async function runService(
  config: ProcessConfig,
  build: (deps: Deps) => ServiceParts | Promise<ServiceParts>,
): Promise<void> {
  const log = createLog(config.service, config.logLevel)
  const database = await openDatabase(config, log)
  const messaging = await connectMessaging({
    url: config.natsUrl,
    user: config.service,
    password: config.natsPassword,
    name: config.service,
    log,
  })
  const deps: Deps = {
    database,
    messaging,
    log,
    troubles: createTroubles(log),
    gatewayPublicKey: config.gatewayPublicKey,
    fingerprintKey: config.appPassword,
    holdsContracts: config.holdsContracts,
    clock: () => new Date(),
  }
  const { app, start } = await build(deps)
  await app.listen({ host: config.host, port: config.port })
  messaging
    .ensureStreams()
    .catch((error: unknown) => log.warn({ err: error }, 'streams are made when the message server is back'))
  const reader = outboxReader(database)
  messaging.startRelay(reader)
  const running = [...start(), ...backgroundOf(config, deps, reader)]
  log.info({ port: config.port }, 'ready')

  stopOnSignal(log, async () => {
    // Requests first, what they stand on last: nothing in hand is lost.
    await app.close()
    await Promise.all(running.map((part) => part.close()))
    await messaging.close()
    await reader.close()
    await database.close()
  })
}

const sealing = 'seal audit trails'

/** What every service does by itself besides its features' consumers and jobs. */
export const backgroundOf = (
  { service, ownerUrl, appPassword, dataDir }: Pick<ProcessConfig, 'service' | 'ownerUrl' | 'appPassword' | 'dataDir'>,
  deps: Deps,
  reader: OutboxReader,
): Running[] => [
  ...pruneOldRows(service, deps, reader),
  {
    job: sealing,
    ...startAuditSealer({
      url: ownerUrl,
      service,
      appPassword,
      anchorDirectory: auditAnchors(dataDir),
      writtenTrails: deps.database.writtenTrails,
      onLook: (tenantId, error) =>
        error === null ? deps.troubles.over(sealing, tenantId) : deps.troubles.failed(sealing, tenantId, error),
      onSweep: (error) =>
        error === null ? deps.troubles.over(sealing, null) : deps.troubles.failed(sealing, null, error),
    }),
  },
]

const openDatabase = (config: ProcessConfig, log: Logger): Promise<Database> =>
  createDatabase({
    url: runtimeUrl(config.ownerUrl, config.appPassword),
    service: config.service,
    schema: globalSchema(config.service),
    maxPoolSize: 20,
    onError: (error) => log.warn({ err: error }, 'database connection lost'),
  })

export type { Database, Messaging }
