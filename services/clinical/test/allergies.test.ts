import { setTimeout as sleep } from 'node:timers/promises'
import { systemContext } from '@hospital/contracts'
import { outboxReader, sql } from '@hospital/database'
import t from 'tap'
import { consumePatientChanges } from '../src/alerts/consumers.ts'
import {
  type Asker,
  admin,
  doctor,
  nurse,
  pharmacist,
  receptionist,
  startClinicalApp,
  technician,
} from './clinical-app.ts'

const clinical = await startClinicalApp()
const { get, post, patch } = clinical
t.teardown(() => clinical.stop())

const allergiesOf = (patientId: number) => `/api/patients/${patientId}/allergies`
const record = async (patientId: number, body: object, who: Asker = nurse) => {
  const answer = await post(who, allergiesOf(patientId), body)
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
  return answer.body
}
const prescribe = async (patient_id: number, medication_name: string, more: object = {}) => {
  const answer = await post(doctor, '/api/prescriptions', { patient_id, medication_name, quantity: 30, ...more })
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
  return answer.body
}
const alertsOf = async (patientId: number, filter = '') =>
  (await get(pharmacist, `/api/alerts?patient_id=${patientId}${filter}`)).body.data
const acknowledge = (who: Asker, id: number, body: object = { reason: 'weighed' }) =>
  post(who, `/api/alerts/${id}/acknowledge`, body)

t.test('allergies are recorded, listed, changed, and told without their content', async (t) => {
  const patientId = await clinical.newPatient()
  const answer = await post(nurse, allergiesOf(patientId), {
    substance: 'Penicillin',
    code: '7984',
    reaction: 'Anaphylaxis',
    severity: 'severe',
  })
  t.match(answer, {
    status: 201,
    headers: { etag: '"1"' },
    body: {
      patient_id: patientId,
      substance: 'Penicillin',
      severity: 'severe',
      status: 'active',
      entered_by: 21,
      source: null,
    },
  })
  const pollen = await record(patientId, { substance: 'Pollen' })
  t.match(pollen, { severity: null, reaction: null, code: null })
  for (const who of [doctor, nurse, admin, pharmacist]) {
    const list = await get(who, allergiesOf(patientId))
    t.same(list.body.data, [pollen, answer.body], `${who.role} reads them, newest first`)
    t.equal(list.body.no_known_allergies, null)
  }
  const page = await get(nurse, `${allergiesOf(patientId)}?limit=1`)
  const next = await get(nurse, `${allergiesOf(patientId)}?limit=1&cursor=${page.body.page.next_cursor}`)
  t.same([page.body.data[0].id, next.body.data[0].id], [pollen.id, answer.body.id])
  t.equal(next.body.page.next_cursor, null)
  const changed = await patch(nurse, `/api/allergies/${pollen.id}`, 1, { status: 'resolved', reaction: 'sneezing' })
  t.match(changed, { status: 200, body: { status: 'resolved', reaction: 'sneezing', version: 2 } })
  t.match(await patch(nurse, `/api/allergies/${pollen.id}`, 2, { reaction: null }), { body: { reaction: null } })
  t.equal((await get(nurse, `${allergiesOf(patientId)}?status=active`)).body.data.length, 1)
  const events = await clinical.events('allergy', pollen.id)
  t.equal(events.length, 3)
  t.same(events[0]?.data, { id: pollen.id, patient_id: patientId, version: 1 })
})

t.test('allergies refuse', async (t) => {
  const patientId = await clinical.newPatient()
  const allergy = await record(patientId, { substance: 'Latex' })
  const abroad = { ...nurse, tenant: 'hospital_b' }
  for (const who of [receptionist, technician]) {
    t.match(await get(who, allergiesOf(patientId)), { status: 403, body: { code: 'forbidden' } }, who.role)
  }
  for (const who of [receptionist, technician, pharmacist]) {
    t.equal((await post(who, allergiesOf(patientId), { substance: 'x' })).status, 403, who.role)
    t.equal((await patch(who, `/api/allergies/${allergy.id}`, 1, { substance: 'x' })).status, 403, who.role)
    t.equal((await post(who, `${allergiesOf(patientId)}/none`)).status, 403, who.role)
  }
  const invalid = async (body: object, pointer: string) => {
    const answer = await post(nurse, allergiesOf(patientId), body)
    t.match(answer, { status: 400, body: { code: 'invalid-request', errors: [{ pointer }] } }, pointer)
  }
  await invalid({}, '/substance')
  await invalid({ substance: '  ' }, '/substance')
  await invalid({ substance: 'x', severity: 'awful' }, '/severity')
  await invalid({ substance: 'x', source: 'me' }, '/source')
  await invalid({ substance: 'x', patient_id: 1 }, '/patient_id')
  const change = (version: number, body: object, who = nurse) =>
    patch(who, `/api/allergies/${allergy.id}`, version, body)
  t.equal((await change(1, { status: 'deleted' })).status, 400)
  t.equal((await change(1, { substance: null })).status, 400)
  t.equal((await change(1, {})).status, 400)
  t.match(await change(7, { substance: 'x' }), { status: 412, body: { code: 'stale-version' } })
  t.equal((await clinical.call(nurse, 'PATCH', `/api/allergies/${allergy.id}`, { substance: 'x' })).status, 428)
  t.equal((await change(1, { substance: 'x' }, abroad)).status, 404, 'another hospital')
  t.equal((await get(abroad, allergiesOf(patientId + 100_000))).status, 404)
  t.equal((await post(nurse, allergiesOf(999_999), { substance: 'x' })).status, 404)
  t.equal((await post(nurse, `${allergiesOf(999_999)}/none`)).status, 404)
  t.equal((await get(nurse, `${allergiesOf(patientId)}?cursor=x`)).status, 400)
})

t.test('“no known allergies” is attested, until one is recorded', async (t) => {
  const patientId = await clinical.newPatient()
  const attested = await post(nurse, `${allergiesOf(patientId)}/none`)
  t.match(attested, {
    status: 200,
    body: { patient_id: patientId, no_known_allergies: true, attested_by: 21, version: 1 },
  })
  t.same((await get(doctor, allergiesOf(patientId))).body.no_known_allergies, attested.body)
  t.equal((await post(doctor, `${allergiesOf(patientId)}/none`)).body.id, attested.body.id, 'said already')
  const allergy = await record(patientId, { substance: 'Aspirin' })
  t.equal((await get(doctor, allergiesOf(patientId))).body.no_known_allergies, null)
  t.match(await post(nurse, `${allergiesOf(patientId)}/none`), { status: 409, body: { code: 'active-allergies' } })
  await patch(nurse, `/api/allergies/${allergy.id}`, 1, { status: 'entered_in_error' })
  t.equal((await get(doctor, allergiesOf(patientId))).body.no_known_allergies, null, 'what has ended stays ended')
  const again = await post(doctor, `${allergiesOf(patientId)}/none`)
  t.match(again, { status: 200, body: { attested_by: 11 } })
  await clinical.database.inTenant(systemContext('hospital_a', 'import'), (tx) =>
    tx.query(sql.unsafe`INSERT INTO allergies (patient_id, substance, source) VALUES (${patientId}, 'Nuts', 'import')`),
  )
  t.equal((await get(doctor, allergiesOf(patientId))).body.no_known_allergies, null, 'an import ends it too')
})

t.test('none is not attested over a free text that says otherwise', async (t) => {
  for (const allergies of ['Penicillin', 'PEN - anaphylaxis', '青霉素']) {
    const patientId = await clinical.newPatient({ allergies })
    t.match(
      await post(nurse, `${allergiesOf(patientId)}/none`),
      { status: 409, body: { code: 'active-allergies' } },
      allergies,
    )
  }
  for (const allergies of ['None', 'Not allergic to penicillin'])
    t.equal((await post(nurse, `${allergiesOf(await clinical.newPatient({ allergies }))}/none`)).status, 200, allergies)
})

t.test('a later allergy raises an alert on a prescription in use, once', async (t) => {
  const patientId = await clinical.newPatient()
  const prescription = await prescribe(patientId, 'Amoxicillin 500 MG')
  await prescribe(patientId, 'Metformin 500 MG')
  const allergy = await record(patientId, { substance: 'Penicillin', severity: 'severe' })
  const [alert, ...more] = await alertsOf(patientId, '&status=open')
  t.same(more, [], 'on the one that it concerns')
  t.match(alert, {
    prescription_id: prescription.id,
    check: 'allergy',
    severity: 'contraindicated',
    rule: 'allergy-class-penicillins',
    source: String,
    rule_set_version: String,
    cause_allergy_id: allergy.id,
    cause_prescription_id: null,
  })
  const [event] = await clinical.events('alert', alert.id)
  t.match(event, { type: 'hospital.clinical.alert.raised.v1' })
  t.same(event?.data, {
    id: alert.id,
    patient_id: patientId,
    prescription_id: prescription.id,
    doctor_id: 11,
    version: 1,
  })
  await patch(nurse, `/api/allergies/${allergy.id}`, 1, { reaction: 'hives' })
  t.same(await alertsOf(patientId), [alert], 'not again')
  t.match((await get(doctor, `/api/alerts?prescription_id=${prescription.id}`)).body.data, [{ id: alert.id }])

  const dispense = () => post(pharmacist, `/api/prescriptions/${prescription.id}/dispense`, { quantity: 1 })
  t.match(await dispense(), { status: 422, body: { code: 'prescription-conflict', conflicts: [{ check: 'allergy' }] } })
  for (const who of [nurse, admin])
    t.match(await acknowledge(who, alert.id), { status: 403, body: { code: 'forbidden' } })
  t.equal((await acknowledge(receptionist, alert.id)).status, 403)
  t.equal((await acknowledge(doctor, alert.id, {})).status, 400)
  t.equal((await acknowledge(doctor, alert.id, { reason: ' ' })).status, 400)
  t.equal((await acknowledge(doctor, 999_999)).status, 404)
  t.equal((await acknowledge({ ...doctor, tenant: 'hospital_b' }, alert.id)).status, 404)
  t.match(await acknowledge(doctor, alert.id, { reason: 'was a rash in 1990' }), {
    status: 200,
    body: { status: 'acknowledged', acknowledged_by: 11, acknowledge_reason: 'was a rash in 1990', version: 2 },
  })
  t.match(await acknowledge(pharmacist, alert.id), {
    status: 409,
    body: { code: 'illegal-transition', current_status: 'acknowledged', allowed_steps: [] },
  })
  t.equal((await dispense()).status, 200, 'somebody answered for it')
  t.same(await alertsOf(patientId, '&status=open'), [])
})

t.test('a conflict that appears before dispensing can be answered for by the pharmacist', async (t) => {
  const patientId = await clinical.newPatient()
  const { id } = await prescribe(patientId, 'Cephalexin 500 MG')
  await record(patientId, { substance: 'cephalosporins' })
  const dispense = (body: object) => post(pharmacist, `/api/prescriptions/${id}/dispense`, { quantity: 1, ...body })
  t.equal((await dispense({})).status, 422)
  t.match(await dispense({ override_reason: 'doctor phoned' }), {
    status: 200,
    body: { dispenses: [{ override_reason: 'doctor phoned', quantity: 1 }] },
  })
  t.equal((await dispense({})).status, 200, 'the next hand-out needs no second reason')
})

t.test('a later drug raises an alert on the earlier prescription', async (t) => {
  const patientId = await clinical.newPatient()
  const warfarin = await prescribe(patientId, 'Warfarin 5 MG')
  const ibuprofen = await prescribe(patientId, 'Ibuprofen 200 MG', { override_reason: 'two days only' })
  const raised = await alertsOf(patientId)
  t.match(raised, [
    { prescription_id: warfarin.id, check: 'interaction', cause_prescription_id: ibuprofen.id, status: 'open' },
  ])
  await post(doctor, `/api/prescriptions/${ibuprofen.id}/discontinue`, { reason: 'done' })
  t.match(await alertsOf(patientId), [{ status: 'resolved' }], 'it goes away with its cause')
  t.match(await acknowledge(doctor, raised[0].id), { status: 409 })
})

t.test('alerts go away with the allergy and come back with it', async (t) => {
  const patientId = await clinical.newPatient()
  await prescribe(patientId, 'Simvastatin 10 MG')
  const allergy = await record(patientId, { substance: 'statins' })
  const change = (version: number, status: string) => patch(nurse, `/api/allergies/${allergy.id}`, version, { status })
  await change(1, 'entered_in_error')
  t.match(await alertsOf(patientId), [{ status: 'resolved', version: 2 }])
  await change(2, 'active')
  t.match(await alertsOf(patientId), [{ status: 'open', version: 3 }])
})

t.test('alerts are listed in pages for those who read prescriptions', async (t) => {
  const patientId = await clinical.newPatient()
  await prescribe(patientId, 'Ibuprofen 200 MG')
  for (const substance of ['ibuprofen', 'NSAIDs']) await record(patientId, { substance })
  const first = await get(nurse, `/api/alerts?patient_id=${patientId}&limit=1`)
  const second = await get(nurse, `/api/alerts?patient_id=${patientId}&limit=1&cursor=${first.body.page.next_cursor}`)
  t.not(first.body.data[0].id, second.body.data[0].id)
  t.equal(second.body.page.next_cursor, null)
  t.equal((await get(receptionist, '/api/alerts')).status, 403)
  t.equal((await get(nurse, '/api/alerts?status=closed')).status, 400)
  t.same((await get({ ...nurse, tenant: 'hospital_b' }, '/api/alerts')).body.data, [])
})

t.test('the free text of a patient is checked again when the patient changes', async (t) => {
  const patientId = await clinical.newPatient()
  const prescription = await prescribe(patientId, 'Levofloxacin 500 MG')
  const { database, messaging } = clinical
  const reader = outboxReader(database)
  await messaging.ensureStreams()
  messaging.startRelay(reader)
  const consumer = consumePatientChanges(clinical.deps)
  t.teardown(async () => {
    await consumer.close()
    await reader.close()
  })
  const current = await get(doctor, `/api/patients/${patientId}`)
  await patch(doctor, `/api/patients/${patientId}`, current.body.version, { allergies: 'Quinolones: tendon pain' })
  const deadline = Date.now() + 10_000
  while ((await alertsOf(patientId)).length === 0 && Date.now() < deadline) await sleep(50)
  t.match(await alertsOf(patientId), [{ prescription_id: prescription.id, check: 'allergy', cause_allergy_id: null }])
})
