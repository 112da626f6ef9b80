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
} from '@hospital/contracts'
import { appendEvent, type TenantTx } from '@hospital/database'
import { type Deps, decodeCursor, ensureDoctor, ensureStaff, handle, type Route, toPage } from '@hospital/service'
import { openRows } from '../care/guard.ts'
import { decodeInstantCursor, openChart, requireActiveDoctor, requireDoctor } from '../references.ts'
import {
  findRecord,
  getRecord,
  insertAddendum,
  insertRecord,
  listHistory,
  listRecords,
  lockRecord,
  markSigned,
  type Record,
  type RecordContent,
  recordRow,
  updateRecord,
} from './queries.ts'
import { findBreaches, measuredVitals, mergePatch } from './rules.ts'
import { addendumDigest, recordDigest } from './signature.ts'

function checkRules(content: RecordContent): void {
  const errors = findBreaches(content)
  if (errors.length > 0) throw problem('validation-failed', { errors })
}

type RecordEvent =
  | typeof medicalRecordCreated
  | typeof medicalRecordUpdated
  | typeof medicalRecordSigned
  | typeof medicalRecordAmended

/** Reads the record back and tells the world that it changed: ids and version, never what is in it. */
async function announce(tx: TenantTx, event: RecordEvent, recordId: number): Promise<Record> {
  const record = await getRecord(tx, recordId)
  const { id, patient_id, doctor_id, status, version } = record
  await appendEvent(tx, event, { id, data: { id, patient_id, doctor_id, status, version } })
  return record
}

const refuseSigned = (record: Record): void => {
  if (record.status === 'signed') throw problem('record-signed')
}

/** Operations on medical records: drafts that become signed, and then only grow by addenda. */
export const medicalRecordRoutes = (deps: Deps): Route[] => [
  handle(listMedicalRecords, async (tx, { query: { limit, cursor, ...filter }, context }) => {
    const open = await openRows(tx, context, 'records', recordRow)
    const rows = await listRecords(tx, filter, decodeInstantCursor(cursor), limit + 1, open)
    return toPage(rows, limit, (row) => [row.visit_date, row.id])
  }),

  handle(createMedicalRecord, {
    prepare: async ({ body, context }) => {
      await ensureDoctor(deps, context, body.doctor_id ?? context.userId)
      await ensureStaff(deps, context, context.userId)
    },
    work: async (tx, { body, now, audit }) => {
      audit.patientIds.push(body.patient_id)
      const doctorId = await requireDoctor(tx, body.doctor_id, '/doctor_id')
      const chart = await openChart(tx, body.patient_id)
      const content: RecordContent = {
        doctor_id: doctorId,
        visit_date: body.visit_date ?? now.toISOString(),
        chief_complaint: body.chief_complaint ?? null,
        diagnosis: body.diagnosis ?? null,
        diagnoses: (body.diagnoses ?? []).map(({ code, description }) => ({ code, description: description ?? null })),
        treatment_plan: body.treatment_plan ?? null,
        prescriptions: body.prescriptions ?? null,
        vital_signs: measuredVitals(body.vital_signs),
        lab_results: body.lab_results ?? null,
        notes: body.notes ?? null,
        follow_up_required: body.follow_up_required ?? false,
        follow_up_date: body.follow_up_date ?? null,
      }
      checkRules(content)
      const id = await insertRecord(tx, body.patient_id, content, now.toISOString())
      audit.patientIds.push(chart.id)
      return announce(tx, medicalRecordCreated, id)
    },
  }),

  handle(getMedicalRecord, {
    load: (tx, { params }) => findRecord(tx, params.id),
    work: async (_tx, { current }) => current,
  }),

  handle(changeMedicalRecord, {
    prepare: async ({ body, context }) => {
      if (body.doctor_id !== undefined) await ensureDoctor(deps, context, body.doctor_id)
      await ensureStaff(deps, context, context.userId)
    },
    load: (tx, { params }) => lockRecord(tx, params.id),
    work: async (tx, { body, current, now, audit }) => {
      audit.patientIds.push(current.patient_id)
      refuseSigned(current)
      const patched = { ...current, ...patchContent(current, body) }
      if (patched.doctor_id !== current.doctor_id) await requireActiveDoctor(tx, patched.doctor_id, '/doctor_id')
      checkRules(patched)
      await updateRecord(tx, current.id, patched, now.toISOString())
      return announce(tx, medicalRecordUpdated, current.id)
    },
  }),

  handle(signMedicalRecord, {
    prepare: ({ context }) => ensureStaff(deps, context, context.userId),
    load: (tx, { params }) => lockRecord(tx, params.id),
    work: async (tx, { current, context, now, audit }) => {
      audit.patientIds.push(current.patient_id)
      refuseSigned(current)
      const signing = { signed_by: context.userId, signed_at: now.toISOString(), patient_id: current.patient_id }
      const digest = recordDigest({ ...current, version: current.version + 1 }, signing)
      await markSigned(tx, current.id, signing, digest)
      return announce(tx, medicalRecordSigned, current.id)
    },
  }),

  handle(addAddendum, {
    prepare: ({ context }) => ensureStaff(deps, context, context.userId),
    load: (tx, { params }) => lockRecord(tx, params.id),
    work: async (tx, { body, current, context, now, audit }) => {
      audit.patientIds.push(current.patient_id)
      if (current.signature === null) throw problem('record-not-signed')
      const addendum = { ...body, created_by: context.userId, created_at: now.toISOString() }
      await insertAddendum(tx, current.id, { ...addendum, digest: addendumDigest(current.signature.digest, addendum) })
      return announce(tx, medicalRecordAmended, current.id)
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

/** The fields of a merge patch, each merged into what is there: vital signs and documents member by member. */
function patchContent(current: Record, body: BodyOf<typeof changeMedicalRecord>): Partial<RecordContent> {
  const merged = Object.entries(body).map(([field, value]) => [
    field,
    value === null ? null : mergePatch(current[field as keyof Record], value),
  ])
  const patch = Object.fromEntries(merged) as Partial<RecordContent>
  if (patch.vital_signs) patch.vital_signs = measuredVitals(patch.vital_signs)
  if (patch.diagnoses)
    patch.diagnoses = patch.diagnoses.map(({ code, description }) => ({ code, description: description ?? null }))
  return patch
}
