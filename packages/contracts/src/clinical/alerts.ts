import { type Static, Type } from '@sinclair/typebox'
import { event } from '../kernel/event.ts'
import { route } from '../kernel/route.ts'
import { Closed, Id, IdParams, Instant, Line, ListQuery, Nullable, OneOf, Page } from '../kernel/schema.ts'
import { steps } from '../kernel/steps.ts'
import { CheckName, ConflictSeverity } from './checks.ts'

/** `resolved`: it went away by itself, because the prescription or its cause ended. */
export const AlertStatus = OneOf(['open', 'acknowledged', 'resolved'])

export const Alert = Type.Object({
  id: Id,
  patient_id: Id,
  /** The prescription in use that the later allergy or drug speaks against. */
  prescription_id: Id,
  check: CheckName,
  rule: Type.String(),
  severity: ConflictSeverity,
  detail: Type.String(),
  source: Type.String(),
  rule_set_version: Type.String(),
  cause_allergy_id: Nullable(Id),
  cause_prescription_id: Nullable(Id),
  status: AlertStatus,
  created_at: Instant,
  acknowledged_by: Nullable(Id),
  acknowledged_at: Nullable(Instant),
  acknowledge_reason: Nullable(Type.String()),
  updated_at: Instant,
  version: Type.Integer(),
})
export type Alert = Static<typeof Alert>

export const alertAcknowledged = event({
  service: 'clinical',
  entity: 'alert',
  verb: 'acknowledged',
  version: 1,
  data: Type.Object({ id: Id, patient_id: Id, prescription_id: Id, version: Type.Integer() }),
})

/** What people do with an alert; that it goes away by itself is no step of theirs. */
export const alertSteps = steps(AlertStatus, {
  acknowledge: { from: ['open'], to: 'acknowledged', event: alertAcknowledged },
})

export const listAlerts = route({
  service: 'clinical',
  operationId: 'listAlerts',
  method: 'GET',
  path: '/api/alerts',
  summary: 'What a later allergy or drug raised on prescriptions in use, newest first',
  access: 'prescriptions.read',
  query: ListQuery({
    status: Type.Optional(AlertStatus),
    patient_id: Type.Optional(Id),
    prescription_id: Type.Optional(Id),
  }),
  status: 200,
  answer: Page(Alert),
  patient: 'answer.patient_id',
})

export const acknowledgeAlert = route({
  service: 'clinical',
  operationId: 'acknowledgeAlert',
  method: 'POST',
  path: '/api/alerts/:id/acknowledge',
  summary: 'Answer for an alert with a reason; for those who prescribe or dispense',
  // Either of two permissions: the handler asks for prescriptions.write or prescriptions.dispense besides this one.
  access: 'prescriptions.read',
  params: IdParams,
  body: Closed({ reason: Line(2000) }),
  status: 200,
  answer: Alert,
  step: { of: alertSteps, name: 'acknowledge' },
  problems: ['forbidden'],
  patient: 'answer.patient_id',
})
