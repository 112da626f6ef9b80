import { getPatientFacts, getUserFacts } from '@hospital/contracts'
import { proveNoFaults } from '@hospital/testing'
import t from 'tap'
import { startScheduling } from './scheduling-system.ts'

const scheduling = await startScheduling()
t.teardown(scheduling.stop)
t.setTimeout(600_000)
scheduling.messaging.respond(getUserFacts, async () => null)
scheduling.messaging.respond(getPatientFacts, async () => null)

proveNoFaults(t, {
  service: 'scheduling',
  app: scheduling.app,
  gateway: scheduling.gateway,
  tenantId: 'hospital_a',
  auditRows: async () => 1,
})
