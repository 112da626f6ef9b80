import { getPatientFacts, getUserFacts } from '@hospital/contracts'
import { proveForeignLooksMissing } from '@hospital/testing'
import t from 'tap'
import { receptionist, startScheduling } from './scheduling-system.ts'

const scheduling = await startScheduling()
t.teardown(scheduling.stop)
t.setTimeout(300_000)
scheduling.messaging.respond(getUserFacts, async () => null)
scheduling.messaging.respond(getPatientFacts, async () => null)

const { db, post } = scheduling
const there = { ...receptionist, tenant: 'hospital_b' }
const foreignDoctor = 500_000
const foreignPatient = 500_001

// People and ids of the other hospital that this one does not have.
await db.query(`INSERT INTO hospital_b.staff (id, name) VALUES (${foreignDoctor}, 'Foreign Doctor')`)
await db.query(`INSERT INTO hospital_b.doctors (id, name) VALUES (${foreignDoctor}, 'Foreign Doctor')`)
await db.query(
  `INSERT INTO hospital_b.patients (id, patient_number, first_name, last_name, version) VALUES (${foreignPatient}, 'F1', 'F', 'P', 1)`,
)
const columns = await db.query<{ table: string }>(
  `SELECT table_name AS table FROM information_schema.columns
   WHERE table_schema = 'hospital_b' AND column_name = 'id' AND is_identity = 'YES'`,
)
for (const { table } of columns) await db.query(`ALTER TABLE hospital_b.${table} ALTER COLUMN id RESTART WITH 500000`)

const made = async (answer: Promise<{ status: number; body: { id: number } }>): Promise<number> => {
  const { status, body } = await answer
  if (status !== 201) throw new Error(JSON.stringify(body))
  return body.id
}
const dayMs = 86_400_000
const inDays = (days: number) => new Date(Date.now() + days * dayMs).toISOString()
const appointment = await made(
  post(there, '/api/appointments', {
    patient_id: foreignPatient,
    doctor_id: foreignDoctor,
    appointment_date: inDays(3),
  }),
)
const waiting = await made(post(there, '/api/waitlist', { patient_id: foreignPatient, from: inDays(1), to: inDays(9) }))

const ids: readonly [RegExp, number][] = [
  [/^\/api\/appointments/, appointment],
  [/^\/api\/waitlist/, waiting],
  [/^\/api\/doctors/, foreignDoctor],
  [/^\/api\/patients/, foreignPatient],
]

proveForeignLooksMissing(
  t,
  {
    service: 'scheduling',
    app: scheduling.app,
    gateway: scheduling.gateway,
    tenantId: 'hospital_a',
    auditRows: async () => 1,
  },
  (path) => ids.find(([pattern]) => pattern.test(path))?.[1],
)
