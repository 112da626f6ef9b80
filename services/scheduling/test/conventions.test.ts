import { proveConventions } from '@hospital/testing'
import t from 'tap'
import { startScheduling } from './scheduling-system.ts'

const scheduling = await startScheduling()
t.teardown(scheduling.stop)

proveConventions(t, {
  service: 'scheduling',
  app: scheduling.app,
  gateway: scheduling.gateway,
  tenantId: 'hospital_a',
  auditRows: async (requestId) =>
    (await scheduling.db.query('SELECT FROM hospital_a.audit_events WHERE request_id = $1', [requestId])).length,
})
