import {
  getPatientFacts,
  getUserFacts,
  permissionsOfRoles,
  type ReplyOf,
  type RequestContext,
} from '@hospital/contracts'
import { type Asker, byRole, startService } from '@hospital/testing/service'
import { buildScheduling } from '../src/app.ts'

export type { Answer } from '@hospital/testing/service'

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
  const { poolSize, lockTimeoutMs } = options
  const system = await startService({
    service: 'scheduling',
    build: (deps, { ownerUrl }) => buildScheduling(deps, { ownerUrl, publicUrl: '' }),
    identify: byRole,
    // As a program without a service's name: makes the streams of all services.
    messagingName: 'test',
    maxPoolSize: poolSize,
    lockTimeoutMs,
  })
  const { db, messaging } = system
  await messaging.ensureStreams()
  /** What identity and clinical answer when they are asked; they know nobody else. */
  const newcomers = new Map<number, ReplyOf<typeof getUserFacts>>()
  const newPatients = new Map<number, ReplyOf<typeof getPatientFacts>>()
  messaging.respond(getUserFacts, async ({ user_id }) => newcomers.get(user_id) ?? null)
  messaging.respond(getPatientFacts, async ({ patient_id }) => newPatients.get(patient_id) ?? null)
  for (const tenant of db.tenants) await db.query(people(tenant))
  system.startRelay()

  return {
    ...system,
    newcomers,
    newPatients,
    /** The events of an entity in the order they were written. */
    events: async (entity: string, id: number): Promise<{ verb: string; data: Record<string, unknown> }[]> =>
      (await system.events(entity, id)).map(({ type, data }) => ({ verb: type.split('.')[3] ?? '', data })),
  }
}

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
