import { systemContext } from '@hospital/contracts'
import { sql } from '@hospital/database'
import t from 'tap'
import { type Asker, admin, doctor, nurse, pharmacist, startClinicalApp } from './clinical-app.ts'

const clinical = await startClinicalApp()
const { database, get, post, patch } = clinical
t.teardown(() => clinical.stop())

const path = '/api/prescriptions'
const act = (who: Asker, id: number, action: string, body: object = {}) => post(who, `${path}/${id}/${action}`, body)
const give = (id: number, quantity: number, more: object = {}) => act(pharmacist, id, 'dispense', { quantity, ...more })
/** A patient who was asked about allergies, and a prescription. */
const fresh = async (body: object = {}) => {
  const patient_id = await clinical.newPatient()
  await post(nurse, `/api/patients/${patient_id}/allergies/none`, {})
  const answer = await post(doctor, path, { patient_id, medication_name: 'Metformin 500 MG', quantity: 10, ...body })
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
  return answer.body
}
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString()

t.test('a revision does not refill: one ceiling over the whole chain', async (t) => {
  const first = await fresh()
  t.equal((await give(first.id, 9)).status, 200)
  const second = (await act(doctor, first.id, 'revise', { instructions: 'With food', reason: 'clearer' })).body
  t.match(second, { status: 'active', quantity: 10, dispensed_before: 9, dispensed_quantity: 0, remaining_quantity: 1 })
  t.match(await give(second.id, 2), { status: 409, body: { code: 'dispense-limit', remaining_quantity: 1 } })
  const third = (await act(doctor, second.id, 'revise', { quantity: 12, reason: 'two more' })).body
  t.match(third, { dispensed_before: 9, remaining_quantity: 3 }, 'what is more is more')
  t.match(await give(third.id, 3), { status: 200, body: { status: 'completed', remaining_quantity: 0 } })
  const other = await fresh()
  await give(other.id, 9)
  const less = (await act(doctor, other.id, 'revise', { quantity: 5, reason: 'less' })).body
  t.equal(less.remaining_quantity, 0, 'never below nothing')
  t.match(await give(less.id, 1), { status: 409, body: { code: 'dispense-limit' } })
})

t.test('another drug begins a supply of its own', async (t) => {
  const { id } = await fresh({ medication_name: 'Amoxicillin 500 MG' })
  await give(id, 10).then(({ body }) => t.equal(body.status, 'completed'))
  const begun = await fresh({ medication_name: 'Amoxicillin 500 MG' })
  await give(begun.id, 4)
  const revised = await act(doctor, begun.id, 'revise', { medication_name: 'Clarithromycin 250 MG', reason: 'rash' })
  t.match(revised, { status: 200, body: { other_drug: true, dispensed_before: 0, remaining_quantity: 10 } })
  t.equal((await give(revised.body.id, 10)).status, 200)
})

t.test('the database keeps the ceiling of a chain, whoever writes', async (t) => {
  const { id, patient_id } = await fresh()
  await give(id, 9)
  const inTenant = (query: Parameters<typeof database.inTenant>[1]) =>
    database.inTenant(systemContext('hospital_a', 'test'), query)
  const revision = (more: string) =>
    inTenant((tx) =>
      tx.query(sql.unsafe`INSERT INTO prescriptions (patient_id, doctor_id, medication_name, quantity, revises, dispensed_before)
        VALUES (${patient_id}, 11, ${more}, 10, ${id}, 0)`),
    )
  await revision('Metformin')
  const [written] = (await get(doctor, `${path}?patient_id=${patient_id}`)).body.data
  t.match(written, { revises: id, dispensed_before: 9, remaining_quantity: 1 }, 'counted by the database')
  await t.rejects(
    inTenant((tx) => tx.query(sql.unsafe`INSERT INTO dispenses (prescription_id, quantity) VALUES (${written.id}, 2)`)),
    'above the ceiling of the chain',
  )
  await t.rejects(
    inTenant((tx) => tx.query(sql.unsafe`INSERT INTO dispenses (prescription_id, quantity) VALUES (${id}, 1)`)),
    'what is revised is handed out no more',
  )
  await t.rejects(
    inTenant((tx) => tx.query(sql.unsafe`UPDATE prescriptions SET dispensed_before = 0 WHERE id = ${written.id}`)),
  )
  t.match(await give(id, 1, { override_reason: 'both are open' }), {
    status: 409,
    body: { code: 'illegal-transition' },
  })
})

t.test('dispensing and revising at once never exceed the ceiling', async (t) => {
  for (let round = 0; round < 5; round++) {
    const { id, patient_id } = await fresh()
    await Promise.all([
      ...Array.from({ length: 6 }, () => give(id, 2)),
      act(doctor, id, 'revise', { instructions: 'With food', reason: 'clearer' }),
    ])
    const rows = (await get(doctor, `${path}?patient_id=${patient_id}`)).body.data
    for (const row of rows) await Promise.all(Array.from({ length: 6 }, () => give(row.id, 2)))
    const after = (await get(doctor, `${path}?patient_id=${patient_id}`)).body.data
    const total = after.reduce((sum: number, row: { dispensed_quantity: number }) => sum + row.dispensed_quantity, 0)
    t.equal(total, 10)
  }
})

t.test('one fill at a time; a pharmacist may say why the next is needed now', async (t) => {
  const { id } = await fresh({ quantity: 30, refills_allowed: 2, duration_days: 30 })
  t.equal((await give(id, 20)).status, 200)
  t.equal((await give(id, 10)).status, 200, 'the rest of the fill')
  const refused = await give(id, 30)
  t.match(refused, { status: 409, body: { code: 'fill-too-early', due_from: /^\d{4}-\d\d-\d\d$/, detail: /due from/ } })
  t.equal(refused.body.due_from, daysAgo(-23).slice(0, 10))
  t.equal((await give(id, 30, { override_reason: ' ' })).status, 400)
  const early = await give(id, 30, { override_reason: 'Travels for two months' })
  t.match(early, { status: 200, body: { remaining_quantity: 30 } })
  t.match(early.body.dispenses[2], { early: true, override_reason: 'Travels for two months' })
  t.match(early.body.dispenses[0], { early: false, override_reason: null })
  const revised = (await act(doctor, id, 'revise', { instructions: 'With food', reason: 'clearer' })).body
  t.match(await give(revised.id, 30), { status: 409, body: { code: 'fill-too-early' } }, 'the interval goes on too')
})

t.test('a prescription ends: after a year, a controlled drug after 28 days, as the hospital says', async (t) => {
  const controlled = await fresh({ medication_name: 'Oxycodone 5 MG', prescribed_date: daysAgo(29) })
  t.match(await give(controlled.id, 1), {
    status: 409,
    body: { code: 'prescription-expired', valid_until: daysAgo(1).slice(0, 10) },
  })
  t.match(await give(controlled.id, 1, { override_reason: 'He asks for it' }), { status: 409 }, 'no reason prolongs it')
  const old = await fresh({ prescribed_date: daysAgo(367) })
  t.match(await give(old.id, 1), { status: 409, body: { code: 'prescription-expired' } })
  t.equal((await give((await fresh({ prescribed_date: daysAgo(360) })).id, 1)).status, 200)
  const settings = '/api/clinical-settings'
  const { body } = await get(admin, settings)
  t.match(body, { early_refill_days: 7, prescription_valid_months: 12, controlled_valid_days: 28 })
  t.equal((await patch(admin, settings, body.version, { controlled_valid_days: 0 })).status, 400)
  const changed = await patch(admin, settings, body.version, { controlled_valid_days: 40 })
  t.match(changed, { status: 200, body: { controlled_valid_days: 40 } })
  t.equal((await give(controlled.id, 1)).status, 200)
})

t.test('a renewal is checked anew, linked, and has a supply of its own', async (t) => {
  const { id, patient_id } = await fresh({ refills_allowed: 1, instructions: 'evening' })
  await give(id, 20)
  const renewed = await act(doctor, id, 'renew', {})
  t.match(renewed, {
    status: 200,
    body: {
      renews: id,
      revises: null,
      instructions: 'evening',
      quantity: 10,
      refills_allowed: 1,
      remaining_quantity: 20,
    },
  })
  t.equal((await get(nurse, `${path}/${id}`)).body.status, 'completed')
  t.match(await act(doctor, id, 'renew', {}), { status: 409, body: { code: 'conflict' } }, 'once')
  const again = await act(doctor, renewed.body.id, 'renew', { quantity: 5, refills_allowed: 0 })
  t.match(again, { status: 200, body: { quantity: 5, remaining_quantity: 5 } })
  t.match((await get(nurse, `${path}/${renewed.body.id}`)).body, { status: 'discontinued', status_reason: 'renewed' })
  t.match(await act(doctor, renewed.body.id, 'renew', {}), { status: 409, body: { code: 'illegal-transition' } })
  t.equal((await act(nurse, again.body.id, 'renew', {})).status, 403)
  t.equal((await act({ ...doctor, tenant: 'hospital_b' }, again.body.id, 'renew', {})).status, 404)
  t.equal((await act(doctor, again.body.id, 'renew', { medication_name: 'Warfarin' })).status, 400, 'the same again')
  await post(nurse, `/api/patients/${patient_id}/allergies`, { substance: 'Metformin' })
  t.match(await act(doctor, again.body.id, 'renew', {}), { status: 422, body: { code: 'prescription-conflict' } })
  const both = await fresh()
  const answers = await Promise.all([1, 2, 3].map(() => act(doctor, both.id, 'renew', {})))
  t.same(answers.map(({ status }) => status).sort(), [200, 409, 409], 'three at once')
})
