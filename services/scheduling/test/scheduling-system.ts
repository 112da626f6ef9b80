import {
  getPatientFacts,
  getUserFacts,
  permissionsOfRoles,
  type ReplyOf,
  type RequestContext,
} from '@hospital/contracts'
import { createDatabase, outboxReader } from '@hospital/database'
import { connectMessaging } from '@hospital/messaging'
import { createLog, createTroubles } from '@hospital/service'
import { startNats, testDatabase, testGateway } from '@hospital/testing'
import type { InjectOptions } from 'fastify'
import { buildScheduling } from '../src/app.ts'

export interface Asker {
  role: string
  userId: number
  tenant?: string
}

export interface Answer {
  status: number
  headers: Record<string, string | undefined>
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  body: any
  text: string
}

export const admin: Asker = { role: 'Admin', userId: 1 }
export const doctor: Asker = { role: 'Doctor', userId: 11 }
export const receptionist: Asker = { role: 'Receptionist', userId: 41 }
export const manager: Asker = { role: 'Manager', userId: 51 }
export const pharmacist: Asker = { role: 'Pharmacist', userId: 61 }
export const stranger: Asker = { ...receptionist, tenant: 'hospital_b' }

/** Doctors 11, 12 and 14 are active, 13 was one; patients are 101 to 160, 199 is archived. In both hospitals. */
const people = (tenant: string) => `
  INSERT INTO ${tenant}.staff (id, name) SELECT id, 'Person ' || id FROM unnest(ARRAY[1, 11, 12, 13, 14, 41, 51, 61]) id;
  INSERT INTO ${tenant}.doctors (id, name, email, status, version) VALUES
    (1, 'Person 1', 'person1@example.org', 'inactive', 1), (11, 'Ann Archer', 'ann@example.org', 'active', 1),
    (12, 'Bob Baker', 'bob@example.org', 'active', 1), (13, 'Carl Cook', 'carl@example.org', 'inactive', 1),
    (14, 'Dora Dyer', 'dora@example.org', 'active', 1);
  INSERT INTO ${tenant}.patients (id, patient_number, first_name, last_name, version)
    SELECT id, 'P' || id, 'First' || id, 'Last' || id, 1 FROM generate_series(101, 160) id;
  INSERT INTO ${tenant}.patients (id, patient_number, first_name, last_name, status, version)
    VALUES (199, 'P199', 'Old', 'Patient', 'inactive', 1);
`

/** Scheduling with a database and NATS of its own. */
export async function startScheduling(options: { poolSize?: number; lockTimeoutMs?: number } = {}) {
  const log = createLog('scheduling', 'silent')
  const gateway = testGateway()
  const [db, nats] = await Promise.all([testDatabase('scheduling'), startNats()])
  const database = await createDatabase({
    url: db.url,
    service: 'scheduling',
    schema: 'scheduling',
    maxPoolSize: options.poolSize ?? 10,
    ...(options.lockTimeoutMs === undefined ? {} : { lockTimeoutMs: options.lockTimeoutMs }),
  })
  /** What identity and clinical answer when they are asked. */
  const newcomers = new Map<number, ReplyOf<typeof getUserFacts>>()
  const newPatients = new Map<number, ReplyOf<typeof getPatientFacts>>()
  // As a program without a service's name: makes the streams of all services.
  const messaging = await connectMessaging({ url: nats.url, name: 'test', log })
  await messaging.ensureStreams()
  // Identity and clinical know nobody else.
  messaging.respond(getUserFacts, async ({ user_id }) => newcomers.get(user_id) ?? null)
  messaging.respond(getPatientFacts, async ({ patient_id }) => newPatients.get(patient_id) ?? null)
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
  const parts = buildScheduling(deps, { ownerUrl: db.ownerUrl, publicUrl: '' })
  const { app } = parts
  await app.ready()
  for (const tenant of db.tenants) await db.query(people(tenant))
  const reader = outboxReader(database)
  messaging.startRelay(reader)

  const call = async (
    who: Asker,
    method: NonNullable<InjectOptions['method']>,
    url: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const owner = { tenantId: who.tenant ?? 'hospital_a', roles: [who.role], userId: who.userId }
    const response = await app.inject({
      method,
      url,
      headers: { authorization: gateway.bearer('scheduling', owner), ...headers },
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

  return {
    app,
    db,
    deps,
    gateway,
    messaging,
    parts,
    newcomers,
    newPatients,
    call,
    get: (who: Asker, url: string) => call(who, 'GET', url),
    post: (who: Asker, url: string, body?: unknown, headers?: Record<string, string>) =>
      call(who, 'POST', url, body, headers),
    put: (who: Asker, url: string, body: unknown) => call(who, 'PUT', url, body),
    del: (who: Asker, url: string) => call(who, 'DELETE', url),
    patch: (who: Asker, url: string, version: number, body: unknown) =>
      call(who, 'PATCH', url, body, { 'if-match': `"${version}"` }),
    /** Stops the clock at an instant; null lets it run. */
    setClock: (instant: string | null) => {
      now = instant === null ? null : new Date(instant)
    },
    /** The events of an entity in the order they were written. */
    events: async (entity: string, id: number): Promise<{ verb: string; data: Record<string, unknown> }[]> => {
      const rows = await db.query<{ envelope: { type: string; data: Record<string, unknown> } }>(
        `SELECT envelope FROM scheduling.outbox WHERE envelope->>'subject' = $1 AND envelope->>'type' LIKE $2 ORDER BY sequence`,
        [String(id), `hospital.scheduling.${entity}.%`],
      )
      return rows.map(({ envelope }) => ({ verb: envelope.type.split('.')[3] ?? '', data: envelope.data }))
    },
    stop: async () => {
      await app.close()
      await messaging.close()
      await reader.close()
      await database.close()
      await nats.stop()
      await db.close()
    },
  }
}

export type SchedulingSystem = Awaited<ReturnType<typeof startScheduling>>

/** What a person with a role may do, for calls below HTTP. */
export const contextOf = (role: string): RequestContext => ({
  tenantId: 'hospital_a',
  userId: 1,
  userName: role,
  roles: [role],
  permissions: permissionsOfRoles([role]),
  sessionId: '',
  requestId: 'test',
})
