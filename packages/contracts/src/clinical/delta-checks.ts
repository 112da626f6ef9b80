import { type Static, Type } from '@sinclair/typebox'
import { route } from '../kernel/route.ts'
import { Id, IdParams, Instant, Nullable, OneOf } from '../kernel/schema.ts'

/** How far a number is from the patient's last one of the same analyte. It asks whoever verifies to look, and stops nothing. */
export const Delta = Type.Object({
  name: Type.String(),
  code: Nullable(Type.String()),
  value: Type.Number(),
  unit: Nullable(Type.String()),
  /** The last value, in the unit of the new one. */
  previous: Type.Number(),
  previous_at: Instant,
  previous_lab_test_id: Id,
  /** Of the last value, with its sign; null where that was zero. */
  percent: Nullable(Type.Number()),
  /** The change in per cent from which on somebody should look; null: none is known, so nothing is said. */
  limit_percent: Nullable(Type.Number()),
  /** Whose limit it is: the hospital's own, or one that was published (`source`). */
  limit: Nullable(OneOf(['hospital', 'published'])),
  source: Nullable(Type.String()),
  /** null where there is no limit: that is no statement that the change is small. */
  exceeded: Nullable(Type.Boolean()),
})
export type Delta = Static<typeof Delta>

export const getLabTestDeltas = route({
  service: 'clinical',
  operationId: 'getLabTestDeltas',
  method: 'GET',
  path: '/api/lab-tests/:id/deltas',
  summary: 'Each number of a test against the patient’s last one of the same analyte, for whoever verifies',
  access: 'labs.read',
  params: IdParams,
  status: 200,
  answer: Type.Object({ lab_test_id: Id, patient_id: Id, deltas: Type.Array(Delta) }),
  patient: 'answer.patient_id',
})
