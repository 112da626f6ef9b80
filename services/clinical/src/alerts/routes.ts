import { acknowledgeAlert, alertAcknowledged, listAlerts } from '@hospital/contracts'
import { appendEvent } from '@hospital/database'
import { type Deps, decodeCursor, ensureStaff, handle, type Route, toPage } from '@hospital/service'
import { openRows } from '../care/guard.ts'
import * as queries from './queries.ts'
import { checkAnswerable, checkMayAcknowledge } from './rules.ts'

/** What later allergies and drugs raised on prescriptions in use, and who answered for it. */
export const alertRoutes = (deps: Deps): Route[] => [
  handle(listAlerts, async (tx, { query: { limit, cursor, ...filter }, context }) => {
    const before = decodeCursor(cursor, ['number'])?.[0] ?? null
    const open = await openRows(tx, context, 'prescriptions', queries.alertRow)
    return toPage(await queries.listAlerts(tx, filter, before, limit + 1, open), limit, (row) => [row.id])
  }),

  handle(acknowledgeAlert, {
    prepare: async ({ context }) => {
      checkMayAcknowledge(context.permissions)
      await ensureStaff(deps, context, context.userId)
    },
    load: (tx, { params }) => queries.lockAlert(tx, params.id),
    work: async (tx, { current, body, now, audit }) => {
      audit.patientIds.push(current.patient_id)
      audit.purpose = body.reason
      checkAnswerable(current)
      const alert = await queries.acknowledge(tx, current.id, body.reason, now.toISOString())
      const { id, patient_id, prescription_id, version } = alert
      await appendEvent(tx, alertAcknowledged, { id, data: { id, patient_id, prescription_id, version } })
      return alert
    },
  }),
]
