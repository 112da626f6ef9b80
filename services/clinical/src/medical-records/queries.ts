import {
  MedicalRecord,
  type MedicalRecordStatus,
  RecordAddendum,
  RecordHistoryEntry,
  RecordSignature,
  type Static,
  unknownReference,
  type VitalSigns,
} from '@hospital/contracts'
import { type Fragment, sql, type TenantTx, table } from '@hospital/database'
import { Type } from '@sinclair/typebox'
import { utc } from '../references.ts'
import { ageInYears, computeNews2 } from './rules.ts'
import type { Signing } from './signature-rules.ts'

export type Record = Static<typeof MedicalRecord>

/** What was imported may lie outside the limits for typing, and is shown as it is. */
const StoredVitals = Type.Unsafe<Static<typeof VitalSigns> | null>({})

/** The entity without what is worked out of it or stands in other tables. */
const StoredRecord = Type.Omit(Type.Object({ ...MedicalRecord.properties, vital_signs: StoredVitals }), [
  'news2',
  'signed_by',
  'signed_at',
  'digest',
  'signature',
  'addenda',
])
export const medicalRecords = table('medical_records', StoredRecord, {
  made: ['id', 'status', 'source', 'created_at', 'updated_at', 'version'],
})

const Row = Type.Object({
  ...StoredRecord.properties,
  ...Type.Pick(MedicalRecord, ['signature', 'addenda']).properties,
  date_of_birth: Type.String(),
})

const selectRecords = sql.fragment`
  SELECT ${medicalRecords.columns('r')}, p.date_of_birth,
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

interface RecordFilter {
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
  open: Fragment,
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
export const RecordContent = Type.Omit(StoredRecord, [
  'id',
  'patient_id',
  'status',
  'source',
  'created_by',
  'updated_by',
  'created_at',
  'updated_at',
  'version',
])
export type RecordContent = Static<typeof RecordContent>

const signatures = table(
  'medical_record_signatures',
  Type.Object({
    medical_record_id: Type.Integer(),
    ...Type.Omit(RecordSignature, ['patient_id']).properties,
    signed_patient_id: Type.Integer(),
  }),
  { made: [] },
)

/** Turns the draft into the signed record; from here on the database refuses every change. */
export async function markSigned(
  tx: TenantTx,
  { id, version }: Pick<Record, 'id' | 'version'>,
  { signed_by, signed_at, patient_id }: Signing,
  digest: string,
): Promise<void> {
  await medicalRecords.update(tx, { id, version }, { status: 'signed', updated_by: signed_by, updated_at: signed_at })
  const signed = { signed_by, signed_at, signed_patient_id: patient_id, algorithm: 'sha-256', digest } as const
  await signatures.insert(tx, { medical_record_id: id, ...signed })
}

export const addenda = table(
  'medical_record_addenda',
  Type.Object({ medical_record_id: Type.Integer(), ...Type.Omit(RecordAddendum, ['created_by_name']).properties }),
  { made: ['id'] },
)

const Owner = Type.Object({ patient_id: Type.Integer() })

/** Whose record it is; null for one that never was. */
const findRecordOwner = (tx: TenantTx, recordId: number): Promise<number | null> =>
  tx.maybeOneFirst(sql.type(Owner)`SELECT patient_id FROM medical_records WHERE id = ${recordId}`)

/**
 * The record that a prescription or an order names is there, and is this patient's.
 * @throws problem `unknown-reference`
 */
export async function requireOwnRecord(tx: TenantTx, recordId: number | null, patientId: number): Promise<void> {
  if (recordId === null) return
  const owner = await findRecordOwner(tx, recordId)
  if (owner === null) throw unknownReference('/medical_record_id', 'no such medical record')
  if (owner !== patientId) throw unknownReference('/medical_record_id', 'is a record of another patient')
}

const HistoryRow = Type.Object({ id: Type.Integer(), ...RecordHistoryEntry.properties })

/** Changes of one record, newest first, after a place in that order. */
export const listHistory = (tx: TenantTx, recordId: number, beforeId: number | null, limit: number) =>
  tx.any(sql.type(HistoryRow)`
    SELECT h.id, h.version, h.action, h.at, h.changes,
      CASE WHEN h.actor_id > 0 THEN jsonb_build_object('id', h.actor_id, 'name', f.name) END AS actor
    FROM medical_record_history h LEFT JOIN staff f ON f.id = h.actor_id
    WHERE h.medical_record_id = ${recordId} AND (${beforeId}::bigint IS NULL OR h.id < ${beforeId}::bigint)
    ORDER BY h.id DESC LIMIT ${limit}`)
