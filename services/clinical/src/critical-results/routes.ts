import {
  callAboutLabTest,
  criticalSteps,
  decideStep,
  listCriticalResults,
  problem,
  unknownReference,
} from '@hospital/contracts'
import { handle, type Route, toPage } from '@hospital/service'
import { openRows } from '../care/guard-work.ts'
import { staffExists } from '../care/queries.ts'
import { lockTest } from '../lab-tests/queries.ts'
import { decodeInstantCursor } from '../references.ts'
import * as critical from './queries.ts'
import { checkCall } from './rules.ts'

/** Results that ask a doctor, until a person has answered; acknowledging is a step of the lab test. */
export const criticalResultRoutes = (): Route[] => [
  handle(listCriticalResults, async (tx, { query: { limit, cursor, ...filter }, context }) => {
    const open = await openRows(tx, context, 'labs', critical.criticalRow)
    const rows = await critical.listCritical(tx, filter, decodeInstantCursor(cursor), limit + 1, open)
    return toPage(rows, limit, (row) => [row.opened_at, row.id])
  }),

  handle(callAboutLabTest, {
    load: async (tx, { params, audit }) => {
      const test = await lockTest(tx, params.id)
      if (test) audit.patientIds.push(test.patient_id)
      return test
    },
    work: async (tx, { current: test, body, now }) => {
      decideStep(criticalSteps, test.critical ?? 'none', 'call')
      checkCall(body)
      const recipient = body.recipient ?? null
      if (recipient !== null && !(await staffExists(tx, recipient)))
        throw unknownReference('/recipient', 'is no active user of this hospital')
      const asked = await critical.findLatest(tx, test.id)
      // Acknowledged before calls were logged.
      if (asked === null) throw problem('conflict', { detail: 'Nobody is asked about this test any more.' })
      await critical.insertCall(tx, {
        critical_result_id: asked.id,
        recipient_id: recipient,
        spoke_to: body.spoke_to ?? null,
        outcome: body.outcome,
        results_version: test.results_version,
        note: body.note ?? null,
        at: now.toISOString(),
      })
      return critical.getCritical(tx, asked.id)
    },
  }),
]
