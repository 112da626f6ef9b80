import { confirmPassword } from '@hospital/contracts'
import { proveNoFaults } from '@hospital/testing'
import t from 'tap'
import { startClinicalApp } from './clinical-app.ts'

const clinical = await startClinicalApp()
t.teardown(clinical.stop)
t.setTimeout(600_000)
clinical.messaging.respond(confirmPassword, async () => ({ confirmed: true }))
for (let i = 0; i < 5; i++) await clinical.newPatient()

proveNoFaults(t, {
  service: 'clinical',
  app: clinical.app,
  gateway: clinical.gateway,
  tenantId: 'hospital_a',
  auditRows: async () => 1,
})
