import {
  assignCare,
  breakGlass,
  confirmPassword,
  endCare,
  listBreakGlass,
  listCareTeam,
  problem,
  reviewBreakGlass,
} from '@hospital/contracts'
import { onConstraint } from '@hospital/database'
import { type Deps, decodeCursor, ensureStaff, handle, type Route, toPage } from '@hospital/service'
import * as care from './queries.ts'

/** Who cares for a patient, and what opens a chart to somebody who does not. */
export const careRoutes = (deps: Deps): Route[] => [
  handle(listCareTeam, async (tx, { params, query }) => {
    if (!(await care.patientExists(tx, params.id))) throw problem('not-found')
    const after = decodeCursor(query.cursor, ['number'])
    const rows = await care.listAssignments(tx, params.id, after?.[0] ?? 0, query.limit + 1)
    return toPage(rows, query.limit, (row) => [row.id])
  }),
  handle(assignCare, {
    prepare: async ({ context, body }) => {
      await ensureStaff(deps, context, context.userId)
      await ensureStaff(deps, context, body.user_id)
    },
    load: async (tx, { params }) => ((await care.patientExists(tx, params.id)) ? { id: params.id } : null),
    work: async (tx, { context, params, body }) => {
      if (!(await care.staffExists(tx, body.user_id))) {
        throw problem('unknown-reference', {
          errors: [{ pointer: '/user_id', detail: 'is no active user of this hospital' }],
        })
      }
      const assigned = () => problem('conflict', { detail: 'This person is assigned to the patient already.' })
      return onConstraint({ care_assignments_live_key: assigned }, () =>
        care.insertAssignment(tx, params.id, body.user_id, context.userId),
      )
    },
  }),
  handle(endCare, {
    load: (tx, { params }) => care.lockAssignment(tx, params.id),
    work: (tx, { current }) => {
      if (current.ended_at !== null)
        throw problem('illegal-transition', { detail: 'The assignment has ended already.' })
      return care.endAssignment(tx, current.id)
    },
  }),
  handle(breakGlass, {
    prepare: async ({ context, params, body }) => {
      // A password is asked about only where there is a chart to open.
      if (!(await deps.database.inTenant(context, (tx) => care.patientExists(tx, params.id))))
        throw problem('not-found')
      const asked = { tenant_id: context.tenantId, user_id: context.userId, password: body.password }
      await deps.messaging.request(confirmPassword, asked, {
        requestId: context.requestId,
        traceparent: context.traceparent,
      })
      await ensureStaff(deps, context, context.userId)
    },
    load: async (tx, { params }) => ((await care.patientExists(tx, params.id)) ? { id: params.id } : null),
    work: (tx, { context, params, body, audit }) => {
      audit.purpose = body.reason
      audit.details = { break_glass: [params.id] }
      return care.insertOpening(tx, params.id, context.userId, body.reason)
    },
  }),
  handle(listBreakGlass, async (tx, { query }) => {
    const before = decodeCursor(query.cursor, ['instant', 'number'])
    const { reviewed, patient_id: patientId, limit } = query
    const rows = await care.listOpenings(tx, { reviewed, patientId, before, limit: limit + 1 })
    return toPage(rows, limit, (row) => [row.opened_at, row.id])
  }),
  handle(reviewBreakGlass, {
    prepare: ({ context }) => ensureStaff(deps, context, context.userId),
    load: (tx, { params }) => care.lockOpening(tx, params.id),
    work: (tx, { context, current, body }) => {
      if (current.reviewed_at !== null)
        throw problem('illegal-transition', { detail: 'This access was reviewed already.' })
      if (current.user_id === context.userId)
        throw problem('same-person', { detail: 'Nobody reviews their own access.' })
      return care.reviewOpening(tx, current.id, context.userId, body.note)
    },
  }),
]
