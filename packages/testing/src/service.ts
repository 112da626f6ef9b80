import { createDatabase, globalSchema, type OutboxReader, outboxReader, type ServiceName } from '@hospital/database'
import { connectMessaging } from '@hospital/messaging'
import { createLog, createTroubles, type Deps, type ServiceParts } from '@hospital/service'
import type { TokenOwner } from '@hospital/stack'
import type { InjectOptions } from 'fastify'
import { type TestDatabase, testDatabase } from './database.ts'
import { startNats } from './nats.ts'
import { testGateway } from './tokens.ts'

/** Who asks, where a built-in role says what they may do: in `hospital_a` unless a hospital is named. */
export interface Asker {
  role: string
  userId: number
  tenant?: string
}

type Identified = Partial<TokenOwner> & { tenantId: string; roles: readonly string[] }

export const byRole = ({ role, userId, tenant = 'hospital_a' }: Asker): Identified => ({
  tenantId: tenant,
  roles: [role],
  userId,
})

/** What a service answered; `body` is its JSON, null when it sent something else or nothing. */
export interface Answer {
  status: number
  headers: Record<string, string | undefined>
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  body: any
  text: string
}

/** What is different from service to service. */
interface ServiceUnderTest<Who> {
  service: ServiceName
  /** The service's own: from what every service needs to its routes and its work in the background. */
  build(deps: Deps, db: TestDatabase): ServiceParts | Promise<ServiceParts>
  /** What the gateway would say of somebody. */
  identify(who: Who): Identified
  /** As whom it speaks to NATS: its own name unless given. */
  messagingName?: string
  maxPoolSize?: number | undefined
  lockTimeoutMs?: number | undefined
}

/**
 * A service with a database and NATS of its own, asked as the gateway asks. Its work in the background is built, not
 * started; the streams are made by whoever needs them.
 */
export async function startService<Who>(subject: ServiceUnderTest<Who>) {
  const { service, maxPoolSize, lockTimeoutMs } = subject
  // Why something was answered 500 stands nowhere else.
  const log = createLog(service, 'error')
  const gateway = testGateway()
  const [db, nats] = await Promise.all([testDatabase(service), startNats()])
  const database = await createDatabase({
    url: db.url,
    service,
    schema: globalSchema(service),
    ...(maxPoolSize !== undefined && { maxPoolSize }),
    ...(lockTimeoutMs !== undefined && { lockTimeoutMs }),
  })
  const messaging = await connectMessaging({ url: nats.url, name: subject.messagingName ?? service, log })
  let now: Date | null = null
  const deps = {
    database,
    messaging,
    log,
    troubles: createTroubles(log),
    holdsContracts: true,
    gatewayPublicKey: gateway.publicKey,
    clock: () => now ?? new Date(),
  }
  const parts = await subject.build(deps, db)
  const { app } = parts
  await app.ready()

  const call = async (
    who: Who | null,
    method: NonNullable<InjectOptions['method']>,
    url: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const authorization = who === null ? gateway.anonymous(service) : gateway.bearer(service, subject.identify(who))
    const response = await app.inject({
      method,
      url,
      headers: { authorization, ...headers },
      ...(body === undefined ? {} : { payload: body as Record<string, unknown> }),
    })
    const isJson = String(response.headers['content-type']).includes('json')
    return {
      status: response.statusCode,
      headers: response.headers as Record<string, string | undefined>,
      body: isJson ? response.json() : null,
      text: response.body,
    }
  }
  const readers: OutboxReader[] = []
  const endings: (() => Promise<unknown>)[] = []

  return {
    app,
    parts,
    db,
    database,
    messaging,
    deps,
    gateway,
    natsUrl: nats.url,
    call,
    get: (who: Who, url: string) => call(who, 'GET', url),
    post: (who: Who | null, url: string, body?: unknown, headers?: Record<string, string>) =>
      call(who, 'POST', url, body, headers),
    put: (who: Who, url: string, body: unknown) => call(who, 'PUT', url, body),
    del: (who: Who, url: string) => call(who, 'DELETE', url),
    patch: (who: Who, url: string, version: number, body: unknown) =>
      call(who, 'PATCH', url, body, { 'if-match': `"${version}"` }),
    /** Stops the clock at an instant; null lets it run. */
    setClock: (instant: string | null) => {
      now = instant === null ? null : new Date(instant)
    },
    /** The events of an entity, oldest first, as they stand in the outbox. */
    events: async (entity: string, id: number) => {
      const rows = await db.query<{ envelope: { type: string; data: Record<string, unknown> } }>(
        `SELECT envelope FROM ${globalSchema(service)}.outbox
         WHERE envelope->>'subject' = $1 AND envelope->>'type' LIKE $2 ORDER BY sequence`,
        [String(id), `hospital.${service}.${entity}.%`],
      )
      return rows.map(({ envelope }) => envelope)
    },
    /** Tells the events of the outbox from now on. */
    startRelay: (): OutboxReader => {
      const reader = outboxReader(database)
      readers.push(reader)
      messaging.startRelay(reader)
      return reader
    },
    /** What else is to end, while database and NATS are still there, in the order of the calls. */
    endLater: (end: () => Promise<unknown>) => void endings.push(end),
    stop: async () => {
      await app.close()
      for (const end of endings) await end()
      await messaging.close()
      await Promise.all(readers.map((reader) => reader.close()))
      await database.close()
      await nats.stop()
      await db.close()
    },
  }
}
