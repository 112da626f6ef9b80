import { Check, Dispense, Prescription, StatusChange } from '@hospital/contracts'
import { type Fragment, sql, type TenantTx, table } from '@hospital/database'
import { Type } from '@sinclair/typebox'
import { actor, utc } from '../references.ts'

/** The entity without what is counted or stands in other tables. */
const StoredPrescription = Type.Omit(Prescription, [
  'remaining_quantity',
  'dispenses',
  'status_changes',
  'questions',
  'countersignature',
])
export const prescriptions = table('prescriptions', StoredPrescription, {
  made: [
    'id',
    'status',
    'status_reason',
    'revised_by',
    'other_drug',
    'renews',
    'dispensed_before',
    'verified_by',
    'verified_at',
    'verify_reason',
    'refused_by',
    'packed_by',
    'packed_at',
    'pack_unit',
    'verbal',
    'countersigned_at',
    'dispensed_quantity',
    'source',
    'created_at',
    'updated_at',
    'version',
  ],
  readAs: { dose_amount: 'decimal' },
})

const of = { prescription_id: Type.Integer() }
/** Each hand-out with what its checks found; the database counts it and refuses what is above the ceiling. */
export const dispenses = table('dispenses', Type.Object({ ...of, ...Dispense.properties, checks: Type.Array(Check) }), {
  made: ['id'],
})
const statusChanges = table('prescription_status_changes', Type.Object({ ...of, ...StatusChange.properties }), {
  made: [],
})

const selectPrescriptions = sql.fragment`
  SELECT ${prescriptions.columns('p')},
    CASE WHEN p.quantity IS NOT NULL THEN
      greatest(0, p.quantity::bigint * (p.refills_allowed + 1) - p.dispensed_before - p.dispensed_quantity) END
      AS remaining_quantity,
    coalesce((SELECT jsonb_agg(jsonb_build_object('id', d.id, 'quantity', d.quantity, 'dispensed_by', d.dispensed_by,
        'dispensed_at', ${utc('d.dispensed_at')}, 'notes', d.notes, 'override_reason', d.override_reason,
        'early', d.early) ORDER BY d.id)
      FROM dispenses d WHERE d.prescription_id = p.id), '[]') AS dispenses,
    coalesce((SELECT jsonb_agg(jsonb_build_object('from_status', c.from_status, 'to_status', c.to_status,
        'reason', c.reason, 'changed_by', c.changed_by, 'changed_at', ${utc('c.changed_at')}) ORDER BY c.id)
      FROM prescription_status_changes c WHERE c.prescription_id = p.id), '[]') AS status_changes,
    coalesce((SELECT jsonb_agg(jsonb_build_object('id', q.id, 'question', q.question, 'asked_by', q.asked_by,
        'asked_at', ${utc('q.asked_at')}, 'answer', q.answer, 'answered_by', q.answered_by,
        'answered_at', ${utc('q.answered_at')}) ORDER BY q.id)
      FROM prescription_questions q WHERE q.prescription_id = p.id), '[]') AS questions,
    CASE WHEN p.verbal THEN CASE WHEN p.countersigned_at IS NULL THEN 'awaited' ELSE 'given' END END AS countersignature
  FROM prescriptions p`

export const findPrescription = (tx: TenantTx, id: number): Promise<Prescription | null> =>
  tx.maybeOne(sql.type(Prescription)`${selectPrescriptions} WHERE p.id = ${id}`)

/** Nobody else changes it until the commit; rows that refer to it can still be added. */
export async function lockPrescription(tx: TenantTx, id: number): Promise<Prescription | null> {
  // Locked first and read after: the sums of what was waited for are then in.
  await tx.query(sql.unsafe`SELECT FROM prescriptions WHERE id = ${id} FOR NO KEY UPDATE`)
  return findPrescription(tx, id)
}

export const getPrescription = (tx: TenantTx, id: number): Promise<Prescription> =>
  tx.one(sql.type(Prescription)`${selectPrescriptions} WHERE p.id = ${id}`)

interface PrescriptionFilter {
  patient_id?: number
  doctor_id?: number
  status?: Prescription['status']
  question?: 'open'
  countersignature?: 'awaited'
}

/** What the rule on charts asks of a row of the list. */
export const prescriptionRow = {
  patient: sql.fragment`p.patient_id`,
  isOwn: (userId: number) => sql.fragment`(p.entered_by = ${userId} AND p.source IS NULL)`,
}

export function listPrescriptions(
  tx: TenantTx,
  { patient_id, doctor_id, status, question, countersignature }: PrescriptionFilter,
  after: { at: string; id: number } | null,
  limit: number,
  open: Fragment,
): Promise<readonly Prescription[]> {
  const conditions = [
    open,
    ...(patient_id === undefined ? [] : [sql.fragment`p.patient_id = surviving_patient(${patient_id}::bigint)`]),
    ...(doctor_id === undefined ? [] : [sql.fragment`p.doctor_id = ${doctor_id}`]),
    ...(status === undefined ? [] : [sql.fragment`p.status = ${status}`]),
    ...(question === undefined
      ? []
      : [
          sql.fragment`p.status = 'on_hold'
            AND p.id IN (SELECT prescription_id FROM prescription_questions WHERE answer IS NULL)`,
        ]),
    ...(countersignature === undefined ? [] : [sql.fragment`p.verbal AND p.countersigned_at IS NULL`]),
    ...(after === null
      ? []
      : [sql.fragment`(p.prescribed_date, p.id) < (${after.at}::timestamptz, ${after.id}::bigint)`]),
  ]
  return tx.any(sql.type(Prescription)`
    ${selectPrescriptions} WHERE ${sql.join(conditions, sql.fragment` AND `)}
    ORDER BY p.prescribed_date DESC, p.id DESC LIMIT ${limit}`)
}

/** Moves a prescription to a status and keeps who did it and why. */
export async function setStatus(
  tx: TenantTx,
  current: Pick<Prescription, 'id' | 'status' | 'version'>,
  change: {
    status: Prescription['status']
    reason: string | null
    revisedBy?: number
    isRefusal?: boolean
    at: string
  },
): Promise<void> {
  await prescriptions.update(tx, current, {
    status: change.status,
    status_reason: change.reason,
    revised_by: change.revisedBy ?? null,
    refused_by: change.isRefusal ? actor(tx) : null,
    updated_at: change.at,
  })
  await statusChanges.insert(tx, {
    prescription_id: current.id,
    from_status: current.status,
    to_status: change.status,
    reason: change.reason,
    changed_by: actor(tx),
    changed_at: change.at,
  })
}

const HandedOut = Type.Object({ quantity: Type.Integer(), dispensed_at: Type.String() })

/** What was handed out of the supply that a prescription belongs to, in order: of itself, and of what it revises. */
export const listHandedOut = (tx: TenantTx, prescriptionId: number) =>
  tx.any(sql.type(HandedOut)`
    WITH RECURSIVE supply AS (
      SELECT id, revises, other_drug FROM prescriptions WHERE id = ${prescriptionId}
      UNION ALL
      SELECT p.id, p.revises, p.other_drug FROM supply s JOIN prescriptions p ON p.id = s.revises AND NOT s.other_drug
    )
    SELECT d.quantity, d.dispensed_at FROM dispenses d JOIN supply s ON s.id = d.prescription_id ORDER BY d.id`)

/** The prescription that renews this one. */
export const findRenewal = (tx: TenantTx, prescriptionId: number): Promise<number | null> =>
  tx.maybeOneFirst(
    sql.type(Type.Object({ id: Type.Integer() }))`SELECT id FROM prescriptions WHERE renews = ${prescriptionId}`,
  )

/** A question to the prescriber. */
export async function insertQuestion(
  tx: TenantTx,
  prescriptionId: number,
  question: string,
  at: string,
): Promise<void> {
  await tx.query(sql.unsafe`
    INSERT INTO prescription_questions (prescription_id, question, asked_by, asked_at)
    VALUES (${prescriptionId}, ${question}, ${actor(tx)}, ${at}::timestamptz)`)
}

/** The answer to the open question. */
export async function answerQuestion(tx: TenantTx, prescriptionId: number, answer: string, at: string): Promise<void> {
  await tx.query(sql.unsafe`
    UPDATE prescription_questions SET answer = ${answer}, answered_by = ${actor(tx)}, answered_at = ${at}::timestamptz
    WHERE prescription_id = ${prescriptionId} AND answer IS NULL`)
}
