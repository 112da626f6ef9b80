import { sql } from '@hospital/database'
import { proveConventions } from '@hospital/testing'
import t from 'tap'
import { appointmentList } from '../src/appointments/queries.ts'
import { contextOf, startScheduling } from './scheduling-system.ts'

const system = await startScheduling()
t.teardown(() => system.stop())
const { app, db, deps, gateway } = system

proveConventions(t, {
  service: 'scheduling',
  app,
  gateway,
  tenantId: 'hospital_a',
  auditRows: async (requestId) =>
    (await db.query('SELECT FROM hospital_a.audit_events WHERE request_id = $1', [requestId])).length,
})

t.test('lists of a hospital with 50,000 appointments use an index', async (t) => {
  await db.query(`INSERT INTO hospital_a.patients (id, patient_number, first_name, last_name)
    SELECT id, 'N' || id, 'First', 'Last' FROM generate_series(1000, 5999) id`)
  await db.query(`INSERT INTO hospital_a.appointments (patient_id, doctor_id, appointment_date, status)
    SELECT 1000 + n % 5000, (ARRAY[11, 12, 14])[1 + n % 3], '2029-01-01Z'::timestamptz + n * interval '30 minutes',
      (ARRAY['completed', 'cancelled', 'no_show', 'scheduled'])[1 + n % 4]
    FROM generate_series(1, 50000) n`)
  await db.query('ANALYZE hospital_a.appointments; ANALYZE hospital_a.patients')
  const somewhere: readonly [string, number] = ['2030-01-01T00:00:00.000Z', 1]
  const filters = [
    {},
    { order: 'desc' as const },
    { patient_id: 2000 },
    { doctor_id: 11 },
    { status: 'scheduled' as const },
    { from: '2030-01-01T00:00:00Z', to: '2030-01-02T00:00:00Z' },
    { doctor_id: 11, status: 'scheduled' as const, from: '2030-01-01T00:00:00Z' },
  ]
  for (const filter of filters) {
    for (const after of [null, somewhere]) {
      const plan = await deps.database.inTenant(contextOf('Admin'), (tx) =>
        tx.any(sql.unsafe`EXPLAIN ${appointmentList({ ...filter, limit: 25 }, after)}`),
      )
      t.match(JSON.stringify(plan), /Index.*appointments_/)
      t.notMatch(
        JSON.stringify(plan),
        /Seq Scan on (appointments|patients)/,
        `${JSON.stringify(filter)} ${after ? 'next page' : 'first page'}`,
      )
    }
  }
})
