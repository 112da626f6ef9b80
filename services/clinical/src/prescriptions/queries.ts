import { type Check, type Prescription, Prescription as PrescriptionEntity } from '@hospital/contracts'
import { sql, type TenantTx, table } from '@hospital/database'
import { Type } from '@sinclair/typebox'
import type { DrugOrder } from './order-rules.ts'

export const prescriptions = table(
  'prescriptions',
  Type.Omit(PrescriptionEntity, ['remaining_quantity', 'dispenses', 'status_changes']),
  {
    made: [
      'id',
      'status',
      'status_reason',
      'revised_by',
      'dispensed_quantity',
      'source',
      'created_at',
      'updated_at',
      'version',
    ],
    readAs: { dose_amount: 'decimal' },
  },
)

const utc = (column: 'd.dispensed_at' | 'c.changed_at') =>
  sql.fragment`to_char(${sql.identifier(column.split('.'))} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

const selectPrescriptions = sql.fragment`
  SELECT p.id, p.patient_id, p.doctor_id, p.medical_record_id, p.medication_name, p.dosage, p.frequency, p.duration,
    p.instructions, p.quantity, p.quantity_computed, p.refills_allowed, p.status, p.status_reason, p.prescribed_date,
    p.rxnorm_code, trim_scale(p.dose_amount) AS dose_amount, p.dose_unit, p.dose_route, p.times_per_day, p.interval_hours,
    p.duration_days, p.checks, p.override_reason, p.revises, p.revised_by, p.dispensed_quantity,
    p.quantity::bigint * (p.refills_allowed + 1) - p.dispensed_quantity AS remaining_quantity,
    coalesce((SELECT jsonb_agg(jsonb_build_object('id', d.id, 'quantity', d.quantity, 'dispensed_by', d.dispensed_by,
        'dispensed_at', ${utc('d.dispensed_at')}, 'notes', d.notes, 'override_reason', d.override_reason) ORDER BY d.id)
      FROM dispenses d WHERE d.prescription_id = p.id), '[]') AS dispenses,
    coalesce((SELECT jsonb_agg(jsonb_build_object('from_status', c.from_status, 'to_status', c.to_status,
        'reason', c.reason, 'changed_by', c.changed_by, 'changed_at', ${utc('c.changed_at')}) ORDER BY c.id)
      FROM prescription_status_changes c WHERE c.prescription_id = p.id), '[]') AS status_changes,
    p.source, p.entered_by, p.created_at, p.updated_at, p.version
  FROM prescriptions p`

export const findPrescription = (tx: TenantTx, id: number): Promise<Prescription | null> =>
  tx.maybeOne(sql.type(PrescriptionEntity)`${selectPrescriptions} WHERE p.id = ${id}`)

/** Nobody else changes it until the commit; rows that refer to it can still be added. */
export async function lockPrescription(tx: TenantTx, id: number): Promise<Prescription | null> {
  // Locked first and read after: the sums of what was waited for are then in.
  await tx.query(sql.unsafe`SELECT FROM prescriptions WHERE id = ${id} FOR NO KEY UPDATE`)
  return findPrescription(tx, id)
}

export const getPrescription = (tx: TenantTx, id: number): Promise<Prescription> =>
  tx.one(sql.type(PrescriptionEntity)`${selectPrescriptions} WHERE p.id = ${id}`)

export interface PrescriptionFilter {
  patient_id?: number
  doctor_id?: number
  status?: Prescription['status']
}

/** What the rule on charts asks of a row of the list. */
export const prescriptionRow = {
  patient: sql.fragment`p.patient_id`,
  isOwn: (userId: number) => sql.fragment`(p.entered_by = ${userId} AND p.source IS NULL)`,
}

export function listPrescriptions(
  tx: TenantTx,
  { patient_id, doctor_id, status }: PrescriptionFilter,
  after: { at: string; id: number } | null,
  limit: number,
  open: ReturnType<typeof sql.fragment>,
): Promise<readonly Prescription[]> {
  const conditions = [
    open,
    ...(patient_id === undefined ? [] : [sql.fragment`p.patient_id = surviving_patient(${patient_id}::bigint)`]),
    ...(doctor_id === undefined ? [] : [sql.fragment`p.doctor_id = ${doctor_id}`]),
    ...(status === undefined ? [] : [sql.fragment`p.status = ${status}`]),
    ...(after === null
      ? []
      : [sql.fragment`(p.prescribed_date, p.id) < (${after.at}::timestamptz, ${after.id}::bigint)`]),
  ]
  return tx.any(sql.type(PrescriptionEntity)`
    ${selectPrescriptions} WHERE ${sql.join(conditions, sql.fragment` AND `)}
    ORDER BY p.prescribed_date DESC, p.id DESC LIMIT ${limit}`)
}

export interface NewPrescription {
  patientId: number
  doctorId: number
  medicalRecordId: number | null
  order: DrugOrder
  prescribedDate: string
  checks: readonly Check[]
  overrideReason: string | null
  revises: number | null
  at: string
}

const Inserted = Type.Object({ id: Type.Integer() })

export function insertPrescription(tx: TenantTx, given: NewPrescription): Promise<number> {
  const { order, at } = given
  return tx.oneFirst(sql.type(Inserted)`
    INSERT INTO prescriptions (patient_id, doctor_id, medical_record_id, medication_name, dosage, frequency, duration,
      instructions, quantity, quantity_computed, refills_allowed, prescribed_date, rxnorm_code, dose_amount, dose_unit,
      dose_route, times_per_day, interval_hours, duration_days, checks, override_reason, revises, entered_by, created_at,
      updated_at)
    VALUES (${given.patientId}, ${given.doctorId}, ${given.medicalRecordId}, ${order.medication_name}, ${order.dosage},
      ${order.frequency}, ${order.duration}, ${order.instructions}, ${order.quantity}, ${order.quantity_computed},
      ${order.refills_allowed}, ${given.prescribedDate}, ${order.rxnorm_code}, ${order.dose_amount}::numeric,
      ${order.dose_unit}, ${order.dose_route}, ${order.times_per_day}, ${order.interval_hours}, ${order.duration_days},
      ${JSON.stringify(given.checks)}::jsonb, ${given.overrideReason}, ${given.revises},
      (SELECT id FROM staff WHERE id = ${tx.context.userId}), ${at}, ${at})
    RETURNING id`)
}

export interface Dispensing {
  prescriptionId: number
  quantity: number
  notes: string | null
  checks: readonly Check[]
  overrideReason: string | null
  at: string
}

/** Adds a hand-out; the database counts it and refuses what is above the ceiling. */
export const insertDispense = (tx: TenantTx, given: Dispensing): Promise<unknown> =>
  tx.query(sql.unsafe`
    INSERT INTO dispenses (prescription_id, quantity, dispensed_by, dispensed_at, notes, checks, override_reason)
    VALUES (${given.prescriptionId}, ${given.quantity}, (SELECT id FROM staff WHERE id = ${tx.context.userId}), ${given.at},
      ${given.notes}, ${JSON.stringify(given.checks)}::jsonb, ${given.overrideReason})`)

/** Moves a prescription to a status and keeps who did it and why. */
export async function setStatus(
  tx: TenantTx,
  prescription: Pick<Prescription, 'id' | 'status'>,
  change: { status: Prescription['status']; reason: string | null; revisedBy?: number; at: string },
): Promise<void> {
  await tx.query(sql.unsafe`
    UPDATE prescriptions SET status = ${change.status}, status_reason = ${change.reason},
      revised_by = ${change.revisedBy ?? null}, updated_at = ${change.at}, version = version + 1
    WHERE id = ${prescription.id}`)
  await tx.query(sql.unsafe`
    INSERT INTO prescription_status_changes (prescription_id, from_status, to_status, reason, changed_by, changed_at)
    VALUES (${prescription.id}, ${prescription.status}, ${change.status}, ${change.reason},
      (SELECT id FROM staff WHERE id = ${tx.context.userId}), ${change.at})`)
}

/** A change that is not one of status: a hand-out. */
export const touch = (tx: TenantTx, id: number, at: string): Promise<unknown> =>
  tx.query(sql.unsafe`UPDATE prescriptions SET updated_at = ${at}, version = version + 1 WHERE id = ${id}`)

const Owner = Type.Object({ patient_id: Type.Integer() })

/** Whose record it is; null for one that never was. */
export const findRecordOwner = (tx: TenantTx, medicalRecordId: number): Promise<number | null> =>
  tx.maybeOneFirst(sql.type(Owner)`SELECT patient_id FROM medical_records WHERE id = ${medicalRecordId}`)
