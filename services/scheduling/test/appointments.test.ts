import t from 'tap'
import { receptionist, startScheduling } from './scheduling-system.ts'

const system = await startScheduling()
t.teardown(() => system.stop())
const { post } = system

t.test('book', async (t) => {
  const r = await post(receptionist, '/api/appointments', {
    patient_id: 101,
    doctor_id: 11,
    appointment_date: '2031-03-04T10:00:00+01:00',
  })
  t.equal(r.status, 201, r.text)
  t.match(r.body, { status: 'scheduled', appointment_date: '2031-03-04T09:00:00.000Z' })
})
