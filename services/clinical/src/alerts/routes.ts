import { acknowledgeAlert, alertSteps, decideStep, listAlerts } from '@hospital/contracts'
import { announce } from '@hospital/database'
import { decodeCursor, handle, type Route, toPage } from '@hospital/service'
import { openRows } from '../care/guard-work.ts'
import * as queries from './queries.ts'
import { checkMayAcknowledge } from './rules.ts'

/** What later allergies and drugs raised on prescriptions in use, and who answered for it. */
export const alertRoutes = (): Route[] => [
  handle(listAlerts, async (tx, { query: { limit, cursor, ...filter }, context }) => {
    const before = decodeCursor(cursor, ['number'])?.[0] ?? null
    const open = await openRows(tx, context, 'prescriptions', queries.alertRow)
    const rows = await queries.listAlerts(tx, filter, before, limit + 1, open)
    return toPage(rows.map(queries.toAlert), limit, (row) => [row.id])
  }),

  handle(acknowledgeAlert, {
    prepare: async ({ context }) => checkMayAcknowledge(context.permissions),
    load: (tx, { params }) => queries.lockAlert(tx, params.id),
    work: async (tx, { current, body, now, audit }) => {
      audit.patientIds.push(current.patient_id)
      audit.purpose = body.reason
      const { to: status, event } = decideStep(alertSteps, current.status, acknowledgeAlert.step.name)
      const alert = await queries.acknowledge(tx, current, { status, reason: body.reason, at: now.toISOString() })
      return announce(tx, event, alert)
    },
  }),
]
