import { provePatientUniques } from '@hospital/testing'
import t from 'tap'
import { moveToSurvivor, returnToDuplicate } from '../src/patient-copies/merge-work.ts'
import { contextOf, receptionist, startScheduling } from './scheduling-system.ts'

const { db, deps, post, stop } = await startScheduling()
t.teardown(stop)

const point = (duplicate: number, survivor: number | null) =>
  db.query('UPDATE hospital_a.patients SET merged_into = $2 WHERE id = $1', [duplicate, survivor])

/** As the consumer of clinical's events does it. */
const merge = async (survivor: number, duplicate: number) => {
  await point(duplicate, survivor)
  await deps.database.inTenant(contextOf('Admin'), (tx) => moveToSurvivor(tx, duplicate, survivor))
}
const unmerge = async (_survivor: number, duplicate: number) => {
  await point(duplicate, null)
  await deps.database.inTenant(contextOf('Admin'), (tx) => returnToDuplicate(tx, duplicate))
}

let [patients, doctors] = [101, 0]

t.test('what a patient has once does not stop a merge of two who both have it', async (t) => {
  await provePatientUniques(t, {
    query: db.query,
    tenant: 'hospital_a',
    newPatient: async () => patients++,
    merge,
    unmerge,
    cases: {
      appointments_patient_free: {
        table: 'appointments',
        plant: (patient) =>
          db.query(
            `INSERT INTO hospital_a.appointments (patient_id, doctor_id, appointment_date) VALUES ($1, $2, '2031-03-04T09:00Z')`,
            [patient, [11, 12, 13, 14][doctors++]],
          ),
        ask: async (patient) => {
          const wish = { patient_id: patient, doctor_id: 14, appointment_date: '2031-03-04T09:29:00Z' }
          const { status, body } = await post(receptionist, '/api/appointments', wish)
          t.equal(body.code, 'patient-busy')
          return status
        },
      },
    },
  })
})
