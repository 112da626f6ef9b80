import { getPatientFacts, getUserFacts } from '@hospital/contracts'
import { proveConventions } from '@hospital/testing'
import t from 'tap'
import { startScheduling } from './scheduling-system.ts'

const scheduling = await startScheduling()
t.teardown(scheduling.stop)
t.setTimeout(300_000)
// Stand in for identity and clinical, which know nobody else.
scheduling.messaging.respond(getUserFacts, async () => null)
scheduling.messaging.respond(getPatientFacts, async () => null)

proveConventions(t, {
  service: 'scheduling',
  app: scheduling.app,
  gateway: scheduling.gateway,
  tenantId: 'hospital_a',
  auditRows: async (requestId) =>
    (await scheduling.db.query('SELECT FROM hospital_a.audit_events WHERE request_id = $1', [requestId])).length,
})
