import { proveConventions } from '@hospital/testing'
import t from 'tap'
import { startClinicalApp } from './clinical-app.ts'

const clinical = await startClinicalApp()
t.teardown(clinical.stop)
t.setTimeout(300_000)

proveConventions(t, {
  service: 'clinical',
  app: clinical.app,
  gateway: clinical.gateway,
  tenantId: 'hospital_a',
  auditRows: async (requestId) =>
    (await clinical.db.query('SELECT FROM hospital_a.audit_events WHERE request_id = $1', [requestId])).length,
})
