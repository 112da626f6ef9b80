import { type Check, problem } from '@hospital/contracts'
import type { TenantTx } from '@hospital/database'
import { raiseAlertsIn } from '../alerts/alert-work.ts'
import { requireOwnRecord } from '../medical-records/queries.ts'
import { actor } from '../references.ts'
import { readsAs } from './allergy-rules.ts'
import { type LoadedChart, loadChart, withPrescription } from './chart-queries.ts'
import { checkDrug, unansweredConflicts, undecidedParts } from './check-rules.ts'
import { insertDecision } from './decision-queries.ts'
import { decideParts, type GivenDecision, hasWords } from './decision-rules.ts'
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

/** What somebody says of what the checks found. */
export interface Answers {
  override_reason?: string | undefined
  decisions?: readonly GivenDecision[] | undefined
}

/**
 * Takes what somebody says of conflicts and of what was not understood, and keeps the decisions. Answers the checks as they
 * stand after them.
 * @throws problem `prescription-conflict` when somebody has to answer for a conflict and gives no reason in words
 * @throws problem `checks-undecided` when a part that the allergy check did not understand is not decided
 */
export async function answerChecks(
  tx: TenantTx,
  { patientId, chart, checks, at }: { patientId: number; chart: LoadedChart; checks: readonly Check[]; at: string },
  answered: ReadonlySet<string>,
  { override_reason, decisions }: Answers,
): Promise<Check[]> {
  const decided = decideParts(checks, decisions)
  const nowDecided = new Set(decided.map(({ part }) => part))
  const open = undecidedParts(checks).filter((part) => !nowDecided.has(part))
  const conflicts = unansweredConflicts(checks, answered)
  if (conflicts.length > 0 && !hasWords(override_reason)) {
    throw problem('prescription-conflict', { extensions: { conflicts, parts: open, checks } })
  }
  if (open.length > 0) throw problem('checks-undecided', { extensions: { parts: open, checks } })
  for (const { part, reason } of decided) {
    await insertDecision(tx, patientId, part, { reason, entryText: readsAs(part, chart) ?? '', at })
  }
  return checks.map((each) => ({
    ...each,
    ...(each.parts && { parts: each.parts.map((part) => ({ ...part, decided: true })) }),
  }))
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
  answers: Answers
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
  const found = check(chart, writing.order, writing.revises)
  const checking = { patientId: writing.patientId, chart, checks: found, at: writing.at }
  const checks = await answerChecks(tx, checking, new Set(), writing.answers)
  const hasConflict = checks.some(({ outcome }) => outcome === 'conflict')
  const written = await queries.prescriptions.insert(tx, {
    ...writing.order,
    patient_id: writing.writtenFor,
    doctor_id: writing.doctorId,
    medical_record_id: writing.medicalRecordId,
    prescribed_date: writing.prescribedDate,
    checks,
    override_reason: hasConflict ? (writing.answers.override_reason ?? null) : null,
    revises: writing.revises,
    entered_by: actor(tx),
    created_at: writing.at,
    updated_at: writing.at,
  })
  const after = withPrescription(chart, written, writing.revises)
  return { id: written.id, tellOthers: () => raiseAlertsIn(tx, writing.patientId, after, writing.at) }
}
