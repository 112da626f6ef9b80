import t from 'tap'
import { doctor, nurse, pharmacist, startClinicalApp, technician } from './clinical-app.ts'

const clinical = await startClinicalApp()
const { get, patch, post } = clinical
t.teardown(() => clinical.stop())

const path = '/api/prescriptions'

/** A patient of whom somebody attested that there are no allergies. */
async function newPatient(fields: Parameters<typeof clinical.newPatient>[0] = {}): Promise<number> {
  const id = await clinical.newPatient(fields)
  const attested = await post(nurse, `/api/patients/${id}/allergies/none`, {})
  if (attested.status !== 200) throw new Error(JSON.stringify(attested.body))
  return id
}

const prescribe = (patient_id: number, body: object) => post(doctor, path, { patient_id, quantity: 10, ...body })
const found = (answer: Awaited<ReturnType<typeof post>>, check: string) =>
  answer.body.checks?.find((each: { check: string }) => each.check === check)

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)
const yearsAgo = (years: number) => `${new Date().getUTCFullYear() - years}-01-01`

t.test('an overdose refuses at prescribing and is overridden like other conflicts', async (t) => {
  const patient = await newPatient()
  const order = { medication_name: 'Digoxin', dose_amount: 250, dose_unit: 'mg', times_per_day: 1 }
  const refused = await prescribe(patient, order)
  t.equal(refused.status, 422, JSON.stringify(refused.body))
  t.match(refused.body, {
    code: 'prescription-conflict',
    conflicts: [{ check: 'dose', rule: 'dose-limit-digoxin', severity: 'contraindicated', with: { kind: 'dose' } }],
  })
  const right = await prescribe(patient, { ...order, dose_amount: 250, dose_unit: 'micrograms' })
  t.equal(right.status, 201, JSON.stringify(right.body))
  t.equal(found(right, 'dose').outcome, 'passed')
})

t.test('a unit that is not understood is told and does not refuse', async (t) => {
  const answer = await prescribe(await newPatient(), {
    medication_name: 'Amoxicillin',
    dose_amount: 2,
    dose_unit: 'spoon',
    times_per_day: 3,
  })
  t.equal(answer.status, 201, JSON.stringify(answer.body))
  t.match(found(answer, 'dose'), {
    outcome: 'could-not-check',
    unchecked: ['the unit “spoon” of the dose is not understood'],
  })
})

t.test('a child’s dose is compared by the last weight on the chart', async (t) => {
  const patient = await newPatient({ born: yearsAgo(4) })
  const order = { medication_name: 'Paracetamol', dose_amount: 500, dose_unit: 'mg', times_per_day: 4 }
  const small = { ...order, dose_amount: 240 }
  const unweighed = await prescribe(patient, small)
  t.equal(found(unweighed, 'dose').outcome, 'not-covered')
  t.match(found(unweighed, 'dose').not_covered, [/no weight of the last year/])
  const record = await post(nurse, '/api/medical-records', {
    patient_id: patient,
    doctor_id: 11,
    vital_signs: { weight_kg: 16.5 },
  })
  t.equal(record.status, 201, JSON.stringify(record.body))
  const refused = await prescribe(patient, order)
  t.equal(refused.status, 422)
  t.ok(
    refused.body.conflicts.some(
      ({ check, detail }: { check: string; detail: string }) => check === 'dose' && /for 16.5 kg/.test(detail),
    ),
    JSON.stringify(refused.body.conflicts),
  )
})

t.test('a drug that is not for this age', async (t) => {
  const refused = await prescribe(await newPatient({ born: yearsAgo(9) }), {
    medication_name: 'Codeine 15 MG Oral Tablet',
  })
  t.match(refused, { status: 422, body: { conflicts: [{ check: 'age', rule: 'age-codeine-12' }] } })
  const passed = await prescribe(await newPatient(), { medication_name: 'Codeine 15 MG Oral Tablet' })
  t.equal(found(passed, 'age').outcome, 'passed')
})

t.test('handing out looks again: a dose that was overridden is answered for', async (t) => {
  const patient = await newPatient()
  const written = await prescribe(patient, {
    medication_name: 'Methotrexate 2.5 MG Oral Tablet',
    dose_amount: 1,
    dose_unit: 'tablet',
    times_per_day: 1,
    override_reason: 'Oncology protocol, dose agreed with the unit',
  })
  t.equal(written.status, 201, JSON.stringify(written.body))
  const handed = await post(pharmacist, `${path}/${written.body.id}/dispense`, { quantity: 1 })
  t.equal(handed.status, 200, JSON.stringify(handed.body))
})

const statesOf = (id: number) => `/api/patients/${id}/states`
const openAlerts = async (id: number) =>
  (await get(doctor, `/api/alerts?status=open&patient_id=${id}`)).body.data.map((alert: { rule: string }) => alert.rule)

t.test('a pregnancy that is recorded later alerts what is prescribed; its end takes that back', async (t) => {
  const patient = await newPatient()
  const written = await prescribe(patient, { medication_name: 'Ramipril 5 MG Oral Capsule' })
  t.equal(written.status, 201, JSON.stringify(written.body))
  t.equal(found(written, 'pregnancy').outcome, 'not-covered')
  const recorded = await post(nurse, statesOf(patient), { state: 'pregnant', from_date: daysAgo(30) })
  t.equal(recorded.status, 201, JSON.stringify(recorded.body))
  t.match(recorded.body, {
    patient_id: patient,
    state: 'pregnant',
    until_date: null,
    status: 'recorded',
    entered_by: 21,
    version: 1,
  })
  t.same(await openAlerts(patient), ['pregnant-ace-inhibitors'])
  const refused = await prescribe(patient, { medication_name: 'Isotretinoin 20 MG Oral Capsule' })
  t.match(refused, {
    status: 422,
    body: { conflicts: [{ check: 'pregnancy', with: { kind: 'state', id: recorded.body.id } }] },
  })
  t.equal((await post(nurse, statesOf(patient), { state: 'pregnant' })).status, 409, 'once')
  const ended = await patch(nurse, `/api/patient-states/${recorded.body.id}`, 1, { until_date: daysAgo(0) })
  t.match(ended, { status: 200, body: { until_date: daysAgo(0), version: 2 } })
  t.same(await openAlerts(patient), [])
  t.match((await get(doctor, statesOf(patient))).body, {
    data: [{ id: recorded.body.id }],
    page: { next_cursor: null },
  })
})

t.test('states: days that cannot be, other hospitals, who may', async (t) => {
  const patient = await newPatient()
  const refuse = async (body: object, status: number) =>
    t.equal((await post(nurse, statesOf(patient), body)).status, status, JSON.stringify(body))
  await refuse({ state: 'pregnant', from_date: '2999-01-01' }, 422)
  await refuse({ state: 'breast_feeding', expected_delivery: daysAgo(-30) }, 422)
  await refuse({ state: 'pregnant', from_date: daysAgo(10), expected_delivery: daysAgo(-900) }, 422)
  await refuse({ state: 'ill' }, 400)
  await refuse({ state: 'pregnant', until_date: daysAgo(0) }, 400)
  t.equal((await post(pharmacist, statesOf(patient), { state: 'pregnant' })).status, 403)
  t.equal((await post({ ...nurse, tenant: 'hospital_b' }, statesOf(999_999), { state: 'pregnant' })).status, 404)
  t.equal((await patch(nurse, '/api/patient-states/999999', 1, { until_date: daysAgo(0) })).status, 404)
  const two = await Promise.all([1, 2].map(() => post(nurse, statesOf(patient), { state: 'breast_feeding' })))
  t.same(two.map(({ status }) => status).sort(), [201, 409], 'twice at once')
  const wrong = two.find(({ status }) => status === 201)?.body
  const back = await patch(nurse, `/api/patient-states/${wrong.id}`, 1, { status: 'entered_in_error' })
  t.equal(back.status, 200)
  t.equal(
    (await post(nurse, statesOf(patient), { state: 'breast_feeding' })).status,
    201,
    'what was wrong stands in nobody’s way',
  )
})

t.test('the last creatinine of the laboratory counts, and a worse one alerts', async (t) => {
  const patient = await newPatient({ born: '1950-01-01' })
  const measure = async (test_name: string, value: number) => {
    const ordered = await post(doctor, '/api/lab-tests', {
      patient_id: patient,
      test_name,
    })
    t.equal(ordered.status, 201, JSON.stringify(ordered.body))
    const test = `/api/lab-tests/${ordered.body.id}`
    t.equal((await post(nurse, `${test}/collect`, {})).status, 200)
    const entered = await post(technician, `${test}/results`, {
      results: [{ name: 'Creatinine', value, unit: 'umol/L' }],
    })
    t.equal(entered.status, 200, JSON.stringify(entered.body))
  }
  const written = await prescribe(patient, { medication_name: 'Metformin 500 MG Oral Tablet' })
  t.same(found(written, 'renal').not_covered, ['no creatinine of the last year'])
  await measure('Creatinine', 80)
  const again = await newPatient({ born: '1950-01-01' })
  t.equal(
    found(await prescribe(again, { medication_name: 'Metformin 500 MG Oral Tablet' }), 'renal').outcome,
    'not-covered',
    'of another patient',
  )
  await measure('Renal profile', 300)
  const refused = await prescribe(patient, { medication_name: 'Ibuprofen 400 MG Oral Tablet' })
  t.equal(refused.status, 422, JSON.stringify(refused.body))
  t.ok(refused.body.conflicts.some(({ rule }: { rule: string }) => rule === 'renal-non-aspirin-nsaids-30'))
})

t.test('a drug that was stopped and still acts counts when another is begun, and when it is replaced', async (t) => {
  const patient = await newPatient()
  const phenelzine = await prescribe(patient, { medication_name: 'Phenelzine 15 MG Oral Tablet' })
  const stopped = await post(doctor, `${path}/${phenelzine.body.id}/discontinue`, { reason: 'no effect' })
  t.equal(stopped.status, 200, JSON.stringify(stopped.body))
  const refused = await prescribe(patient, { medication_name: 'Sertraline 50 MG Oral Tablet' })
  t.equal(refused.status, 422, JSON.stringify(refused.body))
  t.match(refused.body.conflicts[0], { check: 'interaction', detail: /ended 0 days ago/ })
  const other = await newPatient()
  const again = await prescribe(other, { medication_name: 'Phenelzine 15 MG Oral Tablet' })
  const revised = await post(doctor, `${path}/${again.body.id}/revise`, {
    medication_name: 'Sertraline 50 MG Oral Tablet',
  })
  t.equal(revised.status, 422, JSON.stringify(revised.body))
  const long = await newPatient()
  const old = await prescribe(long, { medication_name: 'Phenelzine 15 MG Oral Tablet' })
  await post(doctor, `${path}/${old.body.id}/discontinue`, { reason: 'no effect' })
  await clinical.db.query('ALTER TABLE hospital_a.prescription_status_changes DISABLE TRIGGER USER')
  await clinical.db.query(
    `UPDATE hospital_a.prescription_status_changes SET changed_at = now() - interval '15 days' WHERE prescription_id = $1`,
    [old.body.id],
  )
  await clinical.db.query('ALTER TABLE hospital_a.prescription_status_changes ENABLE TRIGGER USER')
  t.equal((await prescribe(long, { medication_name: 'Sertraline 50 MG Oral Tablet' })).status, 201, 'after a fortnight')
})
