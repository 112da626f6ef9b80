import { systemContext } from '@hospital/contracts'
import { sql } from '@hospital/database'
import t from 'tap'
import {
  type Asker,
  admin,
  doctor,
  nurse,
  otherDoctor,
  pharmacist,
  receptionist,
  startClinicalApp,
  technician,
} from './clinical-app.ts'

const clinical = await startClinicalApp()
const { database, get, post, patch } = clinical
t.teardown(() => clinical.stop())

const path = '/api/prescriptions'
const act = (who: Asker, id: number, action: string, body: object = {}) => post(who, `${path}/${id}/${action}`, body)
/** A patient who was asked about allergies. */
const asked = async () => {
  const patient_id = await clinical.newPatient()
  await post(nurse, `/api/patients/${patient_id}/allergies/none`, {})
  return patient_id
}
const fresh = async (body: object = {}) => {
  const order = { patient_id: await asked(), medication_name: 'Metformin 500 MG', quantity: 10, ...body }
  const answer = await post(doctor, path, order)
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
  return answer.body
}
const refused = async (what: string, query: Parameters<typeof database.inTenant>[1]) =>
  t.rejects(database.inTenant(systemContext('hospital_a', 'test'), query), what)

t.test('the pharmacist verifies, once; first of all where the hospital says so', async (t) => {
  const { id } = await fresh()
  for (const who of [doctor, nurse, admin]) t.equal((await act(who, id, 'verify')).status, 403)
  t.equal((await act({ ...pharmacist, tenant: 'hospital_b' }, id, 'verify')).status, 404)
  t.match(await act(pharmacist, id, 'verify'), {
    status: 200,
    body: { verified_by: 51, verified_at: String, verify_reason: null, status: 'active', version: 2 },
  })
  t.match(await act(pharmacist, id, 'verify'), { status: 409, body: { code: 'conflict' } })
  t.same((await clinical.events('prescription', id)).length, 2, 'told')
  await refused('verified once', (tx) =>
    tx.query(sql.unsafe`UPDATE prescriptions SET verified_by = 11 WHERE id = ${id}`),
  )
  const settings = '/api/clinical-settings'
  const { body } = await get(admin, settings)
  t.equal(body.pharmacist_verifies_first, false)
  t.equal((await patch(admin, settings, body.version, { pharmacist_verifies_first: true })).status, 200)
  const unseen = await fresh()
  t.match(await act(pharmacist, unseen.id, 'dispense', { quantity: 1 }), {
    status: 409,
    body: { code: 'not-verified' },
  })
  t.equal((await act(pharmacist, unseen.id, 'verify')).status, 200)
  t.equal((await act(pharmacist, unseen.id, 'dispense', { quantity: 1 })).status, 200)
  const now = await get(admin, settings)
  await patch(admin, settings, now.body.version, { pharmacist_verifies_first: false })
  t.equal((await act(pharmacist, (await fresh()).id, 'dispense', { quantity: 1 })).status, 200)
})

t.test('what was prescribed against a contraindication is looked at again', async (t) => {
  const patient_id = await clinical.newPatient()
  await post(nurse, `/api/patients/${patient_id}/allergies`, { substance: 'Penicillin', severity: 'severe' })
  const order = { patient_id, medication_name: 'Amoxicillin 500 MG', quantity: 21 }
  const { body } = await post(doctor, path, { ...order, override_reason: 'tolerated in 2024' })
  t.match(await act(pharmacist, body.id, 'verify'), {
    status: 422,
    body: { code: 'prescription-conflict', conflicts: [{ severity: 'contraindicated' }] },
  })
  t.equal((await act(pharmacist, body.id, 'verify', { reason: '...' })).status, 422, 'a reason has words')
  t.match(await act(pharmacist, body.id, 'verify', { reason: 'Asked the patient: no rash in 2024' }), {
    status: 200,
    body: { verify_reason: 'Asked the patient: no rash in 2024' },
  })
})

t.test('a question to the prescriber holds the prescription until it is answered', async (t) => {
  const { id, patient_id } = await fresh()
  for (const who of [doctor, nurse, receptionist])
    t.equal((await act(who, id, 'ask', { question: 'Why?' })).status, 403)
  t.equal((await act(pharmacist, id, 'ask', {})).status, 400)
  t.equal((await act(pharmacist, id, 'ask', { question: '?' })).status, 422)
  t.match(await act(doctor, id, 'answer', { answer: 'Because' }), { status: 409, body: { code: 'illegal-transition' } })
  t.match(await act(pharmacist, id, 'ask', { question: 'Twice a day?' }), {
    status: 200,
    body: {
      status: 'on_hold',
      questions: [{ question: 'Twice a day?', asked_by: 51, answer: null, answered_at: null }],
    },
  })
  t.equal((await act(pharmacist, id, 'ask', { question: 'And why?' })).status, 409, 'one at a time')
  t.match(await act(pharmacist, id, 'dispense', { quantity: 1 }), { status: 409, body: { code: 'illegal-transition' } })
  t.match(await act(doctor, id, 'resume'), { status: 409, body: { code: 'open-question' } })
  const open = async () => (await get(doctor, `${path}?question=open&patient_id=${patient_id}`)).body.data
  t.same(
    (await open()).map((row: { id: number }) => row.id),
    [id],
  )
  t.equal((await get(doctor, `${path}?question=closed`)).status, 400)
  for (const who of [pharmacist, nurse]) t.equal((await act(who, id, 'answer', { answer: 'Yes' })).status, 403)
  const answers = await Promise.all([1, 2].map(() => act(doctor, id, 'answer', { answer: 'Yes, with meals' })))
  t.same(answers.map(({ status }) => status).sort(), [200, 409], 'answered once')
  const read = (await get(pharmacist, `${path}/${id}`)).body
  t.match(read, { status: 'active', questions: [{ answer: 'Yes, with meals', answered_by: 11 }] })
  t.same(await open(), [])
  await refused('an answer stays', (tx) => tx.query(sql.unsafe`UPDATE prescription_questions SET answer = 'No'`))
  await refused('a question stays', (tx) => tx.query(sql.unsafe`DELETE FROM prescription_questions`))
  t.equal((await act(doctor, id, 'hold', { reason: 'surgery' })).status, 200)
  t.match(await act(doctor, id, 'answer', { answer: 'Yes' }), { status: 409, body: { code: 'conflict' } })
  t.equal((await act(doctor, id, 'resume')).status, 200)
})

t.test('the pharmacist refuses with a reason', async (t) => {
  const { id } = await fresh()
  t.equal((await act(doctor, id, 'refuse', { reason: 'No' })).status, 403)
  t.equal((await act(pharmacist, id, 'refuse')).status, 400)
  t.equal((await act(pharmacist, id, 'refuse', { reason: '-' })).status, 422)
  t.match(await act(pharmacist, id, 'refuse', { reason: 'The dose is for an adult' }), {
    status: 200,
    body: {
      status: 'discontinued',
      status_reason: 'The dose is for an adult',
      refused_by: 51,
      status_changes: [{ to_status: 'discontinued', changed_by: 51 }],
    },
  })
  t.match(await act(pharmacist, id, 'dispense', { quantity: 1 }), { status: 409, body: { code: 'illegal-transition' } })
})

t.test('a pack is entered where no quantity could be computed, once', async (t) => {
  const { id } = await fresh({ quantity: null, refills_allowed: 1 })
  t.equal((await act(doctor, id, 'pack', { quantity: 20 })).status, 403)
  t.equal((await act(pharmacist, id, 'pack', { quantity: 0 })).status, 400)
  t.match(await act(pharmacist, id, 'pack', { quantity: 20, unit: 'tablet' }), {
    status: 200,
    body: { quantity: 20, pack_unit: 'tablet', packed_by: 51, packed_at: String, remaining_quantity: 40 },
  })
  t.match(await act(pharmacist, id, 'pack', { quantity: 30 }), { status: 409, body: { code: 'conflict' } })
  t.equal((await act(pharmacist, id, 'dispense', { quantity: 20 })).status, 200)
  t.equal((await act(pharmacist, (await fresh()).id, 'pack', { quantity: 30 })).status, 409, 'the prescriber said it')
  await refused('it stays', (tx) => tx.query(sql.unsafe`UPDATE prescriptions SET quantity = 99 WHERE id = ${id}`))
  const other = await fresh({ quantity: null })
  await refused('by a pharmacist alone', (tx) =>
    tx.query(sql.unsafe`UPDATE prescriptions SET quantity = 99 WHERE id = ${other.id}`),
  )
})

t.test('a verbal order names the doctor and waits for the countersignature', async (t) => {
  const patient_id = await asked()
  const order = { patient_id, medication_name: 'Metformin 500 MG', quantity: 10, doctor_id: 11, read_back: true }
  const verbal = `${path}/verbal`
  for (const who of [doctor, technician, receptionist, admin]) t.equal((await post(who, verbal, order)).status, 403)
  t.equal((await post(nurse, verbal, { ...order, read_back: false })).status, 400, 'it is read back')
  t.equal((await post(nurse, verbal, { ...order, doctor_id: undefined })).status, 400, 'it names the doctor')
  t.match(await post(nurse, verbal, { ...order, doctor_id: 13 }), { status: 422, body: { code: 'unknown-reference' } })
  t.equal((await post(nurse, path, { patient_id, medication_name: 'Metformin' })).status, 403, 'in no name of her own')
  const written = await post(nurse, verbal, order)
  t.match(written, {
    status: 201,
    body: { doctor_id: 11, entered_by: 21, verbal: true, countersignature: 'awaited', status: 'active' },
  })
  const { id } = written.body
  const awaited = async () => (await get(doctor, `${path}?countersignature=awaited&doctor_id=11`)).body.data
  t.same(
    (await awaited()).map((row: { id: number }) => row.id),
    [id],
  )
  t.match(await act(otherDoctor, id, 'countersign'), { status: 403, body: { code: 'other-prescriber' } })
  t.equal((await act(nurse, id, 'countersign')).status, 403)
  t.match(await act(doctor, id, 'countersign'), {
    status: 200,
    body: { countersignature: 'given', countersigned_at: String, entered_by: 21, doctor_id: 11 },
  })
  t.same(await awaited(), [])
  t.match(await act(doctor, id, 'countersign'), { status: 409, body: { code: 'conflict' } })
  t.match(await act(doctor, (await fresh()).id, 'countersign'), { status: 409, body: { code: 'conflict' } })
  await refused('it stays', (tx) =>
    tx.query(sql.unsafe`UPDATE prescriptions SET countersigned_at = now() WHERE id = ${id}`),
  )
  await post(nurse, `/api/patients/${patient_id}/allergies`, { substance: 'Penicillin', severity: 'severe' })
  t.match(await post(pharmacist, verbal, { ...order, medication_name: 'Amoxicillin' }), {
    status: 422,
    body: { code: 'prescription-conflict' },
  })
})

t.test('nobody prescribes in another doctor’s name', async (t) => {
  const patient_id = await asked()
  const order = { patient_id, medication_name: 'Metformin 500 MG', quantity: 10 }
  t.match(await post(doctor, path, { ...order, doctor_id: 12 }), { status: 403, body: { code: 'other-prescriber' } })
  const own = await post(doctor, path, { ...order, doctor_id: 11 })
  t.match(own, { status: 201, body: { doctor_id: 11, countersignature: null } })
  for (const action of ['revise', 'renew']) {
    t.match(await act(doctor, own.body.id, action, { doctor_id: 12 }), {
      status: 403,
      body: { code: 'other-prescriber' },
    })
  }
  t.match(await act(otherDoctor, own.body.id, 'renew'), { status: 200, body: { doctor_id: 12 } })
})
