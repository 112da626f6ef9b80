import { type Static, Type } from '@sinclair/typebox'
import { event } from '../kernel/event.ts'
import { route } from '../kernel/route.ts'
import {
  Closed,
  DateOnly,
  Id,
  IdParams,
  Instant,
  ListQuery,
  MergePatch,
  Nullable,
  OneOf,
  Page,
} from '../kernel/schema.ts'
import { alertRaised } from './allergies.ts'

export const PatientStateKind = OneOf(['pregnant', 'breast_feeding'])
export const PatientStateStatus = OneOf(['recorded', 'entered_in_error'])

/** A pregnancy or a time of breast-feeding; drugs are checked against it while it lasts. */
export const PatientState = Type.Object({
  id: Id,
  patient_id: Id,
  state: PatientStateKind,
  from_date: DateOnly,
  /** The day it ended; null: it lasts. */
  until_date: Nullable(DateOnly),
  /** Of a pregnancy: without it rules of single weeks hold in all of them. */
  expected_delivery: Nullable(DateOnly),
  status: PatientStateStatus,
  entered_by: Nullable(Id),
  created_at: Instant,
  updated_at: Instant,
  version: Type.Integer(),
})
export type PatientState = Static<typeof PatientState>

const Ids = Type.Object({ id: Id, patient_id: Id, version: Type.Integer() })
const stateEvent = <const V extends string>(verb: V) =>
  event({ service: 'clinical', entity: 'patient_state', verb, version: 1, data: Ids })
export const patientStateRecorded = stateEvent('created')
export const patientStateChanged = stateEvent('updated')

export const listPatientStates = route({
  service: 'clinical',
  operationId: 'listPatientStates',
  method: 'GET',
  path: '/api/patients/:id/states',
  summary: 'Pregnancies and times of breast-feeding of a patient, newest first',
  access: 'records.read',
  params: IdParams,
  query: ListQuery({ status: Type.Optional(PatientStateStatus) }),
  status: 200,
  answer: Page(PatientState),
  patient: 'path.id',
})

export const recordPatientState = route({
  service: 'clinical',
  operationId: 'recordPatientState',
  method: 'POST',
  path: '/api/patients/:id/states',
  summary: 'Record a pregnancy or breast-feeding; prescriptions in use are checked against it and alerts raised',
  access: 'records.write',
  params: IdParams,
  body: Closed({
    state: PatientStateKind,
    from_date: Type.Optional(DateOnly),
    expected_delivery: Type.Optional(Nullable(DateOnly)),
  }),
  status: 201,
  answer: PatientState,
  problems: ['conflict', 'validation-failed'],
  events: [patientStateRecorded, alertRaised],
  patient: 'answer.patient_id',
})

export const changePatientState = route({
  service: 'clinical',
  operationId: 'changePatientState',
  method: 'PATCH',
  path: '/api/patient-states/:id',
  summary:
    'End a state with `until_date`, or correct it; `entered_in_error` takes it out of the checks, it is never deleted',
  access: 'records.write',
  params: IdParams,
  body: MergePatch(
    Closed({
      from_date: DateOnly,
      until_date: Nullable(DateOnly),
      expected_delivery: Nullable(DateOnly),
      status: PatientStateStatus,
    }),
  ),
  status: 200,
  answer: PatientState,
  problems: ['conflict', 'validation-failed'],
  events: [patientStateChanged, alertRaised],
  patient: 'answer.patient_id',
})
