import { Type } from '@sinclair/typebox'
import { route } from '../kernel/route.ts'
import { Closed, Id, IdParams, Instant, Line, ListQuery, Nullable, Page } from '../kernel/schema.ts'

export const CareAssignment = Type.Object({
  id: Id,
  patient_id: Id,
  user_id: Id,
  user_name: Type.String(),
  created_by: Id,
  created_at: Instant,
  ended_at: Nullable(Instant),
  version: Type.Integer(),
})

export const listCareTeam = route({
  service: 'clinical',
  operationId: 'listCareTeam',
  method: 'GET',
  path: '/api/patients/:id/care-team',
  summary: 'Who is assigned to the patient',
  access: 'patients.read',
  params: IdParams,
  query: ListQuery({}),
  status: 200,
  answer: Page(CareAssignment),
  patient: 'path.id',
})

export const assignCare = route({
  service: 'clinical',
  operationId: 'assignCare',
  method: 'POST',
  path: '/api/patients/:id/care-team',
  summary: 'Assign somebody to the patient',
  access: 'schedule.manage',
  params: IdParams,
  body: Closed({ user_id: Id }),
  status: 201,
  answer: CareAssignment,
  problems: ['unknown-reference', 'conflict'],
  patient: 'path.id',
})

export const endCare = route({
  service: 'clinical',
  operationId: 'endCare',
  method: 'DELETE',
  path: '/api/care-assignments/:id',
  summary: 'End an assignment',
  access: 'schedule.manage',
  params: IdParams,
  status: 200,
  answer: CareAssignment,
  problems: ['illegal-transition'],
  patient: 'answer.patient_id',
})

export const BreakGlass = Type.Object({
  id: Id,
  patient_id: Id,
  user_id: Id,
  user_name: Type.String(),
  reason: Type.String(),
  opened_at: Instant,
  expires_at: Instant,
  reviewed_by: Nullable(Id),
  reviewed_at: Nullable(Instant),
  review_note: Nullable(Type.String()),
  version: Type.Integer(),
})

/** For emergencies, where the hospital asks for a care relation: opens the chart to this person for 60 minutes. */
export const breakGlass = route({
  service: 'clinical',
  operationId: 'breakGlass',
  method: 'POST',
  path: '/api/patients/:id/break-glass',
  summary: 'Open the chart for 60 minutes in an emergency; flagged in the audit trail and reviewed',
  access: 'patients.read',
  params: IdParams,
  body: Closed({ reason: Line(1000), password: Type.String({ minLength: 1, maxLength: 128 }) }),
  status: 201,
  answer: BreakGlass,
  problems: ['wrong-password', 'too-many-attempts'],
  patient: 'path.id',
})

export const listBreakGlass = route({
  service: 'clinical',
  operationId: 'listBreakGlassAccesses',
  method: 'GET',
  path: '/api/break-glass',
  summary: 'Emergency accesses, newest first; `reviewed=false` are those to review',
  access: 'audit.read',
  query: ListQuery({ reviewed: Type.Optional(Type.Boolean()), patient_id: Type.Optional(Id) }),
  status: 200,
  answer: Page(BreakGlass),
  patient: 'answer.patient_id',
})

export const reviewBreakGlass = route({
  service: 'clinical',
  operationId: 'reviewBreakGlass',
  method: 'POST',
  path: '/api/break-glass/:id/review',
  summary: 'Note the review of an emergency access; not by the person who opened it',
  access: 'audit.read',
  params: IdParams,
  body: Closed({ note: Line(2000) }),
  status: 200,
  answer: BreakGlass,
  problems: ['illegal-transition', 'same-person'],
  patient: 'answer.patient_id',
})
