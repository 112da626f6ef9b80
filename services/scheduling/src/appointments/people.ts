import type { RequestContext } from '@hospital/contracts'
import { type Database, sql } from '@hospital/database'
import { type Deps, ensureDoctor, ensureStaff } from '@hospital/service'
import { Type } from '@sinclair/typebox'
import { ensurePatient } from '../patients/consumers.ts'

const Known = Type.Object({ staff: Type.Boolean(), doctor: Type.Boolean(), patient: Type.Boolean() })

/** Whose copies were seen here: rows are never deleted, so this never turns wrong. Spares a question a booking. */
const seen = new WeakMap<Database, Set<string>>()
const mostSeen = 100_000

function seenIn(database: Database): Set<string> {
  const known = seen.get(database) ?? new Set<string>()
  if (known.size > mostSeen) known.clear()
  seen.set(database, known)
  return known
}

/**
 * Makes sure that the copies of whoever takes part are here, asking the other services for those that were made a
 * moment ago; for a step before the transaction.
 */
export async function ensurePeople(
  deps: Deps,
  context: RequestContext,
  people: { doctorId?: number | null | undefined; patientId?: number | undefined },
): Promise<void> {
  const doctorId = people.doctorId ?? null
  const patientId = people.patientId ?? null
  const key = (kind: string, id: number) => `${context.tenantId} ${kind} ${id}`
  const keys = [
    key('staff', context.userId),
    ...(doctorId === null ? [] : [key('doctor', doctorId)]),
    ...(patientId === null ? [] : [key('patient', patientId)]),
  ]
  const cache = seenIn(deps.database)
  if (keys.every((name) => cache.has(name))) return
  const known = await deps.database.inTenant(context, (tx) =>
    tx.one(sql.type(Known)`
      SELECT EXISTS (SELECT FROM staff WHERE id = ${context.userId}) AS staff,
        EXISTS (SELECT FROM doctors WHERE id = ${doctorId}) AS doctor,
        EXISTS (SELECT FROM patients WHERE id = ${patientId}) AS patient`),
  )
  if (known.staff) cache.add(key('staff', context.userId))
  else await ensureStaff(deps, context, context.userId)
  if (doctorId !== null) {
    if (known.doctor) cache.add(key('doctor', doctorId))
    else await ensureDoctor(deps, context, doctorId)
  }
  if (patientId !== null) {
    if (known.patient) cache.add(key('patient', patientId))
    else await ensurePatient(deps, context, patientId)
  }
}
