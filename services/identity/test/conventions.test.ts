import { getPatientFacts } from '@hospital/contracts'
import { proveConventions } from '@hospital/testing'
import t from 'tap'
import { startIdentity } from './identity-system.ts'

const identity = await startIdentity()
t.teardown(identity.stop)
t.setTimeout(300_000)
// Stands in for clinical, which knows nobody.
identity.outside.respond(getPatientFacts, async () => null)

proveConventions(t, {
  service: 'identity',
  app: identity.app,
  gateway: identity.gateway,
  tenantId: 'hospital_a',
  auditRows: async (requestId) =>
    (await identity.db.query('SELECT FROM audit_events WHERE request_id = $1', [requestId])).length,
})
