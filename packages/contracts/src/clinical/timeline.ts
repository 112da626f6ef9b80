import { Type } from '@sinclair/typebox'
import { route } from '../kernel/route.ts'
import { Id, IdParams, Instant, ListQuery, Nullable, OneOf } from '../kernel/schema.ts'

/** In this order where two happened at the same instant. */
export const timelineKinds = ['medical_record', 'prescription', 'lab_test', 'appointment'] as const
export const TimelineKind = OneOf(timelineKinds)

export const TimelineItem = Type.Object({
  kind: TimelineKind,
  id: Id,
  at: Instant,
  summary: Type.String(),
  status: Type.String(),
  doctor_id: Nullable(Id),
})

export const getPatientTimeline = route({
  service: 'clinical',
  operationId: 'getPatientTimeline',
  method: 'GET',
  path: '/api/patients/:id/timeline',
  summary:
    'What happened with a patient, newest first: the kinds you may read. `missing` names what could not be asked',
  access: 'patients.read',
  params: IdParams,
  query: ListQuery({ kind: Type.Optional(TimelineKind) }),
  status: 200,
  answer: Type.Object({
    data: Type.Array(TimelineItem),
    page: Type.Object({ next_cursor: Nullable(Type.String()) }),
    missing: Type.Array(OneOf(['appointments'])),
  }),
  patient: 'path.id',
  chart: 'whole',
})
