import { Type } from '@sinclair/typebox'
import { event } from '../kernel/event.ts'
import type { Permission } from '../kernel/permissions.ts'
import { route } from '../kernel/route.ts'
import {
  Closed,
  DateOnly,
  Email,
  Id,
  IdParams,
  Ids,
  Instant,
  Line,
  ListQuery,
  MergePatch,
  Nullable,
  OneOf,
  Page,
  Text,
} from '../kernel/schema.ts'

export const PatientStatus = OneOf(['active', 'inactive', 'deceased'])
export const PatientSex = OneOf(['male', 'female', 'other', 'unknown'])

/** Clinical text on the patient is seen only by those who may read records (or prescriptions). */
const patientFields: Readonly<Record<string, readonly Permission[]>> = {
  medical_history: ['records.read'],
  allergies: ['records.read', 'prescriptions.read'],
  current_medications: ['records.read', 'prescriptions.read'],
}

const required = {
  first_name: Line(100),
  last_name: Line(100),
  date_of_birth: DateOnly,
}

const optional = {
  email: Nullable(Email),
  phone: Nullable(Line(50)),
  gender: Nullable(Line(30)),
  address: Nullable(Text(1000)),
  emergency_contact_name: Nullable(Line(200)),
  emergency_contact_phone: Nullable(Line(50)),
  medical_history: Nullable(Text()),
  allergies: Nullable(Text()),
  current_medications: Nullable(Text()),
  insurance_info: Nullable(Type.Record(Type.String({ maxLength: 200 }), Type.Unknown(), { maxProperties: 100 })),
}

export const Patient = Type.Object({
  id: Id,
  patient_number: Type.String(),
  first_name: Type.String(),
  last_name: Type.String(),
  date_of_birth: DateOnly,
  email: Nullable(Type.String()),
  phone: Nullable(Type.String()),
  gender: Nullable(Type.String()),
  /** What `gender` says, by everyday words of several languages; where it is `unknown` or `other` the limits of either sex alarm. */
  sex: PatientSex,
  address: Nullable(Type.String()),
  emergency_contact_name: Nullable(Type.String()),
  emergency_contact_phone: Nullable(Type.String()),
  medical_history: Type.Optional(Nullable(Type.String())),
  allergies: Type.Optional(Nullable(Type.String())),
  current_medications: Type.Optional(Nullable(Type.String())),
  insurance_info: Nullable(Type.Record(Type.String(), Type.Unknown())),
  status: PatientStatus,
  deceased_date: Nullable(DateOnly),
  /** The patient this one was merged into; both ids keep resolving. */
  merged_into: Nullable(Id),
  created_at: Instant,
  updated_at: Instant,
  version: Type.Integer(),
})

/**
 * What scheduling copies of a patient. Merging is told this way too: `patient.updated` of the duplicate then carries
 * `merged_into`, the patient whose id its rows have from now on, and null again when the merge is undone. A consumer
 * moves what it keeps under the duplicate's id to `merged_into`, remembers which rows those were (and adds what is written
 * under the duplicate's id meanwhile), and moves exactly those back when `merged_into` is null again. A survivor can
 * itself be merged into a third patient: follow the chain. Undoing goes from the top of the chain down.
 */
export const PatientFacts = Type.Object({
  id: Id,
  patient_number: Type.String(),
  first_name: Type.String(),
  last_name: Type.String(),
  status: PatientStatus,
  merged_into: Nullable(Id),
  version: Type.Integer(),
})

/** Who a new patient may already be, and why it is thought so; `score` from 0 to 1. */
export const DuplicateCandidate = Type.Object({
  id: Id,
  patient_number: Type.String(),
  first_name: Type.String(),
  last_name: Type.String(),
  date_of_birth: DateOnly,
  status: PatientStatus,
  score: Type.Number(),
  reasons: Type.Array(
    OneOf([
      'same name',
      'similar name',
      'same sound',
      'names swapped',
      'same birth date',
      'day and month swapped',
      'birth date one digit off',
      'same phone',
      'same e-mail',
    ]),
  ),
})

export const patientCreated = event({
  service: 'clinical',
  entity: 'patient',
  verb: 'created',
  version: 1,
  data: PatientFacts,
})
export const patientUpdated = event({
  service: 'clinical',
  entity: 'patient',
  verb: 'updated',
  version: 1,
  data: PatientFacts,
})

export const listPatients = route({
  service: 'clinical',
  operationId: 'listPatients',
  method: 'GET',
  path: '/api/patients',
  summary:
    'Patients by name, or found by `q`: any part of the names in any order, patient number, phone suffix, e-mail, birth date',
  access: 'patients.read',
  query: ListQuery({
    q: Type.Optional(Line(200)),
    status: Type.Optional(PatientStatus),
    /** `unknown`: whose gender is missing or a word that is not understood. */
    sex: Type.Optional(PatientSex),
    ids: Type.Optional(Ids),
  }),
  status: 200,
  answer: Page(Patient),
  fields: patientFields,
  patient: 'answer.id',
})

export const registerPatient = route({
  service: 'clinical',
  operationId: 'registerPatient',
  method: 'POST',
  path: '/api/patients',
  summary: 'Register a patient; one that looks like an existing patient is refused unless ?allow_duplicate=true',
  access: 'patients.write',
  query: Closed({ allow_duplicate: Type.Optional(Type.Boolean()) }),
  body: Closed({
    patient_number: Type.Optional(Line(50)),
    ...required,
    ...Type.Partial(Type.Object(optional)).properties,
  }),
  status: 201,
  answer: Patient,
  problems: ['patient-number-taken', 'possible-duplicate', 'validation-failed'],
  events: [patientCreated],
  fields: patientFields,
  patient: 'answer.id',
})

export const getPatient = route({
  service: 'clinical',
  operationId: 'getPatient',
  method: 'GET',
  path: '/api/patients/:id',
  summary: 'One patient',
  access: 'patients.read',
  params: IdParams,
  status: 200,
  answer: Patient,
  fields: patientFields,
  patient: 'answer.id',
})

export const changePatient = route({
  service: 'clinical',
  operationId: 'changePatient',
  method: 'PATCH',
  path: '/api/patients/:id',
  summary: 'Change a patient; fields you may not read cannot be changed',
  access: 'patients.write',
  params: IdParams,
  body: MergePatch(
    Closed({
      patient_number: Line(50),
      ...required,
      ...optional,
      status: PatientStatus,
      deceased_date: Nullable(DateOnly),
    }),
  ),
  status: 200,
  answer: Patient,
  problems: ['patient-number-taken', 'already-merged', 'validation-failed'],
  events: [patientUpdated],
  fields: patientFields,
  patient: 'answer.id',
})

export const archivePatient = route({
  service: 'clinical',
  operationId: 'archivePatient',
  method: 'DELETE',
  path: '/api/patients/:id',
  summary: 'Archive a patient (status `inactive`); nothing clinical is deleted',
  access: 'patients.write',
  params: IdParams,
  status: 200,
  answer: Patient,
  problems: ['already-merged'],
  events: [patientUpdated],
  fields: patientFields,
  patient: 'answer.id',
})

const reason = Line(2000)

export const mergePatients = route({
  service: 'clinical',
  operationId: 'mergePatients',
  method: 'POST',
  path: '/api/patients/:id/merge',
  summary: 'Merge a duplicate into this patient: all its rows move here, and its id keeps resolving',
  access: 'patients.merge',
  params: IdParams,
  body: Closed({ duplicate_id: Id, reason }),
  status: 200,
  answer: Patient,
  problems: ['already-merged', 'patient-archived', 'unknown-reference', 'validation-failed'],
  events: [patientUpdated],
  fields: patientFields,
  patient: 'answer.id',
})

export const unmergePatients = route({
  service: 'clinical',
  operationId: 'unmergePatients',
  method: 'POST',
  path: '/api/patients/:id/unmerge',
  summary: 'Undo a merge: every row that came from the duplicate, or was written under its id since, goes back to it',
  access: 'patients.merge',
  params: IdParams,
  body: Closed({ duplicate_id: Id, reason }),
  status: 200,
  answer: Patient,
  problems: ['already-merged', 'unknown-reference'],
  events: [patientUpdated],
  fields: patientFields,
  patient: 'answer.id',
})

export const PatientMerge = Type.Object({
  id: Id,
  survivor_id: Id,
  duplicate_id: Id,
  reason: Type.String(),
  merged_by: Nullable(Id),
  merged_at: Instant,
  unmerge_reason: Nullable(Type.String()),
  unmerged_by: Nullable(Id),
  unmerged_at: Nullable(Instant),
  /** Rows that came to the survivor through this merge. */
  rows: Type.Integer(),
})

export const listPatientMerges = route({
  service: 'clinical',
  operationId: 'listPatientMerges',
  method: 'GET',
  path: '/api/patients/:id/merges',
  summary: 'The merges a patient took part in, as survivor or duplicate, newest first',
  access: 'patients.merge',
  params: IdParams,
  query: ListQuery({}),
  status: 200,
  answer: Page(PatientMerge),
  patient: 'path.id',
})
