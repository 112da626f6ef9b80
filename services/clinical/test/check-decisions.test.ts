import t from 'tap'
import { type Asker, doctor, nurse, pharmacist, startClinicalApp } from './clinical-app.ts'

const clinical = await startClinicalApp()
const { get, post, patch, newPatient } = clinical
t.teardown(() => clinical.stop())

const path = '/api/prescriptions'
const allergiesOf = (id: number) => `/api/patients/${id}/allergies`
const order = async (patient_id: number, more: object = {}, who: Asker = doctor) => {
  const answer = await post(who, path, { patient_id, medication_name: 'Amoxicillin 500 mg', quantity: 21, ...more })
  const allergy = answer.body.checks?.find(({ check }: { check: string }) => check === 'allergy')
  return { ...answer, allergy }
}
const record = async (id: number, substance: string) => (await post(nurse, allergiesOf(id), { substance })).body

t.test('an allergy status that nobody asked is asked once', async (t) => {
  const patient = await newPatient({ allergies: null })
  const refused = await order(patient)
  t.match(refused, {
    status: 422,
    body: {
      code: 'checks-undecided',
      parts: [{ check: 'allergy', part: 'allergy status', entry: { kind: 'status', id: null }, decided: false }],
    },
  })
  t.same((await get(doctor, `${path}?patient_id=${patient}`)).body.data, [], 'nothing was written')
  const decisions = [{ check: 'allergy', part: 'allergy status', reason: 'unconscious, no relatives' }]
  t.match(await order(patient, { decisions }), {
    status: 201,
    allergy: { outcome: 'could-not-check', parts: [{ decided: true }] },
  })
  t.match(await order(patient, { medication_name: 'Metformin' }), { status: 201 }, 'not asked again')
  t.match((await get(nurse, allergiesOf(patient))).body.decisions, [
    { check: 'allergy', part: 'allergy status', reason: 'unconscious, no relatives', decided_by: 11 },
  ])
  t.equal((await post(nurse, `${allergiesOf(patient)}/none`)).status, 200)
  t.same((await get(nurse, allergiesOf(patient))).body.decisions, [], 'it has been asked now')

  const attested = await newPatient({ allergies: null })
  await post(nurse, `${allergiesOf(attested)}/none`)
  t.match(await order(attested), { status: 201, allergy: { outcome: 'passed', parts: [] } })
})

t.test('what an allergy says and nobody understands is decided once, until the entry changes', async (t) => {
  const patient = await newPatient()
  const entry = await record(patient, 'Xyzomab')
  t.match(await order(patient), {
    status: 422,
    body: { code: 'checks-undecided', parts: [{ part: 'Xyzomab', entry: { kind: 'allergy', id: entry.id } }] },
  })
  const decision = { check: 'allergy', part: 'Xyzomab', reason: 'an antibody, no relation' }
  for (const [bad, pointer] of [
    [{ ...decision, reason: '.' }, '/decisions/0/reason'],
    [{ ...decision, part: 'Abc' }, '/decisions/0/part'],
    [{ ...decision, check: 'interaction' }, '/decisions/0/part'],
  ] as const) {
    t.match(await order(patient, { decisions: [bad] }), {
      status: 422,
      body: { code: 'validation-failed', errors: [{ pointer }] },
    })
  }
  t.equal((await order(patient, { decisions: [decision] })).status, 201)
  t.equal((await order(patient, { medication_name: 'Metformin' })).status, 201)
  await patch(nurse, `/api/allergies/${entry.id}`, entry.version, { reaction: 'Anaphylaxis' })
  t.match(
    await order(patient, { medication_name: 'Losartan' }),
    { body: { code: 'checks-undecided' } },
    'it says more now',
  )
})

t.test('so is the free text, and a drug that nobody knows beside an allergy', async (t) => {
  const patient = await newPatient({ allergies: '青霉素' })
  t.match(await order(patient), { body: { code: 'checks-undecided', parts: [{ entry: { kind: 'free-text' } }] } })
  t.equal((await clinical.decide(doctor, path, { patient_id: patient, medication_name: 'Metformin' })).status, 201)
  t.equal((await order(patient, { medication_name: 'Losartan' })).status, 201)
  await clinical.db.query(`UPDATE hospital_a.patients SET allergies = '青霉素, 头孢' WHERE id = $1`, [patient])
  t.match(await order(patient, { medication_name: 'Atorvastatin' }), { body: { code: 'checks-undecided' } })

  const known = await newPatient({ allergies: 'Latex' })
  t.match(await order(known, { medication_name: 'Zorbamycin' }), {
    body: { parts: [{ part: 'Zorbamycin', entry: { kind: 'drug' } }] },
  })
  t.equal((await clinical.decide(doctor, path, { patient_id: known, medication_name: 'Zorbamycin' })).status, 201)
  const none = await newPatient()
  t.match(await order(none, { medication_name: 'Zorbamycin' }), {
    status: 201,
    allergy: { outcome: 'could-not-check', parts: [] },
  })
})

t.test('conflicts and questions are answered in one request, each by words', async (t) => {
  const patient = await newPatient()
  await record(patient, 'Penicillin and Xyzomab')
  const decisions = [{ check: 'allergy', part: 'Xyzomab', reason: 'no relation' }]
  t.match(await order(patient, { decisions }), { body: { code: 'prescription-conflict', parts: [] } })
  t.match(await order(patient), { body: { code: 'prescription-conflict', parts: [{ part: 'Xyzomab' }] } })
  t.match(await order(patient, { decisions, override_reason: '...' }), { body: { code: 'prescription-conflict' } })
  t.match(await order(patient, { override_reason: 'tolerated it since' }), { body: { code: 'checks-undecided' } })
  t.match(await order(patient, { decisions, override_reason: 'tolerated it since' }), { status: 201 })
})

t.test('who hands out decides too, what came to the chart since', async (t) => {
  const patient = await newPatient()
  const { id } = (await order(patient)).body
  await record(patient, 'Xyzomab')
  const dispense = (more: object = {}) => post(pharmacist, `${path}/${id}/dispense`, { quantity: 7, ...more })
  t.match(await dispense(), { status: 422, body: { code: 'checks-undecided', parts: [{ part: 'Xyzomab' }] } })
  const decisions = [{ check: 'allergy', part: 'Xyzomab', reason: 'asked the doctor' }]
  t.equal((await dispense({ decisions })).status, 200)
  t.equal((await dispense()).status, 200)
})
