import { systemContext } from '@hospital/contracts'
import { sql } from '@hospital/database'
import { statementsDuring } from '@hospital/testing'
import { Type } from '@sinclair/typebox'
import t from 'tap'
import { listAlerts } from '../src/alerts/queries.ts'
import { listInUse } from '../src/prescriptions/chart-queries.ts'
import { listPrescriptions } from '../src/prescriptions/queries.ts'
import {
  type Asker,
  admin,
  doctor,
  nurse,
  otherDoctor,
  pharmacist,
  receptionist,
  startClinicalApp,
} from './clinical-app.ts'

const clinical = await startClinicalApp()
const { db, database, get, post } = clinical
t.teardown(() => clinical.stop())

const path = '/api/prescriptions'
const prescribe = async (body: object, who: Asker = doctor) => {
  const answer = await post(who, path, { medication_name: 'Metformin 500 MG', quantity: 30, ...body })
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
  return answer.body
}
const fresh = async (body: object = {}) => prescribe({ patient_id: await clinical.newPatient(), ...body })
const act = (who: Asker, id: number, action: string, body: object = {}, headers?: Record<string, string>) =>
  post(who, `${path}/${id}/${action}`, body, headers)

t.test('a prescription is the signed-in doctor’s, complete, found again, and told without its content', async (t) => {
  const patient_id = await clinical.newPatient()
  const answer = await post(doctor, path, {
    patient_id,
    medication_name: 'Amoxicillin 500 MG Oral Capsule',
    dosage: '500 mg',
    frequency: 'three times a day',
    duration: '7 days',
    instructions: 'With food',
    refills_allowed: 1,
    dose_amount: '1.0',
    dose_unit: 'capsule',
    dose_route: 'oral',
    times_per_day: 3,
    duration_days: 7,
  })
  t.equal(answer.status, 201, JSON.stringify(answer.body))
  t.equal(answer.headers['etag'], '"1"')
  t.match(answer.body, {
    patient_id,
    doctor_id: 11,
    entered_by: 11,
    status: 'active',
    quantity: 21,
    quantity_computed: true,
    refills_allowed: 1,
    remaining_quantity: 42,
    dispensed_quantity: 0,
    dose_amount: '1',
    override_reason: null,
    checks: [{ outcome: 'passed' }, { outcome: 'passed' }, { outcome: 'passed' }],
    version: 1,
  })
  const read = await get(pharmacist, `${path}/${answer.body.id}`)
  t.same(read.body, answer.body)
  t.equal(read.headers['etag'], '"1"')
  const [event] = await clinical.events('prescription', answer.body.id)
  t.match(event, { type: 'hospital.clinical.prescription.created.v1' })
  t.same(event?.data, { id: answer.body.id, patient_id, doctor_id: 11, version: 1 }, 'ids only')
})

t.test('prescribing refuses', async (t) => {
  const patient_id = await clinical.newPatient()
  const archived = await clinical.newPatient({ status: 'inactive' })
  const stranger = await clinical.newPatient({ tenant: 'hospital_b' })
  const record = (await post(doctor, '/api/medical-records', { patient_id: await clinical.newPatient() })).body
  const refuse = async (body: object, status: number, code: string, pointer?: string, who: Asker = doctor) => {
    const answer = await post(who, path, { patient_id, medication_name: 'Metformin', ...body })
    const errors = pointer ? { errors: [{ pointer }] } : {}
    t.match(answer, { status, body: { code, ...errors } }, `${code} ${pointer ?? ''}`)
  }
  for (const who of [admin, nurse, pharmacist, receptionist]) await refuse({}, 403, 'forbidden', undefined, who)
  await refuse({ medication_name: ' ' }, 400, 'invalid-request', '/medication_name')
  await refuse({ quantity: 0 }, 400, 'invalid-request', '/quantity')
  await refuse({ quantity: 1.5 }, 400, 'invalid-request', '/quantity')
  await refuse({ refills_allowed: -1 }, 400, 'invalid-request', '/refills_allowed')
  await refuse({ status: 'completed' }, 400, 'invalid-request', '/status')
  await refuse({ dose_amount: '-1', dose_unit: 'mg' }, 400, 'invalid-request', '/dose_amount')
  await refuse({ dose_amount: '0', dose_unit: 'mg' }, 422, 'validation-failed', '/dose_amount')
  await refuse({ dose_amount: '5' }, 422, 'validation-failed', '/dose_unit')
  await refuse({ dose_unit: 'mg' }, 422, 'validation-failed', '/dose_amount')
  await refuse({ times_per_day: 2, interval_hours: 8 }, 422, 'validation-failed', '/interval_hours')
  await refuse({ rxnorm_code: '11289' }, 422, 'validation-failed', '/rxnorm_code')
  await refuse({ prescribed_date: '2999-01-01T00:00:00Z' }, 422, 'validation-failed', '/prescribed_date')
  await refuse({ patient_id: 999_999 }, 422, 'unknown-reference', '/patient_id')
  await refuse({ patient_id: Math.max(stranger, patient_id) + 1000 }, 422, 'unknown-reference', '/patient_id')
  await refuse({ patient_id: archived }, 409, 'patient-archived')
  await refuse({ doctor_id: 999 }, 422, 'unknown-reference', '/doctor_id')
  await refuse({ doctor_id: 13 }, 422, 'unknown-reference', '/doctor_id')
  await refuse({ medical_record_id: 999_999 }, 422, 'unknown-reference', '/medical_record_id')
  await refuse({ medical_record_id: record.id }, 422, 'unknown-reference', '/medical_record_id')
  const own = (await post(doctor, '/api/medical-records', { patient_id })).body
  t.match(await post(doctor, path, { patient_id, medication_name: 'Amlodipine', medical_record_id: own.id }), {
    status: 201,
    body: { medical_record_id: own.id },
  })
  // Holds the permission by a role of the hospital's own, and is no doctor.
  const prescriber: Asker = { role: 'Doctor', userId: 21 }
  await refuse({}, 422, 'validation-failed', '/doctor_id', prescriber)
  await refuse({ doctor_id: 12 }, 403, 'other-prescriber', undefined, prescriber)
  await refuse({ doctor_id: 12 }, 403, 'other-prescriber')
  await db.query(`UPDATE hospital_a.patients SET status = 'deceased', deceased_date = '2020-01-01' WHERE id = $1`, [
    patient_id,
  ])
  await refuse({}, 409, 'patient-archived')
})

t.test('lists filter, page without gaps, and stay in the hospital', async (t) => {
  const patient_id = await clinical.newPatient()
  const drugs = ['Metformin', 'Lisinopril', 'Loratadine', 'Omeprazole', 'Amlodipine']
  const written: number[] = []
  for (const medication_name of drugs) written.unshift((await prescribe({ patient_id, medication_name })).id)
  const seen: number[] = []
  let cursor = ''
  for (let pages = 0; pages < 3; pages++) {
    const page = await get(nurse, `${path}?patient_id=${patient_id}&limit=2${cursor}`)
    seen.push(...page.body.data.map((row: { id: number }) => row.id))
    cursor = `&cursor=${page.body.page.next_cursor}`
  }
  t.same(seen, written)
  t.match(cursor, 'null', 'the last page says so')
  await act(doctor, written[0] ?? 0, 'hold', { reason: 'surgery' })
  t.equal((await get(nurse, `${path}?patient_id=${patient_id}&status=on_hold`)).body.data.length, 1)
  t.equal((await get(nurse, `${path}?patient_id=${patient_id}&doctor_id=12`)).body.data.length, 0)
  t.match(await get(nurse, `${path}?cursor=nonsense`), { status: 400, body: { code: 'invalid-cursor' } })
  t.equal((await get(receptionist, path)).status, 403)
  const abroad = { ...pharmacist, tenant: 'hospital_b' }
  t.equal((await get(abroad, `${path}/${written[0]}`)).status, 404)
  t.equal((await act(abroad, written[0] ?? 0, 'dispense', { quantity: 1 })).status, 404)
  t.same((await get(abroad, path)).body.data, [])
})

t.test('holding, resuming and ending: only the steps there are', async (t) => {
  const { id } = await fresh()
  const step = async (action: string, status: number, body: object = { reason: 'because' }) => {
    const answer = await act(doctor, id, action, action === 'resume' ? {} : body)
    t.equal(answer.status, status, `${action}: ${JSON.stringify(answer.body.code)}`)
    if (status === 409) t.equal(answer.body.code, 'illegal-transition')
    return answer.body
  }
  await step('resume', 409)
  t.match(await step('hold', 200), { status: 'on_hold', status_reason: 'because', version: 2 })
  await step('hold', 409)
  t.match(await act(pharmacist, id, 'dispense', { quantity: 1 }), { status: 409, body: { code: 'illegal-transition' } })
  t.match(await step('resume', 200), { status: 'active', version: 3 })
  t.match(await step('discontinue', 200), {
    status: 'discontinued',
    status_changes: [
      { from_status: 'active', to_status: 'on_hold', reason: 'because', changed_by: 11 },
      { from_status: 'on_hold', to_status: 'active', reason: null },
      { from_status: 'active', to_status: 'discontinued' },
    ],
  })
  for (const action of ['hold', 'resume', 'discontinue', 'revise']) await step(action, 409)
  t.match(await act(pharmacist, id, 'dispense', { quantity: 1 }), { status: 409, body: { code: 'illegal-transition' } })
  const other = await fresh()
  for (const action of ['hold', 'discontinue'])
    t.equal((await act(doctor, other.id, action)).status, 400, 'needs a reason')
  for (const action of ['hold', 'resume', 'discontinue', 'revise']) {
    t.equal((await act(nurse, other.id, action, { reason: 'x' })).status, 403)
    t.equal((await act(doctor, 999_999, action, { reason: 'x' })).status, 404)
  }
  t.equal(
    (await act(doctor, other.id, 'hold', { reason: 'x' }, { 'if-match': '"9"' })).status,
    412,
    'If-Match is honoured',
  )
  t.equal((await clinical.events('prescription', id)).length, 4)
})

t.test('dispensing: partial, repeated, completed by the last unit, never more', async (t) => {
  const { id } = await fresh({ quantity: 10, refills_allowed: 1 })
  const give = (quantity: number, more: object = {}) => act(pharmacist, id, 'dispense', { quantity, ...more })
  t.match(await give(8, { notes: 'first' }), {
    status: 200,
    body: {
      status: 'active',
      dispensed_quantity: 8,
      remaining_quantity: 12,
      dispenses: [{ quantity: 8, dispensed_by: 51, notes: 'first' }],
      version: 2,
    },
  })
  t.match(await give(13), { status: 409, body: { code: 'dispense-limit', remaining_quantity: 12 } })
  t.equal((await give(0)).status, 400)
  t.equal((await give(1.5)).status, 400)
  for (const who of [doctor, nurse, admin]) t.equal((await act(who, id, 'dispense', { quantity: 1 })).status, 403)
  t.match(await give(12), { status: 200, body: { status: 'completed', remaining_quantity: 0 } })
  t.match(await give(1), { status: 409, body: { code: 'dispense-limit' } })
  t.match(await act(doctor, id, 'hold', { reason: 'x' }), { status: 409, body: { code: 'illegal-transition' } })
  const types = (await clinical.events('prescription', id)).map(({ type }) => type.split('.').at(-2))
  t.same(types, ['created', 'dispensed', 'updated', 'dispensed'], 'completion is told too')
  const without = await fresh({ quantity: null })
  t.match(await act(pharmacist, without.id, 'dispense', { quantity: 1 }), {
    status: 409,
    body: { code: 'dispense-limit', detail: /no quantity/ },
  })
  const keyed = await fresh()
  const key = { 'idempotency-key': 'dispense-once' }
  const [first, again] = [
    await act(pharmacist, keyed.id, 'dispense', { quantity: 5 }, key),
    await act(pharmacist, keyed.id, 'dispense', { quantity: 5 }, key),
  ]
  t.equal(again?.headers['idempotent-replayed'], 'true')
  t.same(again?.body, first?.body)
  t.equal((await get(nurse, `${path}/${keyed.id}`)).body.dispensed_quantity, 5)
})

t.test('a hundred attempts at once stay under the ceiling', async (t) => {
  const { id } = await fresh({ quantity: 6, refills_allowed: 2 })
  const answers = await Promise.all(Array.from({ length: 100 }, () => act(pharmacist, id, 'dispense', { quantity: 1 })))
  const count = (status: number) => answers.filter((answer) => answer.status === status).length
  t.same([count(200), count(409)], [18, 82], 'exactly 6 × 3, the rest refused, nothing else')
  t.ok(answers.every(({ status, body }) => status === 200 || body.code === 'dispense-limit'))
  t.match((await get(nurse, `${path}/${id}`)).body, {
    dispensed_quantity: 18,
    remaining_quantity: 0,
    status: 'completed',
  })
})

t.test('a prescription asks the database no more often than it must', async (t) => {
  // The first one makes the connection.
  await fresh()
  const patient_id = await clinical.newPatient()
  const sent = await statementsDuring(db.ownerUrl, () => prescribe({ patient_id }))
  t.equal(sent.length, 1, 'on one connection')
  const statements = sent.flat()
  t.match(statements.join(), /INSERT INTO "prescriptions"/)
  t.ok(statements.length <= 15, `${statements.length} round trips`, { statements })
})

t.test('the database itself keeps what was prescribed', async (t) => {
  const { id, patient_id } = await fresh({ quantity: 3 })
  const ended = await fresh()
  await act(doctor, ended.id, 'discontinue', { reason: 'x' })
  const other = await clinical.newPatient()
  const refused = async (what: string, ...queries: Parameters<typeof database.inTenant>[1][]) => {
    for (const query of queries) await t.rejects(database.inTenant(systemContext('hospital_a', 'test'), query), what)
  }
  const changes: [column: string, value: string | number][] = [
    ['medication_name', 'x'],
    ['dosage', '1 kg'],
    ['quantity', 999],
    ['refills_allowed', 9],
    ['dispensed_quantity', 1],
    ['checks', '[{}]'],
    ['override_reason', 'x'],
    ['patient_id', other],
    ['doctor_id', 12],
  ]
  for (const [column, value] of changes) {
    await refused(column, (tx) =>
      tx.query(sql.unsafe`UPDATE prescriptions SET ${sql.identifier([column])} = ${value} WHERE id = ${id}`),
    )
  }
  await refused(
    'rows stay',
    (tx) => tx.query(sql.unsafe`DELETE FROM prescriptions WHERE id = ${id}`),
    (tx) => tx.query(sql.unsafe`DELETE FROM dispenses`),
    (tx) => tx.query(sql.unsafe`UPDATE dispenses SET quantity = 1`),
    (tx) => tx.query(sql.unsafe`UPDATE prescription_status_changes SET reason = 'y'`),
    (tx) => tx.query(sql.unsafe`DELETE FROM alerts`),
    (tx) => tx.query(sql.unsafe`DELETE FROM allergies`),
    (tx) => tx.query(sql.unsafe`UPDATE prescriptions SET status = 'active' WHERE id = ${ended.id}`),
    (tx) => tx.query(sql.unsafe`INSERT INTO dispenses (prescription_id, quantity) VALUES (${id}, 4)`),
    (tx) => tx.query(sql.unsafe`INSERT INTO dispenses (prescription_id, quantity) VALUES (${ended.id}, 1)`),
  )
  t.match((await get(nurse, `${path}/${id}`)).body, { patient_id, quantity: 3, dispensed_quantity: 0, version: 1 })
})

t.test('conflicts are refused, named, and can be answered for', async (t) => {
  const patient_id = await clinical.newPatient()
  await post(nurse, `/api/patients/${patient_id}/allergies`, {
    substance: 'Penicillin',
    severity: 'severe',
    reaction: 'hives',
  })
  const order = { patient_id, medication_name: 'Amoxicillin 250 MG / Clavulanate 125 MG Oral Tablet', quantity: 20 }
  const refused = await post(doctor, path, order)
  t.match(refused, {
    status: 422,
    body: {
      code: 'prescription-conflict',
      conflicts: [
        {
          check: 'allergy',
          severity: 'contraindicated',
          rule: /penicillins/,
          source: String,
          version: String,
          with: { kind: 'allergy' },
        },
      ],
    },
  })
  t.equal((await get(doctor, `${path}?patient_id=${patient_id}`)).body.data.length, 0, 'nothing was written')
  t.equal((await post(doctor, path, { ...order, override_reason: ' ' })).status, 400, 'a reason says something')
  const overridden = await post(doctor, path, { ...order, override_reason: 'tolerated in 2024' })
  t.match(overridden, {
    status: 201,
    body: { override_reason: 'tolerated in 2024', checks: [{ outcome: 'conflict' }, {}, {}] },
  })
  t.match(
    await act(pharmacist, overridden.body.id, 'dispense', { quantity: 5 }),
    { status: 200 },
    'answered for already',
  )
  const harmless = await prescribe({ patient_id, medication_name: 'Loratadine', override_reason: 'to be sure' })
  t.equal(harmless.override_reason, null, 'nothing was overridden')
  const [audit] = await db.query<{ purpose: string }>(
    `SELECT purpose FROM hospital_a.audit_events WHERE action = 'prescribe' AND patient_id = $1 AND purpose = 'tolerated in 2024'`,
    [patient_id],
  )
  t.ok(audit, 'the reason is in the audit trail')
})

t.test('free text, duplicates, interactions and unknown drugs', async (t) => {
  const patient_id = await clinical.newPatient()
  await db.query(
    `UPDATE hospital_a.patients SET allergies = 'Sulfa drugs (rash)', current_medications = 'Sildenafil' WHERE id = $1`,
    [patient_id],
  )
  const order = async (medication_name: string, more: object = {}) =>
    (await clinical.decide(doctor, path, { patient_id, medication_name, ...more })).body
  t.match(await order('Bactrim DS'), {
    code: 'prescription-conflict',
    conflicts: [{ with: { kind: 'free-text', id: null } }],
  })
  t.match(await order('Nitroglycerin spray'), { conflicts: [{ check: 'interaction', severity: 'contraindicated' }] })
  const warfarin = await order('Coumadin 5 mg')
  t.match(await order('Warfarin 2.5 MG'), {
    conflicts: [
      { check: 'duplicate-therapy', rule: 'duplicate-ingredient', with: { kind: 'prescription', id: warfarin.id } },
    ],
  })
  t.match(await order('Ibuprofen 200 MG Oral Tablet'), {
    conflicts: [{ check: 'interaction', rule: 'anticoagulants--nsaids', with: { id: warfarin.id } }],
  })
  t.match(await order('house mixture', { rxnorm_code: '5640' }), { code: 'prescription-conflict' }, 'found by code')
  const unknown = await order('Zorbamycin 5 mg')
  t.match(unknown, { status: 'active', checks: [{ outcome: 'could-not-check', unchecked: [/Zorbamycin/] }, {}, {}] })
  t.match((await order('Loratadine')).checks, [
    { check: 'allergy', outcome: 'passed' },
    { check: 'duplicate-therapy', outcome: 'could-not-check' },
    { check: 'interaction', outcome: 'could-not-check', unchecked: [/Zorbamycin/] },
  ])
  await act(doctor, warfarin.id, 'discontinue', { reason: 'stopped' })
  t.match(await order('Ibuprofen 200 MG'), { status: 'active' }, 'what has ended is not taken')
})

t.test('two conflicting prescriptions at once: one is refused', async (t) => {
  for (let round = 0; round < 5; round++) {
    const patient_id = await clinical.newPatient()
    const answers = await Promise.all(
      ['Warfarin 5 MG', 'Ibuprofen 200 MG'].map((medication_name) =>
        post(doctor, path, { patient_id, medication_name }),
      ),
    )
    t.same(answers.map(({ status }) => status).sort(), [201, 422])
  }
})

t.test('what was dispensed in full is still taken for a while', async (t) => {
  const patient_id = await clinical.newPatient()
  const { id } = await prescribe({ patient_id, medication_name: 'Warfarin 5 MG', quantity: 7, duration_days: 7 })
  await act(pharmacist, id, 'dispense', { quantity: 7 })
  const ibuprofen = { patient_id, medication_name: 'Ibuprofen 200 MG' }
  t.equal((await post(doctor, path, ibuprofen)).status, 422)
  await db.query('ALTER TABLE hospital_a.prescriptions DISABLE TRIGGER prescriptions_protect')
  await db.query(`UPDATE hospital_a.prescriptions SET last_dispensed_at = now() - interval '8 days' WHERE id = $1`, [
    id,
  ])
  await db.query('ALTER TABLE hospital_a.prescriptions ENABLE TRIGGER prescriptions_protect')
  t.equal((await post(doctor, path, ibuprofen)).status, 201)
})

t.test('revising: a new row, linked, the old one ended', async (t) => {
  const patient_id = await clinical.newPatient()
  const first = await prescribe({
    patient_id,
    medication_name: 'Warfarin 5 MG',
    quantity: undefined,
    dose_amount: 1,
    dose_unit: 'tablet',
    times_per_day: 1,
    duration_days: 30,
    instructions: 'evening',
  })
  t.equal(first.quantity, 30)
  const key = { 'idempotency-key': 'revise-once' }
  const answer = await act(
    otherDoctor,
    first.id,
    'revise',
    { dose_amount: '0.5', duration_days: 60, reason: 'INR 4' },
    key,
  )
  t.match(answer, {
    status: 200,
    body: {
      revises: first.id,
      doctor_id: 12,
      instructions: 'evening',
      dose_amount: '0.5',
      quantity: 30,
      status: 'active',
    },
  })
  t.notSame(answer.body.id, first.id)
  t.same(
    (await act(otherDoctor, first.id, 'revise', { dose_amount: '0.5', duration_days: 60, reason: 'INR 4' }, key)).body,
    answer.body,
  )
  const old = (await get(nurse, `${path}/${first.id}`)).body
  t.match(old, {
    status: 'discontinued',
    status_reason: 'INR 4',
    revised_by: answer.body.id,
    dose_amount: '1',
    quantity: 30,
  })
  t.match(await act(doctor, first.id, 'revise', { quantity: 5 }), { status: 409, body: { code: 'illegal-transition' } })
  t.equal((await act(doctor, answer.body.id, 'revise', {})).status, 400, 'says nothing anew')
  t.equal((await act(doctor, answer.body.id, 'revise', { patient_id: 1 })).status, 400, 'the patient stays')
  t.match(await act(doctor, answer.body.id, 'revise', { dose_unit: null }), {
    status: 422,
    body: { errors: [{ pointer: '/dose_unit' }] },
  })
  t.match(await act(doctor, answer.body.id, 'revise', { medical_record_id: 999_999 }), {
    status: 422,
    body: { code: 'unknown-reference' },
  })
  await prescribe({ patient_id, medication_name: 'Metformin' })
  await post(nurse, `/api/patients/${patient_id}/allergies`, { substance: 'warfarin' })
  t.match(await act(doctor, answer.body.id, 'revise', { quantity: 5 }), {
    status: 422,
    body: { code: 'prescription-conflict' },
  })
  t.equal((await get(nurse, `${path}/${answer.body.id}`)).body.status, 'active', 'a refused revision changes nothing')
})

t.test('lists read an index, however many rows there are', async (t) => {
  const patientId = await clinical.newPatient()
  const context = systemContext('hospital_a', 'fill')
  await database.inTenant(context, (tx) =>
    tx.query(sql.unsafe`
      INSERT INTO prescriptions (patient_id, doctor_id, medication_name, prescribed_date, status)
      SELECT id, 11 + n % 2, 'Metformin', now() - n * interval '1 hour', (ARRAY['active', 'completed', 'discontinued'])[1 + n % 3]
      FROM generate_series(1, 100) n, (SELECT id FROM patients ORDER BY id LIMIT 50) p`),
  )
  await database.inTenant(context, (tx) =>
    tx.query(sql.unsafe`
      INSERT INTO alerts (patient_id, prescription_id, finding, kind, rule, severity, detail, rule_source, rule_set_version, status)
      SELECT patient_id, id, 'filler', 'allergy', 'x', 'minor', 'x', 'x', '0', 'resolved' FROM prescriptions`),
  )
  await db.query('ANALYZE hospital_a.prescriptions, hospital_a.alerts')
  const plans: string[] = []
  await database.inTenant(context, async (tx) => {
    const explain = (query: Parameters<typeof tx.any>[0]) =>
      tx.any(sql.type(Type.Any())`EXPLAIN (FORMAT JSON) ${query}`)
    const explaining = {
      ...tx,
      any: async (query: Parameters<typeof tx.any>[0]) => plans.push(JSON.stringify(await explain(query))),
    }
    const asTx = explaining as unknown as typeof tx
    const after = { at: new Date().toISOString(), id: 5 }
    for (const filter of [{}, { patient_id: patientId }, { doctor_id: 11 }, { status: 'active' as const }]) {
      await listPrescriptions(asTx, filter, null, 26, sql.fragment`TRUE`)
      await listPrescriptions(asTx, filter, after, 26, sql.fragment`TRUE`)
    }
    await listAlerts(asTx, { status: 'open' }, null, 26, sql.fragment`TRUE`)
    await listAlerts(asTx, { patient_id: patientId }, 5, 26, sql.fragment`TRUE`)
    await listInUse(asTx, patientId)
  })
  t.equal(plans.length, 11)
  for (const plan of plans) {
    t.match(plan, /"Relation Name":"(prescriptions|alerts)"/)
    t.notMatch(plan, /"Node Type":"Seq Scan"[^{}]*"Relation Name":"(prescriptions|alerts)"/, 'no sequential scan')
  }
})

t.test('rows of a merged patient stay checked together', async (t) => {
  const [survivor, duplicate] = [await clinical.newPatient(), await clinical.newPatient()]
  const warfarin = await prescribe({ patient_id: survivor, medication_name: 'Warfarin 5 MG' })
  const allergy = await post(nurse, `/api/patients/${duplicate}/allergies`, { substance: 'Sulfa' })
  const merge = { duplicate_id: duplicate, reason: 'the same person' }
  t.equal((await post(admin, `/api/patients/${survivor}/merge`, merge)).status, 200)
  const order = (medication_name: string) => post(doctor, path, { patient_id: duplicate, medication_name })
  t.match(await order('Bactrim'), {
    status: 422,
    body: { conflicts: [{ with: { id: allergy.body.id } }, { with: { id: warfarin.id } }] },
  })
  t.match(await order('Lisinopril'), { status: 201, body: { patient_id: survivor } }, 'both ids resolve')
  t.equal((await get(nurse, `/api/patients/${duplicate}/allergies`)).body.data.length, 1)
  t.equal((await get(nurse, `${path}?patient_id=${duplicate}`)).body.data.length, 2)
})
