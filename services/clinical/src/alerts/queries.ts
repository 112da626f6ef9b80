import { Alert, type Conflict } from '@hospital/contracts'
import { sql, type TenantTx } from '@hospital/database'
import { Type } from '@sinclair/typebox'

const columns = sql.fragment`id, patient_id, prescription_id, kind AS "check", rule, severity, detail, rule_source AS source,
  rule_set_version, cause_allergy_id, cause_prescription_id, status, created_at, acknowledged_by, acknowledged_at,
  acknowledge_reason, updated_at, version`

export interface AlertFilter {
  status?: Alert['status']
  patient_id?: number
  prescription_id?: number
}

/** What the rule on charts asks of a row of the list: alerts are raised by the system, they are nobody's own. */
export const alertRow = { patient: sql.fragment`patient_id`, isOwn: () => sql.fragment`FALSE` }

export function listAlerts(
  tx: TenantTx,
  { status, patient_id, prescription_id }: AlertFilter,
  beforeId: number | null,
  limit: number,
  open: ReturnType<typeof sql.fragment>,
): Promise<readonly Alert[]> {
  const conditions = [
    open,
    ...(status === undefined ? [] : [sql.fragment`status = ${status}`]),
    ...(patient_id === undefined ? [] : [sql.fragment`patient_id = surviving_patient(${patient_id}::bigint)`]),
    ...(prescription_id === undefined ? [] : [sql.fragment`prescription_id = ${prescription_id}`]),
    ...(beforeId === null ? [] : [sql.fragment`id < ${beforeId}`]),
  ]
  return tx.any(sql.type(Alert)`
    SELECT ${columns} FROM alerts WHERE ${sql.join(conditions, sql.fragment` AND `)} ORDER BY id DESC LIMIT ${limit}`)
}

/** The alert, and nobody else changes it until the commit. */
export const lockAlert = (tx: TenantTx, id: number): Promise<Alert | null> =>
  tx.maybeOne(sql.type(Alert)`SELECT ${columns} FROM alerts WHERE id = ${id} FOR NO KEY UPDATE`)

export const acknowledge = (tx: TenantTx, id: number, reason: string, at: string): Promise<Alert> =>
  tx.one(sql.type(Alert)`
    UPDATE alerts SET status = 'acknowledged', acknowledge_reason = ${reason}, acknowledged_at = ${at},
      acknowledged_by = (SELECT id FROM staff WHERE id = ${tx.context.userId}), updated_at = ${at}, version = version + 1
    WHERE id = ${id} RETURNING ${columns}`)

export interface NewAlert {
  patientId: number
  prescriptionId: number
  finding: string
  conflict: Conflict
  at: string
}

/** Opens an alert once: null when it was raised before, unless it had gone away by itself. */
export const insertAlert = (
  tx: TenantTx,
  { patientId, prescriptionId, finding, conflict, at }: NewAlert,
): Promise<Alert | null> =>
  tx.maybeOne(sql.type(Alert)`
    INSERT INTO alerts (patient_id, prescription_id, finding, kind, rule, severity, detail, rule_source, rule_set_version,
      cause_allergy_id, cause_prescription_id, created_at, updated_at)
    VALUES (${patientId}, ${prescriptionId}, ${finding}, ${conflict.check}, ${conflict.rule}, ${conflict.severity},
      ${conflict.detail}, ${conflict.source}, ${conflict.version},
      ${conflict.with.kind === 'allergy' ? conflict.with.id : null},
      ${conflict.with.kind === 'prescription' ? conflict.with.id : null}, ${at}, ${at})
    ON CONFLICT (prescription_id, finding) DO UPDATE
      SET status = 'open', severity = EXCLUDED.severity, detail = EXCLUDED.detail, updated_at = EXCLUDED.updated_at,
        rule_source = EXCLUDED.rule_source, rule_set_version = EXCLUDED.rule_set_version, version = alerts.version + 1
      WHERE alerts.status = 'resolved'
    RETURNING ${columns}`)

const Finding = Type.Object({ prescription_id: Type.Integer(), finding: Type.String() })

/** Alerts of a patient's prescriptions that are still said: open ones and those answered for. */
export const listStanding = (tx: TenantTx, patientId: number) =>
  tx.any(sql.type(Finding)`
    SELECT prescription_id, finding FROM alerts WHERE patient_id = ${patientId} AND status <> 'resolved'`)

/** The reason of open alerts went away: a prescription ended. */
export const resolveOfPrescription = (tx: TenantTx, prescriptionId: number, at: string): Promise<unknown> =>
  tx.query(sql.unsafe`
    UPDATE alerts SET status = 'resolved', updated_at = ${at}, version = version + 1
    WHERE status = 'open' AND (prescription_id = ${prescriptionId} OR cause_prescription_id = ${prescriptionId})`)

/** The reason of open alerts went away: an allergy is no longer active, or names something else now. */
export const resolveOfAllergy = (tx: TenantTx, allergyId: number, at: string): Promise<unknown> =>
  tx.query(sql.unsafe`
    UPDATE alerts SET status = 'resolved', updated_at = ${at}, version = version + 1
    WHERE status = 'open' AND cause_allergy_id = ${allergyId}`)
