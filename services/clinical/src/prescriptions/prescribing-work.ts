import {
  type Check,
  type Prescription,
  type prescriptionCreated,
  type prescriptionDispensed,
  type prescriptionUpdated,
  problem,
} from '@hospital/contracts'
import { announce, type TenantTx } from '@hospital/database'
import { raiseAlertsIn } from '../alerts/alert-work.ts'
import { requireOwnRecord } from '../medical-records/queries.ts'
import { actor, requireDoctor } from '../references.ts'
import { readsAs } from './allergy-rules.ts'
import { type LoadedChart, loadChart, withPrescription } from './chart-queries.ts'
import { checkDrug, unansweredConflicts, undecidedParts } from './check-rules.ts'
import { insertDecision } from './decision-queries.ts'
import { decideParts, type GivenDecision, hasWords } from './decision-rules.ts'
import { type DoseOrder, identifyDrug } from './drug-name-rules.ts'
import type { DrugOrder } from './order-rules.ts'
import * as queries from './queries.ts'

type Event = typeof prescriptionCreated | typeof prescriptionDispensed | typeof prescriptionUpdated

/** Reads the prescription back and tells that it changed: ids and version, nothing of what is in it. */
export async function announcePrescription(tx: TenantTx, id: number, ...happened: Event[]): Promise<Prescription> {
  const prescription = await queries.getPrescription(tx, id)
  for (const event of happened) await announce(tx, event, prescription)
  return prescription
}

/** An override is on record in the audit trail too. */
export function noteOverride(audit: { purpose?: string }, reason: string | undefined): void {
  if (reason !== undefined) audit.purpose = reason
}

/**
 * The doctor who prescribes: whoever is signed in, and nobody else.
 * @throws problem `other-prescriber`, `unknown-reference`, or `validation-failed` when no active doctor is signed in
 */
export async function requirePrescriber(tx: TenantTx, named: number | undefined): Promise<number> {
  const doctorId = await requireDoctor(tx, named, '/doctor_id')
  if (doctorId !== tx.context.userId) throw problem('other-prescriber')
  return doctorId
}

/** Checks a drug against a chart; the prescription that it replaces or is itself is left out of the comparison. */
export function check(
  chart: LoadedChart,
  drug: { medication_name: string; rxnorm_code: string | null } & DoseOrder,
  exceptId: number | null,
): Check[] {
  const replaced = chart.others.find(({ prescriptionId }) => prescriptionId === exceptId)
  // What was prescribed after it was checked against it then; what it replaces ends today.
  const stopped = chart.stopped.filter(({ prescriptionId }) => exceptId === null || prescriptionId < exceptId)
  return checkDrug(identifyDrug(drug), {
    ...chart,
    others: chart.others.filter(({ prescriptionId }) => prescriptionId !== exceptId),
    stopped: replaced === undefined ? stopped : [...stopped, { ...replaced, days: 0 }],
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
  /** The prescription that it replaces or goes on from, which is left out of the comparison. */
  revises?: number
  renews?: number
  /** The revision is of another drug: its supply begins anew. */
  isOtherDrug?: boolean
  /** Ordered by word of mouth: the doctor countersigns. */
  isVerbal?: boolean
  at: string
}

/** Checks and writes. Answers the id, and what is still to do: the new drug becomes an alert of the others in use. */
export async function write(
  tx: TenantTx,
  writing: Writing,
): Promise<{ id: number; tellOthers: () => Promise<unknown> }> {
  await requireOwnRecord(tx, writing.medicalRecordId, writing.patientId)
  const chart = await loadChart(tx, writing.patientId)
  const before = writing.revises ?? writing.renews ?? null
  const found = check(chart, writing.order, before)
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
    revises: writing.revises ?? null,
    renews: writing.renews ?? null,
    other_drug: writing.isOtherDrug ?? false,
    verbal: writing.isVerbal ?? false,
    entered_by: actor(tx),
    created_at: writing.at,
    updated_at: writing.at,
  })
  const after = withPrescription(chart, written, before)
  return { id: written.id, tellOthers: () => raiseAlertsIn(tx, writing.patientId, after, writing.at) }
}
