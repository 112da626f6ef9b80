import { Nullable } from '@hospital/contracts'
import { type Fragment, sql, type TenantTx } from '@hospital/database'
import { type Static, Type } from '@sinclair/typebox'
import { sexOf } from '../lab-reference-ranges/sex-rules.ts'
import { standing } from './decision-queries.ts'
import { longestWashoutDays } from './knowledge/washouts.ts'
import type { PatientFacts } from './patient-facts-rules.ts'

const Words = Nullable(Type.String())

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

/** Creatinine in serum or plasma, also where no code says so; not in urine, no clearance, no ratio. */
const creatinineName =
  '^\\s*((serum|plasma|blood|s|p)[ -]*)?creatinine\\s*([,(]?\\s*(serum|plasma|blood|male|female|enzymatic|jaffe)\\)?)?\\s*$'

/** What the checks of dose, age, kidneys and pregnancy look at. */
export const toFacts = ({
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

/** The patient as the checks see them, in one query: texts, birth, weight, creatinine, states, what ended of late. */
export const readPerson = (tx: TenantTx, patientId: number) =>
  tx.one(sql.type(Person)`
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
