import { type Check, problem } from '@hospital/contracts'
import type { TenantTx } from '@hospital/database'
import { raiseAlertsIn } from '../alerts/alert-work.ts'
import { requireOwnRecord } from '../medical-records/queries.ts'
import { actor } from '../references.ts'
import { type LoadedChart, loadChart, withPrescription } from './chart-queries.ts'
import { checkDrug, unansweredConflicts } from './check-rules.ts'
import { type DoseOrder, identifyDrug } from './drug-name-rules.ts'
import type { DrugOrder } from './order-rules.ts'
import * as queries from './queries.ts'

/** Checks a drug against a chart; the prescription that it replaces or is itself is left out of the comparison. */
export function check(
  chart: LoadedChart,
  drug: { medication_name: string; rxnorm_code: string | null } & DoseOrder,
  exceptId: number | null,
): Check[] {
  return checkDrug(identifyDrug(drug), {
    ...chart,
    others: chart.others.filter(({ prescriptionId }) => prescriptionId !== exceptId),
  })
}

/** @throws problem `prescription-conflict` when somebody has to answer for a conflict and gives no reason */
export function refuseConflicts(
  checks: readonly Check[],
  answered: ReadonlySet<string>,
  reason: string | undefined,
): void {
  const conflicts = unansweredConflicts(checks, answered)
  if (conflicts.length > 0 && reason === undefined) {
    throw problem('prescription-conflict', { extensions: { conflicts, checks } })
  }
}

interface Writing {
  /** The chart that is checked. */
  patientId: number
  /** The id it is written under: where the chart is merged, a later undoing gives the row back to this one. */
  writtenFor: number
  doctorId: number
  medicalRecordId: number | null
  order: DrugOrder
  prescribedDate: string
  overrideReason: string | undefined
  revises: number | null
  at: string
}

/** Checks and writes. Answers the id, and what is still to do: the new drug becomes an alert of the others in use. */
export async function write(
  tx: TenantTx,
  writing: Writing,
): Promise<{ id: number; tellOthers: () => Promise<unknown> }> {
  await requireOwnRecord(tx, writing.medicalRecordId, writing.patientId)
  const chart = await loadChart(tx, writing.patientId)
  const checks = check(chart, writing.order, writing.revises)
  refuseConflicts(checks, new Set(), writing.overrideReason)
  const hasConflict = checks.some(({ outcome }) => outcome === 'conflict')
  const written = await queries.prescriptions.insert(tx, {
    ...writing.order,
    patient_id: writing.writtenFor,
    doctor_id: writing.doctorId,
    medical_record_id: writing.medicalRecordId,
    prescribed_date: writing.prescribedDate,
    checks,
    override_reason: hasConflict ? (writing.overrideReason ?? null) : null,
    revises: writing.revises,
    entered_by: actor(tx),
    created_at: writing.at,
    updated_at: writing.at,
  })
  const after = withPrescription(chart, written, writing.revises)
  return { id: written.id, tellOthers: () => raiseAlertsIn(tx, writing.patientId, after, writing.at) }
}
