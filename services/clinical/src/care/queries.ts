import type { AppointmentFacts, BreakGlass, CareAssignment } from '@hospital/contracts'
import { BreakGlass as BreakGlassSchema, CareAssignment as CareAssignmentSchema } from '@hospital/contracts'
import { sql, type TenantTx } from '@hospital/database'
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

const assignmentColumns = sql.fragment`
  c.id, c.patient_id, c.user_id, s.name AS user_name, c.created_by, c.created_at, c.ended_at, c.version`

export const listAssignments = (tx: TenantTx, patientId: number, afterId: number, limit: number) =>
  tx.any(sql.type(CareAssignmentSchema)`
    SELECT ${assignmentColumns} FROM care_assignments c JOIN staff s ON s.id = c.user_id
    WHERE c.patient_id = surviving_patient(${patientId}::bigint) AND c.id > ${afterId} ORDER BY c.id LIMIT ${limit}`)

export const insertAssignment = (tx: TenantTx, patientId: number, userId: number, by: number): Promise<Assignment> =>
  tx.one(sql.type(CareAssignmentSchema)`
    WITH c AS (
      INSERT INTO care_assignments (patient_id, user_id, created_by) VALUES (${patientId}, ${userId}, ${by}) RETURNING *
    ) SELECT ${assignmentColumns} FROM c JOIN staff s ON s.id = c.user_id`)

export const lockAssignment = (tx: TenantTx, id: number): Promise<Assignment | null> =>
  tx.maybeOne(sql.type(CareAssignmentSchema)`
    SELECT ${assignmentColumns} FROM care_assignments c JOIN staff s ON s.id = c.user_id WHERE c.id = ${id} FOR UPDATE OF c`)

export const endAssignment = (tx: TenantTx, id: number): Promise<Assignment> =>
  tx.one(sql.type(CareAssignmentSchema)`
    WITH c AS (
      UPDATE care_assignments SET ended_at = now(), version = version + 1 WHERE id = ${id} RETURNING *
    ) SELECT ${assignmentColumns} FROM c JOIN staff s ON s.id = c.user_id`)

const openingColumns = sql.fragment`
  b.id, b.patient_id, b.user_id, s.name AS user_name, b.reason, b.opened_at, b.expires_at, b.reviewed_by, b.reviewed_at,
  b.review_note, b.version`

export const insertOpening = (tx: TenantTx, patientId: number, userId: number, reason: string): Promise<Opening> =>
  tx.one(sql.type(BreakGlassSchema)`
    WITH b AS (
      INSERT INTO break_glass_accesses (patient_id, user_id, reason, expires_at)
      VALUES (${patientId}, ${userId}, ${reason}, now() + interval '60 minutes') RETURNING *
    ) SELECT ${openingColumns} FROM b JOIN staff s ON s.id = b.user_id`)

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
  return tx.any(sql.type(BreakGlassSchema)`
    SELECT ${openingColumns} FROM break_glass_accesses b JOIN staff s ON s.id = b.user_id
    WHERE ${sql.join(where, sql.fragment` AND `)} ORDER BY b.opened_at DESC, b.id DESC LIMIT ${limit}`)
}

export const lockOpening = (tx: TenantTx, id: number): Promise<Opening | null> =>
  tx.maybeOne(sql.type(BreakGlassSchema)`
    SELECT ${openingColumns} FROM break_glass_accesses b JOIN staff s ON s.id = b.user_id WHERE b.id = ${id} FOR UPDATE OF b`)

export const reviewOpening = (tx: TenantTx, id: number, by: number, note: string): Promise<Opening> =>
  tx.one(sql.type(BreakGlassSchema)`
    WITH b AS (
      UPDATE break_glass_accesses SET reviewed_by = ${by}, reviewed_at = now(), review_note = ${note}, version = version + 1
      WHERE id = ${id} RETURNING *
    ) SELECT ${openingColumns} FROM b JOIN staff s ON s.id = b.user_id`)

export const patientExists = (tx: TenantTx, id: number): Promise<boolean> =>
  tx.oneFirst(
    sql.type(Type.Object({ known: Type.Boolean() }))`SELECT EXISTS (SELECT FROM patients WHERE id = ${id}) AS known`,
  )

export const staffExists = (tx: TenantTx, id: number): Promise<boolean> =>
  tx.oneFirst(
    sql.type(
      Type.Object({ known: Type.Boolean() }),
    )`SELECT EXISTS (SELECT FROM staff WHERE id = ${id} AND status <> 'inactive') AS known`,
  )
