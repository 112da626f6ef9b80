import { Check, type CheckDecision, Nullable, Prescription } from '@hospital/contracts'
import { type Fragment, sql, type TenantTx } from '@hospital/database'
import { type Static, Type } from '@sinclair/typebox'
import { sexOf } from '../lab-reference-ranges/sex-rules.ts'
import { type RecordedAllergy, readsAs } from './allergy-rules.ts'
import type { Chart } from './check-rules.ts'
import { findingOf } from './check-rules.ts'
import { listDecisions, standing } from './decision-queries.ts'
import { identifyDrug } from './drug-name-rules.ts'
import { longestWashoutDays } from './knowledge/washouts.ts'
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
/** A prescription that ended within the longest washout; what replaced one goes on with its drug or has ended it. */
interface Ended {
  id: number
  medication_name: string
  rxnorm_code: string | null
  dose_route: string | null
  days: number
}

const endedOf = (patient: Fragment) => sql.fragment`
  coalesce((SELECT jsonb_agg(jsonb_build_object('id', e.id, 'medication_name', e.medication_name,
      'rxnorm_code', e.rxnorm_code, 'dose_route', e.dose_route,
      'days', floor(extract(epoch FROM now() - ended.at) / 86400)::int) ORDER BY e.id)
    FROM prescriptions e
    CROSS JOIN LATERAL (
      SELECT CASE e.status WHEN 'completed'
        THEN e.last_dispensed_at + make_interval(days => coalesce(e.duration_days, 30))
        ELSE coalesce(
          (SELECT max(c.changed_at) FROM prescription_status_changes c WHERE c.prescription_id = e.id),
          e.prescribed_date + make_interval(days => coalesce(e.duration_days, 30))) END AS at) ended
    WHERE e.patient_id = ${patient} AND e.status IN ('discontinued', 'completed')
      AND ended.at > now() - make_interval(days => ${longestWashoutDays}) AND ended.at <= now()), '[]')`

const Person = Type.Object({
  allergies: Words,
  current_medications: Words,
  date_of_birth: Words,
  gender: Words,
  today: Type.String(),
  weight_kg: Nullable(Type.Number()),
  weighed_on: Words,
  was_asked: Type.Boolean(),
  decisions: Type.Array(standing.row),
  creatinine: Nullable(Type.Number()),
  creatinine_unit: Words,
  creatinine_on: Words,
  states: Type.Unsafe<PatientFacts['states']>({}),
  ended: Type.Unsafe<Ended[]>({}),
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

/** Creatinine in serum or plasma, also where no code says so; not in urine, no clearance, no ratio. */
const creatinineName =
  '^\\s*((serum|plasma|blood|s|p)[ -]*)?creatinine\\s*([,(]?\\s*(serum|plasma|blood|male|female|enzymatic|jaffe)\\)?)?\\s*$'

const toFacts = ({
  today,
  date_of_birth,
  gender,
  weight_kg,
  weighed_on,
  states,
  ...row
}: Static<typeof Person>): PatientFacts => ({
  today,
  bornOn: date_of_birth,
  sex: sexOf(gender),
  weight: weight_kg === null || weighed_on === null ? null : { kg: weight_kg, on: weighed_on },
  creatinine:
    row.creatinine === null || row.creatinine_on === null
      ? null
      : { value: row.creatinine, unit: row.creatinine_unit ?? '', on: row.creatinine_on },
  states,
})

export async function loadChart(tx: TenantTx, patientId: number): Promise<LoadedChart> {
  const allergies = await tx.any(sql.type(ActiveAllergy)`
    SELECT id, substance, code, reaction, severity FROM allergies
    WHERE patient_id = ${patientId} AND status = 'active' ORDER BY id`)
  const person = await tx.one(sql.type(Person)`
    SELECT p.allergies, p.current_medications, p.date_of_birth::text, p.gender,
      (now() AT TIME ZONE 'UTC')::date::text AS today, w.weight_kg, w.weighed_on,
      EXISTS (SELECT FROM allergies a WHERE a.patient_id = p.id AND a.status <> 'entered_in_error')
        OR EXISTS (SELECT FROM allergy_attestations t WHERE t.patient_id = p.id) AS was_asked,
      ${standing.of(sql.fragment`p.id`)} AS decisions,
      c.value AS creatinine,
      c.unit AS creatinine_unit, c.taken_on AS creatinine_on,
      coalesce((SELECT jsonb_agg(jsonb_build_object('id', s.id, 'state', s.state, 'from', s.from_date,
          'expectedDelivery', s.expected_delivery) ORDER BY s.id)
        FROM patient_states s
        WHERE s.patient_id = p.id AND s.status = 'recorded' AND (s.until_date IS NULL OR s.until_date > now())), '[]') AS states,
      ${endedOf(sql.fragment`p.id`)} AS ended
    FROM patients p
    LEFT JOIN LATERAL (
      SELECT (r.vital_signs ->> 'weight_kg')::float8 AS weight_kg, (r.visit_date AT TIME ZONE 'UTC')::date::text AS weighed_on
      FROM medical_records r
      WHERE r.patient_id = p.id AND r.vital_signs ? 'weight_kg' AND r.visit_date > now() - interval '1 year'
      ORDER BY r.visit_date DESC, r.id DESC LIMIT 1) w ON TRUE
    LEFT JOIN LATERAL (
      SELECT (e ->> 'value')::float8 AS value, e ->> 'unit' AS unit,
        (coalesce(l.sample_collected_date, l.results_date) AT TIME ZONE 'UTC')::date::text AS taken_on
      FROM lab_tests l CROSS JOIN LATERAL jsonb_array_elements(l.results) e
      WHERE l.patient_id = p.id AND l.status IN ('resulted', 'verified')
        AND coalesce(l.sample_collected_date, l.results_date) > now() - interval '1 year'
        AND jsonb_typeof(e -> 'value') = 'number' AND e ->> 'comparator' IS NULL
        AND (e ->> 'code' IN ('2160-0', '14682-9') OR e ->> 'name' ~* ${creatinineName})
      ORDER BY coalesce(l.sample_collected_date, l.results_date) DESC, l.id DESC LIMIT 1) c ON TRUE
    WHERE p.id = ${patientId}`)
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
