import { type Static, Type } from '@sinclair/typebox'
import { event } from '../kernel/event.ts'
import { route } from '../kernel/route.ts'
import { Closed, Id, IdParams, Instant, Line, ListQuery, Nullable, OneOf, Page, Text } from '../kernel/schema.ts'
import { criticalSteps } from './lab-tests.ts'

/** `escalated`: the time ran out and a role was asked; it still waits for a person. */
export const CriticalResultStatus = OneOf(['open', 'escalated', 'acknowledged'])
/** `corrected`: what was said before was wrong, whatever the new value is. */
export const CriticalResultKind = OneOf(['critical', 'corrected'])
export const CallOutcome = OneOf(['told-and-read-back', 'told', 'not-reached'])

const Named = Type.Object({ id: Id, name: Type.String() })

export const CriticalCall = Type.Object({
  id: Id,
  /** Somebody of this hospital, by name. */
  recipient: Nullable(Named),
  /** Whoever answered, in words. */
  spoke_to: Nullable(Type.String()),
  outcome: CallOutcome,
  /** The version of the results that was told: a value corrected since was not. */
  results_version: Type.Integer(),
  note: Nullable(Type.String()),
  called_by: Named,
  at: Instant,
})

/** A result that asks somebody, until a person has answered for it. */
export const CriticalResult = Type.Object({
  id: Id,
  lab_test_id: Id,
  patient_id: Id,
  test_name: Type.String(),
  kind: CriticalResultKind,
  status: CriticalResultStatus,
  /** The doctor who is asked; null where none is known for the patient, so that it escalates at once. */
  recipient: Nullable(Named),
  opened_at: Instant,
  /** When it escalates, or has escalated. */
  due_at: Instant,
  escalated_at: Nullable(Instant),
  escalated_role: Nullable(Type.String()),
  acknowledged_at: Nullable(Instant),
  acknowledged_by: Nullable(Named),
  /** Why another doctor than the one who was asked has answered. */
  acknowledge_reason: Nullable(Type.String()),
  /** What was done; null when acknowledged: nobody has said it. */
  action: Nullable(Type.String()),
  calls: Type.Array(CriticalCall),
  version: Type.Integer(),
})
export type CriticalResult = Static<typeof CriticalResult>

const CriticalResultFacts = Type.Object({
  id: Id,
  lab_test_id: Id,
  patient_id: Id,
  recipient_id: Nullable(Id),
  escalated_role: Nullable(Type.String()),
  version: Type.Integer(),
})
const criticalEvent = (verb: string) =>
  event({ service: 'clinical', entity: 'critical_result', verb, version: 1, data: CriticalResultFacts })
/** Nobody has answered in time: a role is asked. */
export const criticalResultEscalated = criticalEvent('escalated')
/** The doctor who was asked has left: another one is asked. */
export const criticalResultHandedOver = criticalEvent('handed_over')

export const listCriticalResults = route({
  service: 'clinical',
  operationId: 'listCriticalResults',
  method: 'GET',
  path: '/api/critical-results',
  summary: 'Results that ask somebody, newest first, with who is asked, until when, and who was called',
  access: 'labs.read',
  query: ListQuery({
    status: Type.Optional(CriticalResultStatus),
    /** The doctor who is asked. */
    recipient: Type.Optional(Id),
    patient_id: Type.Optional(Id),
    lab_test_id: Type.Optional(Id),
    /** `missing`: acknowledged, and nobody has said what was done. */
    action: Type.Optional(OneOf(['missing'])),
  }),
  status: 200,
  answer: Page(CriticalResult),
  patient: 'answer.patient_id',
})

export const callAboutLabTest = route({
  service: 'clinical',
  operationId: 'callAboutLabTest',
  method: 'POST',
  path: '/api/lab-tests/:id/calls',
  summary: 'Log a call about a critical result: who was told, whether they read it back; it does not close it',
  access: 'labs.collect',
  params: IdParams,
  body: Closed({
    /** Somebody of this hospital. */
    recipient: Type.Optional(Nullable(Id)),
    /** Whoever answered, by name or role. */
    spoke_to: Type.Optional(Nullable(Line(255))),
    outcome: CallOutcome,
    note: Type.Optional(Nullable(Text(2000))),
  }),
  status: 200,
  answer: CriticalResult,
  problems: ['validation-failed', 'unknown-reference'],
  step: { of: criticalSteps, name: 'call' },
  people: { staff: 'body.recipient' },
  patient: 'answer.patient_id',
})
