import {
  assignCare,
  breakGlass,
  breakGlassSteps,
  careAssignmentSteps,
  confirmPassword,
  decideStep,
  endCare,
  listBreakGlass,
  listCareTeam,
  problem,
  reviewBreakGlass,
  unknownReference,
} from '@hospital/contracts'
import { onConstraint } from '@hospital/database'
import { type Deps, decodeCursor, handle, type Route, toPage } from '@hospital/service'
import { requirePatient } from '../references.ts'
import * as care from './queries.ts'

/** Who cares for a patient, and what opens a chart to somebody who does not. */
export const careRoutes = (deps: Deps): Route[] => [
  handle(listCareTeam, async (tx, { params, query }) => {
    const patientId = await requirePatient(tx, params.id)
    const after = decodeCursor(query.cursor, ['number'])
    const rows = await care.listAssignments(tx, patientId, after?.[0] ?? 0, query.limit + 1)
    return toPage(rows, query.limit, (row) => [row.id])
  }),
  handle(assignCare, {
    load: async (tx, { params }) => ({ id: await requirePatient(tx, params.id) }),
    work: async (tx, { context, params, body }) => {
      if (!(await care.staffExists(tx, body.user_id)))
        throw unknownReference('/user_id', 'is no active user of this hospital')
      const assigned = () => problem('conflict', { detail: 'This person is assigned to the patient already.' })
      const assignment = { patient_id: params.id, user_id: body.user_id, created_by: context.userId }
      return onConstraint({ care_assignments_live_key: assigned }, () => care.insertAssignment(tx, assignment))
    },
  }),
  handle(endCare, {
    load: (tx, { params }) => care.lockAssignment(tx, params.id),
    work: (tx, { current }) => {
      decideStep(careAssignmentSteps, current.ended_at === null ? 'active' : 'ended', endCare.step.name)
      return care.endAssignment(tx, current)
    },
  }),
  handle(breakGlass, {
    prepare: async ({ context, params, body }) => {
      // A password is asked about only where there is a chart to open.
      await deps.database.inTenant(context, (tx) => requirePatient(tx, params.id))
      const asked = { tenant_id: context.tenantId, user_id: context.userId, password: body.password }
      await deps.messaging.request(confirmPassword, asked, {
        requestId: context.requestId,
        traceparent: context.traceparent,
      })
    },
    load: async (tx, { params }) => ({ id: await requirePatient(tx, params.id) }),
    work: (tx, { context, params, body, audit }) => {
      audit.purpose = body.reason
      audit.details = { break_glass: [params.id] }
      return care.insertOpening(tx, { patient_id: params.id, user_id: context.userId, reason: body.reason })
    },
  }),
  handle(listBreakGlass, async (tx, { query }) => {
    const before = decodeCursor(query.cursor, ['instant', 'number'])
    const { reviewed, patient_id: patientId, limit } = query
    const rows = await care.listOpenings(tx, { reviewed, patientId, before, limit: limit + 1 })
    return toPage(rows, limit, (row) => [row.opened_at, row.id])
  }),
  handle(reviewBreakGlass, {
    load: (tx, { params }) => care.lockOpening(tx, params.id),
    work: (tx, { context, current, body }) => {
      decideStep(breakGlassSteps, current.reviewed_at === null ? 'open' : 'reviewed', reviewBreakGlass.step.name)
      if (current.user_id === context.userId)
        throw problem('same-person', { detail: 'Nobody reviews their own access.' })
      return care.reviewOpening(tx, current, context.userId, body.note)
    },
  }),
]
