import {
  MedicalRecord,
  type MedicalRecordStatus,
  RecordHistoryEntry,
  type Static,
  type VitalSigns,
} from '@hospital/contracts'
import { sql, type TenantTx, table } from '@hospital/database'
import { Type } from '@sinclair/typebox'
import { ageInYears, computeNews2 } from './rules.ts'
import type { Signing } from './signature.ts'

export type Record = Static<typeof MedicalRecord>

const { news2: _news2, signed_by: _by, signed_at: _at, digest: _digest, ...stored } = MedicalRecord.properties

/** What was imported may lie outside the limits for typing, and is shown as it is. */
const StoredVitals = Type.Unsafe<Static<typeof VitalSigns> | null>({})
export const medicalRecords = table(
  'medical_records',
  Type.Object({ ...Type.Omit(Type.Object(stored), ['signature', 'addenda']).properties, vital_signs: StoredVitals }),
  { made: ['id', 'status', 'source', 'created_at', 'updated_at', 'version'] },
)
const Row = Type.Object({ ...stored, vital_signs: StoredVitals, date_of_birth: Type.String() })

const utc = (column: 's.signed_at' | 'a.created_at') =>
  sql.fragment`to_char(${sql.identifier(column.split('.'))} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

const selectRecords = sql.fragment`
  SELECT r.id, r.patient_id, r.doctor_id, r.visit_date, r.chief_complaint, r.diagnosis, r.diagnoses, r.treatment_plan,
    r.prescriptions, r.vital_signs, r.lab_results, r.notes, r.follow_up_required, r.follow_up_date, r.status, r.source,
    r.created_by, r.updated_by, r.created_at, r.updated_at, r.version, p.date_of_birth,
    (SELECT jsonb_build_object('algorithm', s.algorithm, 'digest', s.digest, 'signed_by', s.signed_by,
        'signed_at', ${utc('s.signed_at')}, 'patient_id', s.signed_patient_id)
      FROM medical_record_signatures s WHERE s.medical_record_id = r.id) AS signature,
    coalesce((SELECT jsonb_agg(jsonb_build_object('id', a.id, 'text', a.text, 'reason', a.reason, 'digest', a.digest,
        'created_by', a.created_by, 'created_by_name', f.name, 'created_at', ${utc('a.created_at')}) ORDER BY a.id)
      FROM medical_record_addenda a JOIN staff f ON f.id = a.created_by WHERE a.medical_record_id = r.id), '[]') AS addenda
  FROM medical_records r JOIN patients p ON p.id = r.patient_id`

function toRecord({ date_of_birth, ...row }: Static<typeof Row>): Record {
  return {
    ...row,
    news2: computeNews2(row.vital_signs, ageInYears(date_of_birth, row.visit_date)),
    signed_by: row.signature?.signed_by ?? null,
    signed_at: row.signature?.signed_at ?? null,
    digest: row.signature?.digest ?? null,
  }
}

export async function findRecord(tx: TenantTx, id: number): Promise<Record | null> {
  const row = await tx.maybeOne(sql.type(Row)`${selectRecords} WHERE r.id = ${id}`)
  return row && toRecord(row)
}

/** The record, and nobody else changes it until the commit. */
export async function lockRecord(tx: TenantTx, id: number): Promise<Record | null> {
  const row = await tx.maybeOne(sql.type(Row)`${selectRecords} WHERE r.id = ${id} FOR UPDATE OF r`)
  return row && toRecord(row)
}

export const getRecord = async (tx: TenantTx, id: number): Promise<Record> =>
  toRecord(await tx.one(sql.type(Row)`${selectRecords} WHERE r.id = ${id}`))

export interface RecordFilter {
  patient_id?: number
  doctor_id?: number
  status?: Static<typeof MedicalRecordStatus>
  from?: string
  to?: string
}

/** What the rule on charts asks of a row of the list. */
export const recordRow = {
  patient: sql.fragment`r.patient_id`,
  isOwn: (userId: number) => sql.fragment`(r.created_by = ${userId} AND r.source IS NULL)`,
}

export async function listRecords(
  tx: TenantTx,
  { patient_id, doctor_id, status, from, to }: RecordFilter,
  after: { at: string; id: number } | null,
  limit: number,
  open: ReturnType<typeof sql.fragment>,
): Promise<Record[]> {
  const conditions = [
    open,
    ...(patient_id === undefined ? [] : [sql.fragment`r.patient_id = surviving_patient(${patient_id}::bigint)`]),
    ...(doctor_id === undefined ? [] : [sql.fragment`r.doctor_id = ${doctor_id}`]),
    ...(status === undefined ? [] : [sql.fragment`r.status = ${status}`]),
    ...(from === undefined ? [] : [sql.fragment`r.visit_date >= ${from}::timestamptz`]),
    ...(to === undefined ? [] : [sql.fragment`r.visit_date < ${to}::timestamptz`]),
    ...(after === null ? [] : [sql.fragment`(r.visit_date, r.id) < (${after.at}::timestamptz, ${after.id}::bigint)`]),
  ]
  const rows = await tx.any(sql.type(Row)`
    ${selectRecords} WHERE ${sql.join(conditions, sql.fragment` AND `)}
    ORDER BY r.visit_date DESC, r.id DESC LIMIT ${limit}`)
  return rows.map(toRecord)
}

/** What a person writes in a record. */
export type RecordContent = Pick<
  Record,
  | 'doctor_id'
  | 'visit_date'
  | 'chief_complaint'
  | 'diagnosis'
  | 'diagnoses'
  | 'treatment_plan'
  | 'prescriptions'
  | 'vital_signs'
  | 'lab_results'
  | 'notes'
  | 'follow_up_required'
  | 'follow_up_date'
>

const asJson = (value: unknown) => (value === null ? null : JSON.stringify(value))

const contentColumns = sql.fragment`doctor_id, visit_date, chief_complaint, diagnosis, diagnoses, treatment_plan,
  prescriptions, vital_signs, lab_results, notes, follow_up_required, follow_up_date`

const contentValues = (c: RecordContent) => sql.fragment`
  ${c.doctor_id}, ${c.visit_date}::timestamptz, ${c.chief_complaint}, ${c.diagnosis}, ${JSON.stringify(c.diagnoses)}::jsonb,
  ${c.treatment_plan}, ${asJson(c.prescriptions)}::jsonb, ${asJson(c.vital_signs)}::jsonb, ${asJson(c.lab_results)}::jsonb,
  ${c.notes}, ${c.follow_up_required}::boolean, ${c.follow_up_date}::date`

const Inserted = Type.Object({ id: Type.Integer() })

export const insertRecord = (tx: TenantTx, patientId: number, content: RecordContent, at: string): Promise<number> =>
  tx.oneFirst(sql.type(Inserted)`
    INSERT INTO medical_records (patient_id, ${contentColumns}, created_by, updated_by, created_at, updated_at)
    VALUES (${patientId}, ${contentValues(content)}, ${tx.context.userId}, ${tx.context.userId}, ${at}, ${at})
    RETURNING id`)

export const updateRecord = (tx: TenantTx, id: number, content: RecordContent, at: string): Promise<unknown> =>
  tx.query(sql.unsafe`
    UPDATE medical_records SET (${contentColumns}) = (${contentValues(content)}),
      updated_by = ${tx.context.userId}, updated_at = ${at}, version = version + 1
    WHERE id = ${id}`)

/** Turns the draft into the signed record; from here on the database refuses every change. */
export async function markSigned(tx: TenantTx, id: number, signing: Signing, digest: string): Promise<void> {
  await tx.query(sql.unsafe`
    UPDATE medical_records
    SET status = 'signed', updated_by = ${signing.signed_by}, updated_at = ${signing.signed_at}, version = version + 1
    WHERE id = ${id}`)
  await tx.query(sql.unsafe`
    INSERT INTO medical_record_signatures (medical_record_id, signed_by, signed_at, algorithm, digest, signed_patient_id)
    VALUES (${id}, ${signing.signed_by}, ${signing.signed_at}, 'sha-256', ${digest}, ${signing.patient_id})`)
}

export const insertAddendum = (
  tx: TenantTx,
  recordId: number,
  addendum: { text: string; reason: string; created_by: number; created_at: string; digest: string },
): Promise<unknown> =>
  tx.query(sql.unsafe`
    INSERT INTO medical_record_addenda (medical_record_id, text, reason, created_by, created_at, digest)
    VALUES (${recordId}, ${addendum.text}, ${addendum.reason}, ${addendum.created_by}, ${addendum.created_at}, ${addendum.digest})`)

const HistoryRow = Type.Object({ id: Type.Integer(), ...RecordHistoryEntry.properties })

/** Changes of one record, newest first, after a place in that order. */
export const listHistory = (tx: TenantTx, recordId: number, beforeId: number | null, limit: number) =>
  tx.any(sql.type(HistoryRow)`
    SELECT h.id, h.version, h.action, h.at, h.changes,
      CASE WHEN h.actor_id > 0 THEN jsonb_build_object('id', h.actor_id, 'name', f.name) END AS actor
    FROM medical_record_history h LEFT JOIN staff f ON f.id = h.actor_id
    WHERE h.medical_record_id = ${recordId} AND (${beforeId}::bigint IS NULL OR h.id < ${beforeId}::bigint)
    ORDER BY h.id DESC LIMIT ${limit}`)
