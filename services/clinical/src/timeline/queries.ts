import { TimelineItem } from '@hospital/contracts'
import { type Fragment, sql, type TenantTx } from '@hospital/database'
import { type Item, type Kind, type Place, placeWithin } from './rules.ts'

type StoredKind = Exclude<Kind, 'appointment'>

// Every instant here is stored to the millisecond, which is how precisely a cursor remembers.
const sources = {
  medical_record: sql.fragment`
    SELECT id, visit_date AS at, coalesce(nullif(chief_complaint, ''), nullif(diagnosis, ''), 'Visit') AS summary, status, doctor_id
    FROM medical_records`,
  prescription: sql.fragment`
    SELECT id, prescribed_date AS at, concat_ws(' ', medication_name, dosage) AS summary, status, doctor_id
    FROM prescriptions`,
  lab_test: sql.fragment`
    SELECT id, ordered_date AS at, test_name AS summary, status, ordered_by AS doctor_id
    FROM lab_tests`,
} satisfies Record<StoredKind, Fragment>

/** What clinical has of one kind about a patient, newest first, after a place in the whole list. */
export function listStored(
  tx: TenantTx,
  kind: StoredKind,
  patientId: number,
  after: Place | null,
  limit: number,
): Promise<readonly Item[]> {
  const place = placeWithin(kind, after)
  const later =
    place === null ? sql.fragment`TRUE` : sql.fragment`(at, id) < (${place.at}::timestamptz, ${place.id}::bigint)`
  return tx.any(sql.type(TimelineItem)`
    SELECT ${kind} AS kind, id, at, left(summary, 500) AS summary, status, doctor_id
    FROM (${sources[kind]} WHERE patient_id = ${patientId}) AS item
    WHERE ${later} ORDER BY at DESC, id DESC LIMIT ${limit}`)
}
