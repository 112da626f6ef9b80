import { getPatientFacts, getUserFacts } from '@hospital/contracts'
import { proveNoFaults } from '@hospital/testing'
import t from 'tap'
import { startScheduling } from './scheduling-system.ts'

const scheduling = await startScheduling()
t.teardown(scheduling.stop)
t.setTimeout(600_000)
scheduling.messaging.respond(getUserFacts, async () => null)
scheduling.messaging.respond(getPatientFacts, async () => null)
/** Quarter hours of the next days. */
const soon = Array.from({ length: 40 }, (_, i) =>
  new Date((Math.floor(Date.now() / 900_000) + 4 + i * 5) * 900_000).toISOString(),
)

proveNoFaults(
  t,
  {
    service: 'scheduling',
    app: scheduling.app,
    gateway: scheduling.gateway,
    tenantId: 'hospital_a',
    auditRows: async () => 1,
  },
  {
    users: { Doctor: 11, Receptionist: 41, Manager: 51 },
    ids: { '/api/doctors': [11, 12, 14] },
    fields: {
      cursor: [undefined],
      patient_id: [101, 102, 103, 104],
      doctor_id: [11, 12, 14],
      appointment_date: soon,
      from: soon.slice(0, 20),
      to: soon.slice(20),
      duration_minutes: [15, 30],
      count: [2, 5],
      timezone: ['Europe/London', 'America/New_York'],
    },
  },
)
