import type { RequestContext } from '@hospital/contracts'
import { sql } from '@hospital/database'
import { type Deps, ensureDoctor, ensureStaff } from '@hospital/service'
import { Type } from '@sinclair/typebox'
import { ensurePatient } from '../patients/consumers.ts'

const Known = Type.Object({ staff: Type.Boolean(), doctor: Type.Boolean(), patient: Type.Boolean() })

/**
 * Makes sure that the copies of whoever takes part are here, asking the other services for those that were made a
 * moment ago; for a step before the transaction. One question when all are known, as almost always.
 */
export async function ensurePeople(
  deps: Deps,
  context: RequestContext,
  people: { doctorId?: number | null | undefined; patientId?: number | undefined },
): Promise<void> {
  const { doctorId, patientId } = people
  const known = await deps.database.inTenant(context, (tx) =>
    tx.one(sql.type(Known)`
      SELECT EXISTS (SELECT FROM staff WHERE id = ${context.userId}) AS staff,
        EXISTS (SELECT FROM doctors WHERE id = ${doctorId ?? null}) AS doctor,
        EXISTS (SELECT FROM patients WHERE id = ${patientId ?? null}) AS patient`),
  )
  if (!known.staff) await ensureStaff(deps, context, context.userId)
  if (!known.doctor && doctorId) await ensureDoctor(deps, context, doctorId)
  if (!known.patient && patientId) await ensurePatient(deps, context, patientId)
}
