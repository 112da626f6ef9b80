import t from 'tap'
import { doctor, nurse, pharmacist, startClinicalApp } from './clinical-app.ts'

const clinical = await startClinicalApp()
const { post } = clinical
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
