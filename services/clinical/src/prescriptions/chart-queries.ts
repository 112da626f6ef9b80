import { Check, type CheckDecision, Nullable, Prescription } from '@hospital/contracts'
import { sql, type TenantTx } from '@hospital/database'
import { Type } from '@sinclair/typebox'
import { type RecordedAllergy, readsAs } from './allergy-rules.ts'
import type { Chart } from './check-rules.ts'
import { findingOf } from './check-rules.ts'
import { listDecisions } from './decision-queries.ts'
import { identifyDrug } from './drug-name-rules.ts'
import { readPerson, toFacts } from './patient-facts-queries.ts'
import type { PatientFacts } from './patient-facts-rules.ts'
import type { StoppedDrug } from './washout-rules.ts'

const Words = Nullable(Type.String())

const ActiveAllergy = Type.Object({
  id: Type.Integer(),
  substance: Type.String(),
  code: Words,
  reaction: Words,
  severity: Type.Unsafe<RecordedAllergy['severity']>({}),
})
const doseFields = [
  'dosage',
  'frequency',
  'instructions',
  'dose_amount',
  'dose_unit',
  'dose_route',
  'times_per_day',
  'interval_hours',
  'duration_days',
] as const

const InUse = Type.Object({
  id: Type.Integer(),
  doctor_id: Type.Integer(),
  medication_name: Type.String(),
  rxnorm_code: Words,
  ...Type.Pick(Prescription, doseFields).properties,
  checks: Type.Array(Check),
})

/**
 * Prescriptions whose drug the patient has or may take again: active, on hold, and completed ones while what was last
 * handed out lasts (a month when the duration is not known). A renewal stands for what it renews.
 */
export const listInUse = (tx: TenantTx, patientId: number) =>
  tx.any(sql.type(InUse)`
    SELECT id, doctor_id, medication_name, rxnorm_code, dosage, frequency, instructions, dose_amount::text, dose_unit,
      dose_route, times_per_day, interval_hours, duration_days, checks
    FROM prescriptions
    WHERE patient_id = ${patientId}
      AND (status IN ('active', 'on_hold')
        OR (status = 'completed' AND last_dispensed_at + make_interval(days => coalesce(duration_days, 30)) > now()
          AND id <> ALL (ARRAY(SELECT renews FROM prescriptions WHERE patient_id = ${patientId} AND renews IS NOT NULL))))
    ORDER BY id`)

export type PrescriptionInUse = Awaited<ReturnType<typeof listInUse>>[number]

/** What drugs of this patient are checked against, and the prescriptions that are in use. */
export type LoadedChart = Chart & {
  inUse: readonly PrescriptionInUse[]
  stopped: readonly StoppedDrug[]
  patient: PatientFacts
}

/** The chart as it is once a prescription has been written, and the one that it revises has ended. */
export function withPrescription(chart: LoadedChart, written: PrescriptionInUse, revises: number | null): LoadedChart {
  const inUse = [...chart.inUse.filter(({ id }) => id !== revises), written]
  return { ...chart, inUse, others: inUse.map((row) => ({ prescriptionId: row.id, drug: identifyDrug(row) })) }
}

export async function loadChart(tx: TenantTx, patientId: number): Promise<LoadedChart> {
  const allergies = await tx.any(sql.type(ActiveAllergy)`
    SELECT id, substance, code, reaction, severity FROM allergies
    WHERE patient_id = ${patientId} AND status = 'active' ORDER BY id`)
  const person = await readPerson(tx, patientId)
  const inUse = await listInUse(tx, patientId)
  return {
    allergies,
    allergyText: person.allergies,
    wasAsked: person.was_asked,
    decisions: person.decisions,
    medicationText: person.current_medications,
    patient: toFacts(person),
    inUse,
    stopped: person.ended.map(({ days, ...row }) => ({ prescriptionId: row.id, drug: identifyDrug(row), days })),
    others: inUse.map((row) => ({ prescriptionId: row.id, drug: identifyDrug(row) })),
  }
}

/** The decisions about entries that read as they did then. */
export async function listStandingDecisions(tx: TenantTx, patientId: number): Promise<CheckDecision[]> {
  const chart = await loadChart(tx, patientId)
  const decisions = await listDecisions(tx, patientId)
  return decisions
    .filter((decision) => readsAs(decision, chart) === decision.entry_text)
    .map(({ entry_text: _text, ...decision }) => decision)
}

const Checks = Type.Object({ checks: Type.Array(Check) })
const Finding = Type.Object({ finding: Type.String() })

/** The findings about a prescription that somebody answered for: overridden when written or handed out, or acknowledged. */
export async function listAnswered(tx: TenantTx, prescriptionId: number): Promise<Set<string>> {
  const checked = await tx.any(sql.type(Checks)`
    SELECT checks FROM prescriptions WHERE id = ${prescriptionId} AND override_reason IS NOT NULL
    UNION ALL
    SELECT checks FROM dispenses WHERE prescription_id = ${prescriptionId} AND override_reason IS NOT NULL`)
  const acknowledged = await tx.anyFirst(sql.type(Finding)`
    SELECT finding FROM alerts WHERE prescription_id = ${prescriptionId} AND status = 'acknowledged'`)
  const overridden = checked.flatMap(({ checks }) => checks).flatMap(({ conflicts }) => conflicts.map(findingOf))
  return new Set([...overridden, ...acknowledged])
}
