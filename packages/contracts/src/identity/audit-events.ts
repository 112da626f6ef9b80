import { Type } from '@sinclair/typebox'
import { route } from '../kernel/route.ts'
import { rpc } from '../kernel/rpc.ts'
import { Id, IdParams, Instant, Line, ListQuery, Nullable, OneOf } from '../kernel/schema.ts'

export const AuditEvent = Type.Object({
  /** `<service>:<row>` */
  id: Type.String(),
  at: Instant,
  service: Type.String(),
  actor_id: Nullable(Type.Integer()),
  actor_name: Nullable(Type.String()),
  roles: Type.Array(Type.String()),
  /** The operation's id, e.g. `getPatient`. */
  action: Type.String(),
  patient_id: Nullable(Type.Integer()),
  outcome: OneOf(['success', 'denied', 'refused']),
  problem: Nullable(Type.String()),
  request_id: Type.String(),
  address: Nullable(Type.String()),
  purpose: Nullable(Type.String()),
})

const filters = {
  patient_id: Type.Optional(Id),
  actor_id: Type.Optional(Id),
  action: Type.Optional(Line(100)),
  from: Type.Optional(Instant),
  to: Type.Optional(Instant),
}

const trail = Type.Object({
  data: Type.Array(AuditEvent),
  page: Type.Object({ next_cursor: Nullable(Type.String()) }),
  missing: Type.Optional(Type.Array(Type.String())),
})

export const listAuditEvents = route({
  service: 'identity',
  operationId: 'listAuditEvents',
  method: 'GET',
  path: '/api/audit-events',
  summary: 'Who did what, from all services, newest first; `missing` names services that could not be asked',
  access: 'audit.read',
  query: ListQuery(filters),
  status: 200,
  answer: trail,
})

export const listAccessLog = route({
  service: 'identity',
  operationId: 'listAccessLog',
  method: 'GET',
  path: '/api/patients/:id/access-log',
  summary: 'Who saw or changed anything of this patient, from all services, newest first',
  access: 'audit.read',
  params: IdParams,
  query: ListQuery({ from: filters.from, to: filters.to }),
  status: 200,
  answer: trail,
  patient: 'path.id',
})

const request = Type.Object({
  tenant_id: Type.String(),
  request_id: Type.String(),
  limit: Type.Integer(),
  /** Rows before this place, newest first: (at, id). */
  before: Nullable(Type.Object({ at: Instant, id: Type.String() })),
  ...filters,
})
const reply = Type.Object({ events: Type.Array(AuditEvent) })

export const clinicalAudit = rpc({ subject: 'rpc.clinical.list_audit_events', request, reply })
export const schedulingAudit = rpc({ subject: 'rpc.scheduling.list_audit_events', request, reply })
