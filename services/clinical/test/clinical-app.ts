import { getUserFacts } from '@hospital/contracts'
import { type Asker, byRole, startService } from '@hospital/testing/service'
import { buildClinical } from '../src/app.ts'

export type { Asker }

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
  const system = await startService({
    service: 'clinical',
    build: (deps, { ownerUrl }) => buildClinical(deps, { ownerUrl }),
    identify: byRole,
    ...options,
  })
  const { db, messaging } = system
  // Stands in for identity, which knows nobody else.
  messaging.respond(getUserFacts, async () => null)
  for (const tenant of db.tenants) {
    await db.query(
      `INSERT INTO ${tenant}.staff (id, name) SELECT id, 'Person ' || id FROM unnest(ARRAY[1, 11, 12, 13, 21, 31, 32, 41, 51]) id`,
    )
    await db.query(
      `INSERT INTO ${tenant}.doctors (id, name, status) VALUES (11, 'Person 11', 'active'), (12, 'Person 12', 'active'), (13, 'Person 13', 'inactive')`,
    )
  }

  /** Posts; what the allergy check does not understand is decided, and posted again. */
  const decide = async (who: Asker, path: string, body: object) => {
    const answer = await system.post(who, path, body)
    if (answer.body.code !== 'checks-undecided') return answer
    const decisions = answer.body.parts.map(({ check, part }: { check: string; part: string }) => ({
      check,
      part,
      reason: 'asked the patient',
    }))
    return system.post(who, path, { ...body, decisions })
  }

  return {
    ...system,
    decide,
    /** A patient who was asked about allergies, straight into the table. */
    newPatient: async (
      fields: { born?: string; gender?: string; tenant?: string; status?: string; allergies?: string | null } = {},
    ): Promise<number> => {
      const [row] = await db.query<{ id: string }>(
        `INSERT INTO ${fields.tenant ?? 'hospital_a'}.patients (patient_number, first_name, last_name, date_of_birth, gender, status, allergies)
         VALUES (gen_random_uuid()::text, 'Ada', 'Test', $1, $2, $3, $4) RETURNING id`,
        [
          fields.born ?? '1985-03-15',
          fields.gender ?? 'Female',
          fields.status ?? 'active',
          fields.allergies === undefined ? 'No known allergies' : fields.allergies,
        ],
      )
      return Number(row?.id)
    },
  }
}
