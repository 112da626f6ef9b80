import { type AppointmentFacts, BreakGlass, CareAssignment } from '@hospital/contracts'
import { type Fragment, sql, type TenantTx, table } from '@hospital/database'
import { type Static, Type } from '@sinclair/typebox'

type Assignment = Static<typeof CareAssignment>
type Opening = Static<typeof BreakGlass>

const OpeningRow = Type.Object({
  patient_id: Type.Integer(),
  related: Type.Boolean(),
  broken: Type.Boolean(),
  prescribed: Type.Boolean(),
  tested: Type.Boolean(),
})

/** Does the hospital ask for a care relation? */
export const isCareRelationRequired = (tx: TenantTx): Promise<boolean> =>
  tx.oneFirst(
    sql.type(
      Type.Object({ required: Type.Boolean() }),
    )`SELECT care_relation_required AS required FROM clinical_settings`,
  )

/**
 * How the user stands to each patient: related (also where the hospital does not ask, and where there is no such patient),
 * through glass broken within the hour, and whether anything was prescribed or ordered for the patient at all. A merged id
 * stands for the survivor.
 */
export const findOpenings = (tx: TenantTx, userId: number, patientIds: readonly number[]) =>
  tx.any(sql.type(OpeningRow)`
    SELECT p.asked AS patient_id,
      NOT s.care_relation_required OR p.id IS NULL
        OR EXISTS (SELECT FROM related_patients(${userId}) r WHERE r.patient_id = p.id AND NOT r.broken) AS related,
      s.care_relation_required
        AND EXISTS (SELECT FROM related_patients(${userId}) r WHERE r.patient_id = p.id AND r.broken) AS broken,
      s.care_relation_required AND EXISTS (SELECT FROM prescriptions d WHERE d.patient_id = p.id) AS prescribed,
      s.care_relation_required AND EXISTS (SELECT FROM lab_tests l WHERE l.patient_id = p.id) AS tested
    FROM clinical_settings s CROSS JOIN (
      SELECT asked, surviving_patient(asked) AS id FROM unnest(${sql.array([...patientIds], 'int8')}) AS asked
    ) AS p`)

/**
 * Keeps who meets whom: the newer version of an appointment wins; cancelled ones stay, and relate nobody. `assignedBy` is
 * who gave it to this doctor, where the event says so; it may come after a newer version that does not.
 */
export async function storeCareAppointment(
  tx: TenantTx,
  facts: Static<typeof AppointmentFacts>,
  assignedBy: number | null,
): Promise<void> {
  await tx.query(sql.unsafe`
    INSERT INTO care_appointments AS a (appointment_id, patient_id, doctor_id, status, version, assigned_by)
    VALUES (${facts.id}, ${facts.patient_id}, ${facts.doctor_id}, ${facts.status}, ${facts.version}, ${assignedBy})
    ON CONFLICT (appointment_id) DO UPDATE
      SET patient_id = excluded.patient_id, status = excluded.status, version = excluded.version,
        assigned_by = CASE WHEN a.doctor_id = excluded.doctor_id THEN a.assigned_by ELSE excluded.assigned_by END,
        doctor_id = excluded.doctor_id
    WHERE a.version < excluded.version`)
  await tx.query(sql.unsafe`
    UPDATE care_appointments SET assigned_by = ${assignedBy}
    WHERE appointment_id = ${facts.id} AND doctor_id = ${facts.doctor_id} AND assigned_by IS NULL`)
}

/** Whose name it is, beside a row that refers to staff. */
const named = (columns: Fragment) => sql.fragment`${columns}, s.name AS user_name`

const careAssignments = table('care_assignments', Type.Omit(CareAssignment, ['user_name']), {
  made: ['id', 'created_at', 'ended_at', 'version'],
})
const selectAssignments = sql.fragment`
  SELECT ${named(careAssignments.columns('c'))} FROM care_assignments c JOIN staff s ON s.id = c.user_id`

export const listAssignments = (tx: TenantTx, patientId: number, afterId: number, limit: number) =>
  tx.any(sql.type(CareAssignment)`
    ${selectAssignments} WHERE c.patient_id = ${patientId} AND c.id > ${afterId} ORDER BY c.id LIMIT ${limit}`)

export const lockAssignment = (tx: TenantTx, id: number): Promise<Assignment | null> =>
  tx.maybeOne(sql.type(CareAssignment)`${selectAssignments} WHERE c.id = ${id} FOR UPDATE OF c`)

const getAssignment = (tx: TenantTx, { id }: { id: number }): Promise<Assignment> =>
  tx.one(sql.type(CareAssignment)`${selectAssignments} WHERE c.id = ${id}`)

export const insertAssignment = async (
  tx: TenantTx,
  assignment: Pick<Assignment, 'patient_id' | 'user_id' | 'created_by'>,
): Promise<Assignment> => getAssignment(tx, await careAssignments.insert(tx, assignment))

export const endAssignment = async (tx: TenantTx, current: Assignment): Promise<Assignment> => ({
  ...current,
  ...(await careAssignments.update(tx, current, { ended_at: sql.fragment`now()` })),
})

const accesses = table('break_glass_accesses', Type.Omit(BreakGlass, ['user_name']), {
  made: ['id', 'opened_at', 'reviewed_by', 'reviewed_at', 'review_note', 'version'],
})
const selectOpenings = sql.fragment`
  SELECT ${named(accesses.columns('b'))} FROM break_glass_accesses b JOIN staff s ON s.id = b.user_id`

const getOpening = (tx: TenantTx, { id }: { id: number }): Promise<Opening> =>
  tx.one(sql.type(BreakGlass)`${selectOpenings} WHERE b.id = ${id}`)

export const insertOpening = async (
  tx: TenantTx,
  opening: Pick<Opening, 'patient_id' | 'user_id' | 'reason'>,
): Promise<Opening> =>
  getOpening(tx, await accesses.insert(tx, { ...opening, expires_at: sql.fragment`now() + interval '60 minutes'` }))

interface OpeningFilter {
  reviewed: boolean | undefined
  patientId: number | undefined
  before: readonly [string, number] | null
  limit: number
}

export function listOpenings(tx: TenantTx, { reviewed, patientId, before, limit }: OpeningFilter) {
  const where = [
    sql.fragment`TRUE`,
    ...(reviewed === undefined
      ? []
      : [reviewed ? sql.fragment`b.reviewed_at IS NOT NULL` : sql.fragment`b.reviewed_at IS NULL`]),
    ...(patientId === undefined ? [] : [sql.fragment`b.patient_id = ${patientId}`]),
    ...(before ? [sql.fragment`(b.opened_at, b.id) < (${before[0]}::timestamptz, ${before[1]})`] : []),
  ]
  return tx.any(sql.type(BreakGlass)`
    ${selectOpenings} WHERE ${sql.join(where, sql.fragment` AND `)} ORDER BY b.opened_at DESC, b.id DESC LIMIT ${limit}`)
}

export const lockOpening = (tx: TenantTx, id: number): Promise<Opening | null> =>
  tx.maybeOne(sql.type(BreakGlass)`${selectOpenings} WHERE b.id = ${id} FOR UPDATE OF b`)

export const reviewOpening = async (tx: TenantTx, current: Opening, by: number, note: string): Promise<Opening> => ({
  ...current,
  ...(await accesses.update(tx, current, { reviewed_by: by, reviewed_at: sql.fragment`now()`, review_note: note })),
})

export const staffExists = (tx: TenantTx, id: number): Promise<boolean> =>
  tx.oneFirst(
    sql.type(
      Type.Object({ known: Type.Boolean() }),
    )`SELECT EXISTS (SELECT FROM staff WHERE id = ${id} AND status <> 'inactive') AS known`,
  )
