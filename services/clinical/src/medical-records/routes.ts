import {
  addAddendum,
  type BodyOf,
  changeMedicalRecord,
  createMedicalRecord,
  getMedicalRecord,
  getMedicalRecordHistory,
  listMedicalRecords,
  medicalRecordAmended,
  medicalRecordCreated,
  medicalRecordSigned,
  medicalRecordUpdated,
  problem,
  signMedicalRecord,
  withNulls,
} from '@hospital/contracts'
import { announce } from '@hospital/database'
import { decodeCursor, handle, type Route, toPage } from '@hospital/service'
import { openRows } from '../care/guard-work.ts'
import { decodeInstantCursor, openChart, requireActiveDoctor, requireDoctor } from '../references.ts'
import {
  addenda,
  findRecord,
  getRecord,
  listHistory,
  listRecords,
  lockRecord,
  markSigned,
  medicalRecords,
  type Record,
  RecordContent,
  recordRow,
} from './queries.ts'
import { findBreaches, measuredVitals, mergePatch } from './rules.ts'
import { addendumDigest, recordDigest } from './signature-rules.ts'

function checkRules(content: RecordContent): void {
  const errors = findBreaches(content)
  if (errors.length > 0) throw problem('validation-failed', { errors })
}

const refuseSigned = (record: Record): void => {
  if (record.status === 'signed') throw problem('record-signed')
}

/** Operations on medical records: drafts that become signed, and then only grow by addenda. */
export const medicalRecordRoutes = (): Route[] => [
  handle(listMedicalRecords, async (tx, { query: { limit, cursor, ...filter }, context }) => {
    const open = await openRows(tx, context, 'records', recordRow)
    const rows = await listRecords(tx, filter, decodeInstantCursor(cursor), limit + 1, open)
    return toPage(rows, limit, (row) => [row.visit_date, row.id])
  }),

  handle(createMedicalRecord, {
    work: async (tx, { body, context, now, audit }) => {
      audit.patientIds.push(body.patient_id)
      const doctorId = await requireDoctor(tx, body.doctor_id, '/doctor_id')
      const chart = await openChart(tx, body.patient_id)
      const content = withNulls(RecordContent, {
        ...body,
        doctor_id: doctorId,
        visit_date: body.visit_date ?? now.toISOString(),
        diagnoses: describedDiagnoses(body.diagnoses ?? []),
        vital_signs: measuredVitals(body.vital_signs),
        follow_up_required: body.follow_up_required ?? false,
      })
      checkRules(content)
      const [at, by] = [now.toISOString(), context.userId]
      const { id } = await medicalRecords.insert(tx, {
        ...content,
        patient_id: body.patient_id,
        created_by: by,
        updated_by: by,
        created_at: at,
        updated_at: at,
      })
      audit.patientIds.push(chart.id)
      return announce(tx, medicalRecordCreated, await getRecord(tx, id))
    },
  }),

  handle(getMedicalRecord, {
    load: (tx, { params }) => findRecord(tx, params.id),
    work: async (_tx, { current }) => current,
  }),

  handle(changeMedicalRecord, {
    load: (tx, { params }) => lockRecord(tx, params.id),
    work: async (tx, { body, current, context, now, audit }) => {
      audit.patientIds.push(current.patient_id)
      refuseSigned(current)
      const patch = patchContent(current, body)
      const patched = { ...current, ...patch }
      if (patched.doctor_id !== current.doctor_id) await requireActiveDoctor(tx, patched.doctor_id, '/doctor_id')
      checkRules(patched)
      await medicalRecords.update(tx, current, { ...patch, updated_by: context.userId, updated_at: now.toISOString() })
      return announce(tx, medicalRecordUpdated, await getRecord(tx, current.id))
    },
  }),

  handle(signMedicalRecord, {
    load: (tx, { params }) => lockRecord(tx, params.id),
    work: async (tx, { current, context, now, audit }) => {
      audit.patientIds.push(current.patient_id)
      refuseSigned(current)
      const signing = { signed_by: context.userId, signed_at: now.toISOString(), patient_id: current.patient_id }
      const digest = recordDigest({ ...current, version: current.version + 1 }, signing)
      await markSigned(tx, current, signing, digest)
      return announce(tx, medicalRecordSigned, await getRecord(tx, current.id))
    },
  }),

  handle(addAddendum, {
    load: (tx, { params }) => lockRecord(tx, params.id),
    work: async (tx, { body, current, context, now, audit }) => {
      audit.patientIds.push(current.patient_id)
      if (current.signature === null) throw problem('record-not-signed')
      const addendum = { ...body, created_by: context.userId, created_at: now.toISOString() }
      const digest = addendumDigest(current.signature.digest, addendum)
      await addenda.insert(tx, { ...addendum, medical_record_id: current.id, digest })
      return announce(tx, medicalRecordAmended, await getRecord(tx, current.id))
    },
  }),

  handle(getMedicalRecordHistory, {
    load: (tx, { params }) => findRecord(tx, params.id),
    work: async (tx, { current, query, audit }) => {
      audit.patientIds.push(current.patient_id)
      const before = decodeCursor(query.cursor, ['number'])
      const rows = await listHistory(tx, current.id, before?.[0] ?? null, query.limit + 1)
      return toPage(rows, query.limit, (row) => [row.id])
    },
  }),
]

const describedDiagnoses = (given: readonly { code: string; description?: string | null }[]) =>
  given.map(({ code, description }) => ({ code, description: description ?? null }))

/** The fields of a merge patch, each merged into what is there: vital signs and documents member by member. */
function patchContent(current: Record, body: BodyOf<typeof changeMedicalRecord>): Partial<RecordContent> {
  const merged = Object.entries(body).map(([field, value]) => [
    field,
    value === null ? null : mergePatch(current[field as keyof Record], value),
  ])
  const patch = Object.fromEntries(merged) as Partial<RecordContent>
  if (patch.vital_signs) patch.vital_signs = measuredVitals(patch.vital_signs)
  if (patch.diagnoses) patch.diagnoses = describedDiagnoses(patch.diagnoses)
  return patch
}
