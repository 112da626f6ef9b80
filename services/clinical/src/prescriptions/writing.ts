import { type Check, problem, unknownReference } from '@hospital/contracts'
import type { TenantTx } from '@hospital/database'
import { loadChart } from './chart-queries.ts'
import { checkDrug, unansweredConflicts } from './check-rules.ts'
import { identifyDrug } from './drug-names.ts'
import type { DrugOrder } from './order-rules.ts'
import * as queries from './queries.ts'

/** Checks a drug for a patient, the prescription that it replaces or is left out of the comparison. */
export async function check(
  tx: TenantTx,
  patientId: number,
  drug: { medication_name: string; rxnorm_code: string | null },
  exceptId: number | null,
): Promise<Check[]> {
  const chart = await loadChart(tx, patientId)
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

async function requireOwnRecord(tx: TenantTx, medicalRecordId: number | null, patientId: number): Promise<void> {
  if (medicalRecordId === null) return
  const owner = await queries.findRecordOwner(tx, medicalRecordId)
  if (owner === null) throw unknownReference('/medical_record_id', 'no such medical record')
  if (owner !== patientId) throw unknownReference('/medical_record_id', 'is a record of another patient')
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

/** Checks and writes; what the new drug means for the others in use becomes their alerts. */
export async function write(tx: TenantTx, writing: Writing): Promise<number> {
  await requireOwnRecord(tx, writing.medicalRecordId, writing.patientId)
  const checks = await check(tx, writing.patientId, writing.order, writing.revises)
  refuseConflicts(checks, new Set(), writing.overrideReason)
  const hasConflict = checks.some(({ outcome }) => outcome === 'conflict')
  return queries.insertPrescription(tx, {
    ...writing,
    patientId: writing.writtenFor,
    checks,
    overrideReason: hasConflict ? (writing.overrideReason ?? null) : null,
  })
}
