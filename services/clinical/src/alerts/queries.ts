import { type Alert, Alert as AlertEntity, type Conflict } from '@hospital/contracts'
import { type Fragment, sql, type TenantTx, table } from '@hospital/database'
import { type Static, Type } from '@sinclair/typebox'
import { actor } from '../references.ts'

/** As it is stored: `check` and `source` are `kind` and `rule_source` there, `finding` is what it is raised once for. */
const Row = Type.Composite([
  Type.Omit(AlertEntity, ['check', 'source']),
  Type.Object({ finding: Type.String(), kind: AlertEntity.properties.check, rule_source: Type.String() }),
])
type AlertRow = Static<typeof Row>
const alerts = table('alerts', Row, {
  made: ['id', 'status', 'acknowledged_by', 'acknowledged_at', 'acknowledge_reason', 'version'],
})
const columns = alerts.columns()

export const toAlert = ({ finding, kind, rule_source, ...rest }: AlertRow): Alert => ({
  ...rest,
  check: kind,
  source: rule_source,
})

interface AlertFilter {
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
  open: Fragment,
): Promise<readonly AlertRow[]> {
  const conditions = [
    open,
    ...(status === undefined ? [] : [sql.fragment`status = ${status}`]),
    ...(patient_id === undefined ? [] : [sql.fragment`patient_id = surviving_patient(${patient_id}::bigint)`]),
    ...(prescription_id === undefined ? [] : [sql.fragment`prescription_id = ${prescription_id}`]),
    ...(beforeId === null ? [] : [sql.fragment`id < ${beforeId}`]),
  ]
  return tx.any(sql.type(Row)`
    SELECT ${columns} FROM alerts WHERE ${sql.join(conditions, sql.fragment` AND `)} ORDER BY id DESC LIMIT ${limit}`)
}

/** The alert, and nobody else changes it until the commit. */
export async function lockAlert(tx: TenantTx, id: number): Promise<Alert | null> {
  const row = await tx.maybeOne(sql.type(Row)`SELECT ${columns} FROM alerts WHERE id = ${id} FOR NO KEY UPDATE`)
  return row && toAlert(row)
}

export const acknowledge = async (
  tx: TenantTx,
  current: Alert,
  { status, reason, at }: { status: Alert['status']; reason: string; at: string },
): Promise<Alert> =>
  toAlert(
    await alerts.update(tx, current, {
      status,
      acknowledge_reason: reason,
      acknowledged_at: at,
      acknowledged_by: actor(tx),
      updated_at: at,
    }),
  )

interface NewAlert {
  patientId: number
  prescriptionId: number
  finding: string
  conflict: Conflict
  at: string
}

/** Opens an alert once: null when it was raised before, unless it had gone away by itself. */
export async function openAlert(
  tx: TenantTx,
  { patientId, prescriptionId, finding, conflict, at }: NewAlert,
): Promise<Alert | null> {
  const said = {
    severity: conflict.severity,
    detail: conflict.detail,
    rule_source: conflict.source,
    rule_set_version: conflict.version,
    updated_at: at,
  }
  const raised = await alerts.insertUnless(tx, 'alerts_raised_once', {
    ...said,
    patient_id: patientId,
    prescription_id: prescriptionId,
    finding,
    kind: conflict.check,
    rule: conflict.rule,
    cause_allergy_id: conflict.with.kind === 'allergy' ? conflict.with.id : null,
    cause_prescription_id: conflict.with.kind === 'prescription' ? conflict.with.id : null,
    created_at: at,
  })
  if (raised) return toAlert(raised)
  const gone = await tx.maybeOne(sql.type(Row)`
    SELECT ${columns} FROM alerts
    WHERE prescription_id = ${prescriptionId} AND finding = ${finding} AND status = 'resolved' FOR NO KEY UPDATE`)
  return gone && toAlert(await alerts.update(tx, gone, { ...said, status: 'open' }))
}

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

/** What one kind of check said of this patient's prescriptions no longer stands, or is about to be said anew. */
export const resolveOfCheck = (tx: TenantTx, patientId: number, check: Alert['check'], at: string): Promise<unknown> =>
  tx.query(sql.unsafe`
    UPDATE alerts SET status = 'resolved', updated_at = ${at}, version = version + 1
    WHERE status = 'open' AND patient_id = ${patientId} AND kind = ${check}`)
