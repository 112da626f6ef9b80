import { getPatientFacts } from '@hospital/contracts'
import { proveNoFaults } from '@hospital/testing'
import t from 'tap'
import { startIdentity } from './identity-system.ts'

const identity = await startIdentity()
t.teardown(identity.stop)
t.setTimeout(600_000)
// Stands in for clinical, which knows nobody.
identity.outside.respond(getPatientFacts, async () => null)
for (let i = 0; i < 5; i++) await identity.newUser({ role: 'Admin' })

proveNoFaults(t, {
  service: 'identity',
  app: identity.app,
  gateway: identity.gateway,
  tenantId: 'hospital_a',
  auditRows: async () => 1,
})
