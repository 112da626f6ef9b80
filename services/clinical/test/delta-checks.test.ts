import t from 'tap'
import { admin, doctor, nurse, receptionist, startClinicalApp, technician } from './clinical-app.ts'

t.setTimeout(120_000)
const clinical = await startClinicalApp()
const { get, post, patch } = clinical
t.teardown(() => clinical.stop())

const path = '/api/lab-tests'
/** A test of one patient at an instant; answers its id. */
async function resulted(patient_id: number, at: string, ...results: object[]): Promise<number> {
  const { body: test } = await post(doctor, path, { patient_id, test_name: 'Chemistry', ordered_date: at })
  await post(nurse, `${path}/${test.id}/collect`, { sample_collected_date: at })
  const answer = await post(technician, `${path}/${test.id}/results`, { results })
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
  return test.id
}
const deltasOf = async (id: number) => (await get(technician, `${path}/${id}/deltas`)).body.deltas
const day = (number: number) => `2026-03-${String(number).padStart(2, '0')}T08:00:00.000Z`
const creatinine = (value: number, unit = 'umol/L') => ({ name: 'Creatinine', value, unit })

t.test('a result is held against the patient’s last one, and the verifier sees how far it is', async (t) => {
  const patient = await clinical.newPatient()
  await resulted(patient, day(1), creatinine(300))
  const before = await resulted(patient, day(10), creatinine(80))
  const id = await resulted(patient, day(12), creatinine(120), { name: 'Lustre of the sample', value: 3 })
  t.match(await deltasOf(id), [
    {
      name: 'Creatinine',
      value: 120,
      previous: 80,
      previous_at: day(10),
      previous_lab_test_id: before,
      percent: 50,
      limit: 'published',
      limit_percent: 14,
      source: /clinlabnavigator/,
      exceeded: true,
    },
  ])
  t.match(await post(technician, `${path}/${id}/verify`), { status: 200 }, 'it stops nothing')
  t.same(
    await deltasOf(await resulted(await clinical.newPatient(), day(12), creatinine(120))),
    [],
    'somebody else’s is none',
  )
  t.match(await deltasOf(before), [{ previous: 300, percent: -73.3 }])
  const later = await resulted(patient, '2026-06-01T08:00:00Z', creatinine(80))
  t.same(await deltasOf(later), [], 'what is older than the hospital’s days is none')
  t.match(await get(receptionist, `${path}/${id}/deltas`), { status: 403 })
  t.match(await get({ ...technician, tenant: 'hospital_b' }, `${path}/${id}/deltas`), { status: 404 })
})

t.test(
  'it is compared in one unit, under any name of the analyte, and where no limit is known nothing is said',
  async (t) => {
    const patient = await clinical.newPatient()
    await resulted(
      patient,
      day(1),
      { name: 'Potassium', value: 4, unit: 'mmol/L' },
      { name: 'Lustre', value: 2, unit: 'g/L' },
    )
    const id = await resulted(
      patient,
      day(2),
      { name: 'K+', value: 4.4, unit: 'mEq/L' },
      { name: 'lustre', value: 4000, unit: 'mg/L' },
    )
    t.match(await deltasOf(id), [
      { name: 'K+', percent: 10, limit_percent: 15, exceeded: false },
      { name: 'lustre', previous: 2000, percent: 100, limit: null, exceeded: null },
    ])
    const settings = (await get(admin, '/api/clinical-settings')).body
    t.match(settings, { delta_days: 30, delta_limits: [] })
    const changed = await patch(admin, '/api/clinical-settings', settings.version, {
      delta_limits: [
        { name: 'Potassium', percent: 5 },
        { name: 'Lustre', percent: 200 },
      ],
    })
    t.equal(changed.status, 200)
    t.match(
      await deltasOf(id),
      [
        { limit: 'hospital', limit_percent: 5, source: null, exceeded: true },
        { limit: 'hospital', limit_percent: 200, exceeded: false },
      ],
      'the hospital’s own limit comes first',
    )
    const refused = { delta_limits: [{ name: 'Potassium', percent: 0 }] }
    t.match(await patch(admin, '/api/clinical-settings', changed.body.version, refused), { status: 400 })
  },
)
