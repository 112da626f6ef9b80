import { Type } from '@sinclair/typebox'
import { event } from '../kernel/event.ts'
import { route } from '../kernel/route.ts'
import {
  Closed,
  DateOnly,
  Id,
  IdParams,
  Instant,
  Line,
  ListQuery,
  MergePatch,
  Nullable,
  OneOf,
  Page,
  Text,
} from '../kernel/schema.ts'
import { News2, VitalSigns, VitalSignsInput } from './vital-signs.ts'

export const MedicalRecordStatus = OneOf(['draft', 'signed'])

/** ICD-10, also with the national extensions' longer forms: `J06.9`, `S52.521A`. */
const Icd10Code = Type.String({ pattern: '^[A-Z][0-9][0-9A-Z](\\.[0-9A-Z]{1,4})?$' })
const Diagnosis = Closed({ code: Icd10Code, description: Type.Optional(Nullable(Line(500))) })

/** A document of the hospital's own shape: a list or an object. */
const Document = Type.Unsafe<unknown[] | Record<string, unknown>>({
  type: ['array', 'object'],
  maxItems: 500,
  maxProperties: 500,
})

const StoredDocument = Type.Unsafe<unknown[] | Record<string, unknown> | null>({})

const content = {
  visit_date: Instant,
  chief_complaint: Nullable(Text()),
  diagnosis: Nullable(Text()),
  diagnoses: Type.Array(Diagnosis, { maxItems: 50 }),
  treatment_plan: Nullable(Text()),
  prescriptions: Nullable(Document),
  vital_signs: Nullable(VitalSignsInput),
  lab_results: Nullable(Document),
  notes: Nullable(Text()),
  follow_up_required: Type.Boolean(),
  follow_up_date: Nullable(DateOnly),
}

/** Who signed, when, and the digest over what was signed. */
export const RecordSignature = Type.Object({
  algorithm: OneOf(['sha-256']),
  digest: Type.String(),
  signed_by: Id,
  signed_at: Instant,
  /** The patient at signing; differs from `patient_id` after charts were merged. */
  patient_id: Id,
})

export const RecordAddendum = Type.Object({
  id: Id,
  text: Type.String(),
  reason: Type.String(),
  created_by: Id,
  created_by_name: Type.String(),
  created_at: Instant,
  digest: Type.String(),
})

export const MedicalRecord = Type.Object({
  id: Id,
  patient_id: Id,
  doctor_id: Id,
  ...content,
  diagnoses: Type.Array(Type.Object({ code: Type.String(), description: Nullable(Type.String()) })),
  prescriptions: StoredDocument,
  vital_signs: Nullable(VitalSigns),
  news2: Nullable(News2),
  lab_results: StoredDocument,
  status: MedicalRecordStatus,
  /** Who recorded it, when it came from another system. */
  source: Nullable(Type.String()),
  signed_by: Nullable(Id),
  signed_at: Nullable(Instant),
  digest: Nullable(Type.String()),
  signature: Nullable(RecordSignature),
  addenda: Type.Array(RecordAddendum),
  created_by: Nullable(Id),
  updated_by: Nullable(Id),
  created_at: Instant,
  updated_at: Instant,
  version: Type.Integer(),
})

const RecordFacts = Type.Object({
  id: Id,
  patient_id: Id,
  doctor_id: Id,
  status: MedicalRecordStatus,
  version: Type.Integer(),
})
const recordEvent = (verb: string) =>
  event({ service: 'clinical', entity: 'medical_record', verb, version: 1, data: RecordFacts })
export const medicalRecordCreated = recordEvent('created')
export const medicalRecordUpdated = recordEvent('updated')
export const medicalRecordSigned = recordEvent('signed')
export const medicalRecordAmended = recordEvent('amended')

export const listMedicalRecords = route({
  service: 'clinical',
  operationId: 'listMedicalRecords',
  method: 'GET',
  path: '/api/medical-records',
  summary: 'Medical records, newest visit first',
  access: 'records.read',
  query: ListQuery({
    patient_id: Type.Optional(Id),
    doctor_id: Type.Optional(Id),
    status: Type.Optional(MedicalRecordStatus),
    /** Visits from this instant on, and before that one. */
    from: Type.Optional(Instant),
    to: Type.Optional(Instant),
  }),
  status: 200,
  answer: Page(MedicalRecord),
  patient: 'answer.patient_id',
})

export const createMedicalRecord = route({
  service: 'clinical',
  operationId: 'createMedicalRecord',
  method: 'POST',
  path: '/api/medical-records',
  summary: 'Begin a medical record as a draft; the doctor is who signs in, unless named',
  access: 'records.write',
  body: Closed({
    patient_id: Id,
    doctor_id: Type.Optional(Id),
    ...Type.Partial(Type.Object(content)).properties,
  }),
  status: 201,
  answer: MedicalRecord,
  problems: ['unknown-reference', 'validation-failed', 'patient-archived'],
  events: [medicalRecordCreated],
  people: { doctor: 'body.doctor_id' },
  patient: 'answer.patient_id',
})

export const getMedicalRecord = route({
  service: 'clinical',
  operationId: 'getMedicalRecord',
  method: 'GET',
  path: '/api/medical-records/:id',
  summary: 'One medical record with its addenda',
  access: 'records.read',
  params: IdParams,
  status: 200,
  answer: MedicalRecord,
  patient: 'answer.patient_id',
})

export const changeMedicalRecord = route({
  service: 'clinical',
  operationId: 'changeMedicalRecord',
  method: 'PATCH',
  path: '/api/medical-records/:id',
  summary: 'Change a draft; a signed record refuses',
  access: 'records.write',
  params: IdParams,
  body: MergePatch(Closed({ doctor_id: Id, ...content })),
  status: 200,
  answer: MedicalRecord,
  problems: ['record-signed', 'unknown-reference', 'validation-failed'],
  events: [medicalRecordUpdated],
  people: { doctor: 'body.doctor_id' },
  patient: 'answer.patient_id',
})

export const signMedicalRecord = route({
  service: 'clinical',
  operationId: 'signMedicalRecord',
  method: 'POST',
  path: '/api/medical-records/:id/sign',
  summary: 'Sign a draft; from then on it never changes',
  access: 'records.sign',
  params: IdParams,
  status: 200,
  answer: MedicalRecord,
  problems: ['record-signed'],
  events: [medicalRecordSigned],
  patient: 'answer.patient_id',
})

export const addAddendum = route({
  service: 'clinical',
  operationId: 'addAddendum',
  method: 'POST',
  path: '/api/medical-records/:id/addenda',
  summary: 'Add to a signed record, with the reason; the record itself stays',
  access: 'records.write',
  params: IdParams,
  body: Closed({ text: Type.String({ minLength: 1, maxLength: 20_000, pattern: '\\S' }), reason: Line(1000) }),
  status: 201,
  answer: MedicalRecord,
  problems: ['record-not-signed'],
  events: [medicalRecordAmended],
  patient: 'answer.patient_id',
})

export const RecordHistoryEntry = Type.Object({
  version: Type.Integer(),
  action: OneOf(['created', 'changed', 'signed', 'addendum', 'moved']),
  at: Instant,
  /** null: the system itself. */
  actor: Nullable(Type.Object({ id: Id, name: Nullable(Type.String()) })),
  changes: Type.Array(Type.Object({ field: Type.String(), from: Type.Unknown(), to: Type.Unknown() })),
})

export const getMedicalRecordHistory = route({
  service: 'clinical',
  operationId: 'getMedicalRecordHistory',
  method: 'GET',
  path: '/api/medical-records/:id/history',
  summary: 'Every change of a record, field by field, newest first',
  access: 'records.read',
  params: IdParams,
  query: ListQuery({}),
  status: 200,
  answer: Page(RecordHistoryEntry),
  patient: 'answer.patient_id',
})
