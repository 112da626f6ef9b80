import { getUserFacts } from '@hospital/contracts'
import { createDatabase } from '@hospital/database'
import { connectMessaging } from '@hospital/messaging'
import { createLog, createTroubles } from '@hospital/service'
import { startNats, testDatabase, testGateway } from '@hospital/testing'
import type { InjectOptions } from 'fastify'
import { buildClinical } from '../src/app.ts'

/** Who asks: the built-in role, the user and the hospital. */
export interface Asker {
  role: string
  userId: number
  tenant?: string
}

type Body = Record<string, unknown>
export interface Answer {
  status: number
  headers: Record<string, unknown>
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  body: any
}

export const doctor: Asker = { role: 'Doctor', userId: 11 }
export const otherDoctor: Asker = { role: 'Doctor', userId: 12 }
export const nurse: Asker = { role: 'Nurse', userId: 21 }
export const technician: Asker = { role: 'Lab Technician', userId: 31 }
export const otherTechnician: Asker = { role: 'Lab Technician', userId: 32 }
export const admin: Asker = { role: 'Admin', userId: 1 }
export const receptionist: Asker = { role: 'Receptionist', userId: 41 }
export const pharmacist: Asker = { role: 'Pharmacist', userId: 51 }

/** Clinical with a database and NATS of its own; users 11 and 12 are doctors, 13 was one, in both hospitals. */
export async function startClinicalApp(options: { lockTimeoutMs?: number } = {}) {
  const log = createLog('clinical', 'silent')
  const gateway = testGateway()
  const [db, nats] = await Promise.all([testDatabase('clinical'), startNats()])
  const database = await createDatabase({ url: db.url, service: 'clinical', schema: 'clinical', ...options })
  const messaging = await connectMessaging({ url: nats.url, name: 'clinical', log })
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
  // Stands in for identity, which knows nobody else.
  messaging.respond(getUserFacts, async () => null)
  const { app } = buildClinical(deps, { ownerUrl: db.ownerUrl })
  await app.ready()
  for (const tenant of db.tenants) {
    await db.query(
      `INSERT INTO ${tenant}.staff (id, name) SELECT id, 'Person ' || id FROM unnest(ARRAY[1, 11, 12, 13, 21, 31, 32, 41, 51]) id`,
    )
    await db.query(
      `INSERT INTO ${tenant}.doctors (id, name, status) VALUES (11, 'Person 11', 'active'), (12, 'Person 12', 'active'), (13, 'Person 13', 'inactive')`,
    )
  }

  const call = async (
    who: Asker,
    method: InjectOptions['method'],
    url: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const authorization = gateway.bearer('clinical', {
      tenantId: who.tenant ?? 'hospital_a',
      roles: [who.role],
      userId: who.userId,
    })
    const response = await app.inject({
      ...(method ? { method } : {}),
      url,
      headers: { authorization, ...headers },
      ...(body === undefined ? {} : { payload: body as Body }),
    })
    return {
      status: response.statusCode,
      headers: response.headers,
      body: response.body === '' ? null : response.json(),
    }
  }

  return {
    app,
    gateway,
    deps,
    natsUrl: nats.url,
    db,
    database,
    messaging,
    /** Stops the clock at an instant; null lets it run. */
    setClock: (instant: string | null) => {
      now = instant === null ? null : new Date(instant)
    },
    get: (who: Asker, url: string) => call(who, 'GET', url),
    post: (who: Asker, url: string, body?: unknown, headers?: Record<string, string>) =>
      call(who, 'POST', url, body, headers),
    patch: (who: Asker, url: string, version: number, body: unknown) =>
      call(who, 'PATCH', url, body, { 'if-match': `"${version}"` }),
    call,
    /** A patient, straight into the table. */
    newPatient: async (
      fields: { born?: string; gender?: string; tenant?: string; status?: string } = {},
    ): Promise<number> => {
      const [row] = await db.query<{ id: string }>(
        `INSERT INTO ${fields.tenant ?? 'hospital_a'}.patients (patient_number, first_name, last_name, date_of_birth, gender, status)
         VALUES (gen_random_uuid()::text, 'Ada', 'Test', $1, $2, $3) RETURNING id`,
        [fields.born ?? '1985-03-15', fields.gender ?? 'Female', fields.status ?? 'active'],
      )
      return Number(row?.id)
    },
    /** The events of an entity, oldest first, as they stand in the outbox. */
    events: async (entity: string, id: number) => {
      const rows = await db.query<{ envelope: { type: string; data: Body } }>(
        `SELECT envelope FROM clinical.outbox WHERE envelope->>'subject' = $1 AND envelope->>'type' LIKE $2 ORDER BY sequence`,
        [String(id), `hospital.clinical.${entity}.%`],
      )
      return rows.map(({ envelope }) => envelope)
    },
    stop: async () => {
      await app.close()
      await messaging.close()
      await database.close()
      await nats.stop()
      await db.close()
    },
  }
}

export type ClinicalApp = Awaited<ReturnType<typeof startClinicalApp>>
