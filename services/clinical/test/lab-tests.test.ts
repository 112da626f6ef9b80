import t from 'tap'
import type { Range } from '../src/lab-reference-ranges/rules.ts'
import {
  admin,
  doctor,
  nurse,
  otherDoctor,
  otherTechnician,
  pharmacist,
  receptionist,
  startClinicalApp,
  technician,
} from './clinical-app.ts'

t.setTimeout(120_000)
const clinical = await startClinicalApp()
const { db, get, post, patch } = clinical
t.teardown(() => clinical.stop())

const path = '/api/lab-tests'
const order = async (body: object = {}, who = doctor) => {
  const answer = await post(who, `${path}?allow_duplicate=true`, {
    patient_id: await clinical.newPatient(),
    test_name: 'Potassium',
    ...body,
  })
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
  return `${path}/${answer.body.id}`
}
const collected = async (body: object = {}) => {
  const url = await order(body)
  await post(nurse, `${url}/collect`)
  return url
}
const potassium = (value: unknown) => ({
  name: 'Potassium',
  value,
  unit: 'mmol/L',
  reference_low: 3.5,
  reference_high: 5.1,
  critical_low: 2.5,
  critical_high: 6.5,
})
const resulted = async (value: unknown) => {
  const url = await collected()
  await post(technician, `${url}/results`, { results: [potassium(value)] })
  return url
}
const flags = (body: { results: { flag: string | null }[] }) => body.results.map(({ flag }) => flag)

t.test('from the order to the verified result: who did what, and when', async (t) => {
  const patientId = await clinical.newPatient()
  const ordered = await post(doctor, path, {
    patient_id: patientId,
    test_name: 'Lipid panel',
    test_type: 'blood',
    code: '57698-3',
    priority: 'urgent',
    notes: 'Statin control',
  })
  t.match(ordered, {
    status: 201,
    headers: { etag: '"1"' },
    body: {
      patient_id: patientId,
      ordered_by: 11,
      status: 'ordered',
      priority: 'urgent',
      results: null,
      critical: null,
    },
  })
  const url = `${path}/${ordered.body.id}`
  t.match(await post(nurse, `${url}/collect`), {
    status: 200,
    body: { status: 'collected', sample_collected_date: /Z$/ },
  })
  const results = [
    { name: 'Cholesterol', value: 6.1, unit: 'mmol/L', reference_high: 5.2 },
    { name: 'HDL', value: 1.3, unit: 'mmol/L', reference_low: 1.0 },
    { name: 'Appearance', value: 'clear' },
    { name: 'Blood group', value: { code: '112144000', display: 'Blood group A', system: 'http://snomed.info/sct' } },
    { name: 'Triglycerides', value: 1.1, unit: 'mmol/L' },
  ]
  const entered = await post(technician, `${url}/results`, { results, notes: 'Fasting' })
  t.match(entered, {
    status: 200,
    body: { status: 'resulted', results_version: 1, resulted_by: 31, notes: 'Fasting', critical: null },
  })
  t.same(flags(entered.body), ['H', 'N', null, null, 'N'], 'the last by the catalogue')
  t.same(
    entered.body.results.map((item: { value_type: string }) => item.value_type),
    ['numeric', 'numeric', 'text', 'coded', 'numeric'],
  )
  t.match(await post(technician, `${url}/verify`), { status: 200, body: { status: 'verified' } })
  const { body } = await get(nurse, url)
  t.same(
    body.steps.map((item: { step: string; actor_id: number }) => [item.step, item.actor_id]),
    [
      ['ordered', 11],
      ['collected', 21],
      ['resulted', 31],
      ['verified', 31],
    ],
  )
  t.equal(body.steps[1].actor_name, 'Person 21')
  t.match(body, { notes: 'Fasting', clinical_details: 'Statin control' }, 'the notes of the order stay')
  const events = await clinical.events('lab_test', body.id)
  t.same(
    events.map(({ type }) => type.split('.')[3]),
    ['ordered', 'collected', 'resulted', 'verified'],
  )
  t.notMatch(JSON.stringify(events), /Cholesterol|Fasting|value/)
})

t.test('ordering refuses', async (t) => {
  const patientId = await clinical.newPatient()
  const record = await post(doctor, '/api/medical-records', { patient_id: await clinical.newPatient() })
  const refuse = async (who: typeof doctor, body: object, status: number, code: string, pointer?: string) => {
    const answer = await post(who, path, { test_name: 'X', patient_id: patientId, ...body })
    t.match(
      answer,
      { status, body: { code, ...(pointer ? { errors: [{ pointer }] } : {}) } },
      `${code} ${pointer ?? ''}`,
    )
  }
  await refuse(doctor, { test_name: ' ' }, 400, 'invalid-request', '/test_name')
  await refuse(doctor, { status: 'verified' }, 400, 'invalid-request', '/status')
  await refuse(doctor, { priority: 'now' }, 400, 'invalid-request', '/priority')
  await refuse(doctor, { patient_id: 999_999 }, 422, 'unknown-reference', '/patient_id')
  await refuse(doctor, { ordered_by: 999_999 }, 422, 'unknown-reference', '/ordered_by')
  await refuse(doctor, { ordered_by: 13 }, 422, 'unknown-reference', '/ordered_by')
  await refuse(doctor, { medical_record_id: record.body.id }, 422, 'unknown-reference', '/medical_record_id')
  await refuse(doctor, { patient_id: await clinical.newPatient({ status: 'inactive' }) }, 409, 'patient-archived')
  for (const who of [admin, nurse, technician, receptionist, pharmacist]) await refuse(who, {}, 403, 'forbidden')
  // Holds the permission by a role of the hospital's own, and is no doctor.
  await refuse({ role: 'Doctor', userId: 21 }, {}, 422, 'validation-failed', '/ordered_by')
})

t.test('the same test is ordered once while it is open', async (t) => {
  const patient_id = await clinical.newPatient()
  const ask = (body: object, query = '') =>
    post(doctor, `${path}${query}`, { patient_id, test_name: 'Sodium', code: '2951-2', ...body })
  const both = await Promise.all([ask({}), ask({ test_name: 'Sodium in serum' })])
  const [made, refused] = both.sort((a, b) => a.status - b.status)
  t.match([made?.status, refused?.status], [201, 409], 'not by two at once either')
  t.match(refused?.body, { code: 'duplicate-order', existing_id: made?.body.id })
  t.match(await ask({ test_name: made?.body.test_name.toUpperCase(), code: null }), { status: 409 }, 'else by name')
  t.equal((await ask({ code: '2947-0' })).status, 201, 'another code is another test')
  t.equal((await ask({}, '?allow_duplicate=true')).status, 201)
  t.equal((await ask({}, '?allow_duplicate=perhaps')).status, 400)
  t.equal((await ask({ patient_id: await clinical.newPatient() })).status, 201, 'of another patient')
  const other = { patient_id, test_name: 'Urea' }
  const { body: urea } = await post(doctor, path, other)
  await post(nurse, `${path}/${urea.id}/collect`)
  t.equal((await post(doctor, path, other)).status, 409, 'the specimen is on its way')
  await post(technician, `${path}/${urea.id}/results`, { results: [{ name: 'Urea', value: 5, unit: 'mmol/L' }] })
  t.equal((await post(doctor, path, other)).status, 201, 'it has its result')
})

t.test('a correction says why', async (t) => {
  const url = await resulted(4)
  for (const reason of [undefined, null]) {
    t.match(await post(technician, `${url}/results`, { results: [potassium(4.4)], reason }), {
      status: 422,
      body: { code: 'validation-failed', errors: [{ pointer: '/reason' }] },
    })
  }
  t.match((await get(doctor, url)).body, { results_version: 1, results: [{ value: 4 }] })
  t.equal((await post(technician, `${url}/results`, { results: [potassium(4)] })).status, 200, 'the same is none')
})

t.test('every step has its state and its permission', async (t) => {
  const patientId = await clinical.newPatient()
  const bodies: Record<string, object | undefined> = {
    collect: {},
    reject: { reason: 'Haemolysed' },
    results: { results: [potassium(4)] },
    verify: undefined,
    cancel: { reason: 'Not needed' },
    acknowledge: {},
  }
  const actors: Record<string, typeof doctor> = {
    collect: nurse,
    reject: technician,
    results: technician,
    verify: technician,
    cancel: doctor,
    acknowledge: doctor,
  }
  const go = (url: string, step: string) => post(actors[step] ?? doctor, `${url}/${step}`, bodies[step])
  const states: Record<string, { by: string[]; allows: string[] }> = {
    ordered: { by: [], allows: ['collect', 'cancel'] },
    collected: { by: ['collect'], allows: ['reject', 'results', 'cancel'] },
    rejected: { by: ['collect', 'reject'], allows: ['collect', 'cancel'] },
    resulted: { by: ['collect', 'results'], allows: ['results', 'verify'] },
    verified: { by: ['collect', 'results', 'verify'], allows: ['results'] },
    cancelled: { by: ['cancel'], allows: [] },
  }
  for (const [state, { by, allows }] of Object.entries(states)) {
    for (const step of Object.keys(bodies)) {
      const url = await order({ patient_id: patientId })
      for (const before of by) await go(url, before)
      const answer = await go(url, step)
      if (allows.includes(step)) t.equal(answer.status, 200, `${step} from ${state}`)
      else t.match(answer, { status: 409, body: { code: 'illegal-transition' } }, `no ${step} from ${state}`)
    }
  }
  const url = await order()
  for (const [step, who] of [
    ['collect', doctor],
    ['reject', nurse],
    ['results', doctor],
    ['verify', admin],
    ['verify', nurse],
    ['cancel', technician],
    ['acknowledge', nurse],
  ] as const) {
    t.match(await post(who, `${url}/${step}`, bodies[step]), { status: 403 }, `${step} by ${who.role}`)
  }
  t.match(await post(nurse, `${url}/collect`, { sample_collected_date: '2999-01-01T00:00:00Z' }), {
    status: 422,
    body: { errors: [{ pointer: '/sample_collected_date' }] },
  })
  t.match(await post(technician, `${url}/reject`, {}), { status: 400, body: { errors: [{ pointer: '/reason' }] } })
  t.match(await post(doctor, `${url}/cancel`, {}), { status: 400, body: { errors: [{ pointer: '/reason' }] } })
  t.match(await post(nurse, `${url}/collect`, {}, { 'if-match': '"7"' }), { status: 412 })
})

t.test('a rejected specimen is collected again', async (t) => {
  const url = await collected()
  const rejected = await post(technician, `${url}/reject`, { reason: 'Haemolysed' })
  t.match(rejected.body, { status: 'rejected', sample_collected_date: null })
  t.match((await post(nurse, `${url}/collect`, { sample_collected_date: '2026-01-01T08:00:00+01:00' })).body, {
    status: 'collected',
    sample_collected_date: '2026-01-01T07:00:00.000Z',
  })
  const { body } = await get(doctor, url)
  t.match(body.steps[2], { step: 'rejected', reason: 'Haemolysed', actor_id: 31 })
  t.equal(body.steps.length, 4)
})

t.test('results refuse what cannot be true or compared', async (t) => {
  const url = await collected()
  const refuse = async (results: unknown, status: number, pointer: string) =>
    t.match(await post(technician, `${url}/results`, { results }), { status, body: { errors: [{ pointer }] } }, pointer)
  await refuse([], 400, '/results')
  await refuse([{ value: 1 }], 400, '/results/0/name')
  await refuse([{ name: 'A' }], 400, '/results/0/value')
  await refuse([{ name: 'A', value: 1, flag: 'N' }], 400, '/results/0/flag')
  await refuse([{ name: 'A', value: '5', reference_low: 3 }], 422, '/results/0/value')
  await refuse([{ name: 'A', value: 'x', comparator: '<' }], 422, '/results/0/value')
  await refuse(
    [potassium(4), { name: 'A', value: 5, reference_low: 7, reference_high: 3 }],
    422,
    '/results/1/reference_low',
  )
  await refuse([{ name: 'A', value: 5, reference_low: 3, critical_low: 4 }], 422, '/results/0/reference_low')
  t.match(await get(doctor, url), { body: { status: 'collected', results: null } }, 'nothing was kept')
})

t.test('a critical value waits for the orderer, or for another doctor who says why', async (t) => {
  const patientId = await clinical.newPatient()
  const url = await collected({ patient_id: patientId })
  const waiting = async () =>
    (await get(doctor, `${path}?critical=unacknowledged&patient_id=${patientId}`)).body.data.length
  t.equal(await waiting(), 0)
  const entered = await post(technician, `${url}/results`, { results: [potassium(7.2)] })
  t.match(entered.body, { critical: 'unacknowledged', results: [{ flag: 'HH' }] })
  t.equal(await waiting(), 1)
  const id = entered.body.id
  t.match((await clinical.events('lab_test', id)).at(-1), {
    type: 'hospital.clinical.lab_test.critical.v1',
    data: { id, patient_id: patientId, ordered_by: 11, critical: 'unacknowledged', results_version: 1 },
  })
  t.match(await post(otherDoctor, `${url}/acknowledge`, {}), {
    status: 422,
    body: { errors: [{ pointer: '/reason' }] },
  })
  t.match(await post(technician, `${url}/acknowledge`, {}), { status: 403 })
  t.match(await post(doctor, `${url}/acknowledge`), {
    status: 200,
    body: { critical: 'acknowledged', status: 'resulted' },
  })
  t.match(await post(doctor, `${url}/acknowledge`), { status: 409, body: { code: 'illegal-transition' } })
  t.equal(await waiting(), 0)

  const corrected = await post(technician, `${url}/results`, { results: [potassium(2.1)], reason: 'Wrong tube' })
  t.match(corrected.body, {
    status: 'resulted',
    results_version: 2,
    critical: 'unacknowledged',
    results: [{ value: 2.1, flag: 'LL' }],
  })
  t.match(corrected.body.result_versions, [
    { number: 1, results: [{ value: 7.2, flag: 'HH' }], reason: null, entered_by: 31 },
    { number: 2, results: [{ value: 2.1, flag: 'LL' }], reason: 'Wrong tube' },
  ])
  t.equal(await waiting(), 1)
  t.match(await post(otherDoctor, `${url}/acknowledge`, { reason: 'Colleague off duty' }), {
    status: 200,
    body: { critical: 'acknowledged' },
  })
  const last = await post(technician, `${url}/results`, { results: [potassium(4)], reason: 'Repeated' })
  t.match(last.body, { critical: 'unacknowledged', results: [{ flag: 'N' }], results_version: 3 }, 'it asks again')
  t.same(
    last.body.steps.map((item: { step: string }) => item.step),
    ['ordered', 'collected', 'resulted', 'acknowledged', 'corrected', 'acknowledged', 'corrected'],
  )
  t.match(
    await post(doctor, `${await resulted(4)}/acknowledge`),
    { status: 409 },
    'nothing critical, nothing to acknowledge',
  )
})

t.test('the parts of a panel come one after the other, and none takes another away', async (t) => {
  const patientId = await clinical.newPatient()
  const url = await collected({ patient_id: patientId, test_name: 'Electrolytes' })
  const sodium = { name: 'Sodium', value: 140, unit: 'mmol/L' }
  const waiting = async () =>
    (await get(doctor, `${path}?critical=unacknowledged&patient_id=${patientId}`)).body.data.length
  const names = (body: { results: { name: string; value: unknown }[] }) =>
    body.results.map(({ name, value }) => [name, value])
  await post(technician, `${url}/results`, { results: [potassium(7.2)], notes: 'Not haemolysed' })
  const second = await post(otherTechnician, `${url}/results`, { results: [sodium], notes: 'Sodium repeated' })
  t.match(second, { status: 200, body: { critical: 'unacknowledged', results_version: 2 } })
  t.same(names(second.body), [
    ['Potassium', 7.2],
    ['Sodium', 140],
  ])
  t.equal(second.body.notes, 'Not haemolysed\nSodium repeated')
  t.equal(await waiting(), 1, 'the critical potassium waits on')
  t.equal(second.body.steps.at(-1).step, 'resulted', 'a part is no correction')

  const corrected = await post(technician, `${url}/results`, {
    results: [{ ...potassium(4.1), name: ' potassium ' }],
    reason: 'Haemolysed after all',
  })
  t.match(corrected.body, { critical: 'unacknowledged', results_version: 3 })
  t.same(names(corrected.body), [
    [' potassium ', 4.1],
    ['Sodium', 140],
  ])
  t.equal(await waiting(), 1, 'a correction closes no critical: a person does')
  t.equal(corrected.body.steps.at(-1).step, 'corrected')
  t.match(corrected.body.result_versions[0].results, [{ name: 'Potassium', value: 7.2, flag: 'HH' }])
  t.match(await post(doctor, `${url}/acknowledge`), { status: 200, body: { critical: 'acknowledged' } })
  t.equal(await waiting(), 0)

  await post(technician, `${url}/verify`)
  const again = await post(technician, `${url}/results`, { results: [sodium] })
  t.match(again.body, { status: 'verified', results_version: 3 }, 'the same once more changes nothing')
  const added = await post(technician, `${url}/results`, {
    results: [{ name: 'Chloride', value: 100, unit: 'mmol/L' }],
  })
  t.match(
    added.body,
    { status: 'resulted', results_version: 4, critical: 'acknowledged' },
    'a part added later is verified too, and asks nobody again',
  )
  t.equal(added.body.results.length, 3)
  t.match(await post(technician, `${url}/results`, { results: [sodium, { ...sodium, value: 150 }] }), {
    status: 422,
    body: { code: 'validation-failed', errors: [{ pointer: '/results/1/name' }] },
  })

  const together = await collected()
  const parts = ['A', 'B', 'C', 'D', 'E'].map((name) => ({ results: [{ name, value: 1 }] }))
  await Promise.all(parts.map((part) => post(technician, `${together}/results`, part)))
  const { body } = await get(doctor, together)
  t.same(body.results.map(({ name }: { name: string }) => name).sort(), ['A', 'B', 'C', 'D', 'E'], 'all at once too')
})

t.test('the first results stay in the database', async (t) => {
  const url = await resulted(4)
  const id = Number(url.split('/').at(-1))
  const [role] = await db.query<{ name: string }>(
    `SELECT grantee AS name FROM information_schema.role_table_grants
     WHERE table_schema = 'hospital_a' AND table_name = 'lab_tests' AND grantee LIKE 't\\_%' LIMIT 1`,
  )
  for (const change of [
    `UPDATE lab_result_versions SET results = '[]' WHERE lab_test_id = ${id}`,
    `DELETE FROM lab_result_versions WHERE lab_test_id = ${id}`,
    `UPDATE lab_test_steps SET actor_id = 1 WHERE lab_test_id = ${id}`,
    `DELETE FROM lab_test_steps WHERE lab_test_id = ${id}`,
    `DELETE FROM lab_tests WHERE id = ${id}`,
    'DELETE FROM clinical_settings',
  ]) {
    const attempt = db.query(
      `DO $$ BEGIN SET LOCAL ROLE "${role?.name}"; SET LOCAL search_path TO hospital_a; ${change}; END $$`,
    )
    await t.rejects(attempt, { code: '42501' }, change)
  }
})

t.test('the verifier differs from who entered, when the hospital says so', async (t) => {
  const settings = '/api/clinical-settings'
  t.match(await get(doctor, settings), { status: 403 })
  const now = await get(admin, settings)
  t.match(now, { status: 200, body: { lab_verifier_must_differ: false } })
  t.match(await clinical.call(admin, 'PATCH', settings, { lab_verifier_must_differ: true }), { status: 428 })
  t.match(await patch(admin, settings, 99, { lab_verifier_must_differ: true }), { status: 412 })
  t.match(await patch(admin, settings, now.body.version, { colour: 'red' }), { status: 400 })
  t.match(await patch(technician, settings, now.body.version, { lab_verifier_must_differ: true }), { status: 403 })
  const on = await patch(admin, settings, now.body.version, { lab_verifier_must_differ: true })
  t.match(on, { status: 200, body: { lab_verifier_must_differ: true, version: now.body.version + 1 } })
  const url = await resulted(4)
  t.match(await post(technician, `${url}/verify`), { status: 422, body: { code: 'same-person' } })
  const inParts = await resulted(4)
  await post(otherTechnician, `${inParts}/results`, { results: [{ name: 'Sodium', value: 140, unit: 'mmol/L' }] })
  t.match(await post(technician, `${inParts}/verify`), { status: 422 }, 'nor who entered an earlier part')
  t.match(await post(otherTechnician, `${url}/verify`), { status: 200, body: { status: 'verified' } })
  t.match(await get({ ...admin, tenant: 'hospital_b' }, settings), { body: { lab_verifier_must_differ: false } })
  await patch(admin, settings, on.body.version, { lab_verifier_must_differ: false })
})

t.test('the hospital keeps reference ranges, and they are copied into results', async (t) => {
  const ranges = '/api/lab-reference-ranges'
  const adultWoman = {
    name: 'Haemoglobin',
    code: '718-7',
    unit: 'g/L',
    sex: 'female',
    age_min: 'P18Y',
    reference_low: 120,
    reference_high: 155,
    critical_low: 70,
    critical_high: 200,
  }
  const made = await post(admin, ranges, adultWoman)
  t.match(made, { status: 201, body: { ...adultWoman, age_max: null, molar_mass: null, status: 'active', version: 1 } })
  await post(admin, ranges, {
    name: 'Haemoglobin',
    unit: 'g/L',
    age_max: 'P18Y',
    reference_low: 110,
    reference_high: 160,
  })
  await post(admin, ranges, {
    name: 'Glucose',
    unit: 'mmol/L',
    molar_mass: 180.156,
    reference_low: 3.9,
    reference_high: 5.6,
    critical_low: 2.2,
    critical_high: 25,
  })
  await post(admin, ranges, { name: 'INR', reference_low: 0.8, reference_high: 1.2, critical_high: 5 })

  t.match(await post(admin, ranges, { ...adultWoman, name: 'HAEMOGLOBIN' }), {
    status: 409,
    body: { code: 'conflict' },
  })
  const refuse = async (body: object, status: number, pointer: string) =>
    t.match(
      await post(admin, ranges, { name: 'X', reference_low: 1, ...body }),
      { status, body: { errors: [{ pointer }] } },
      pointer,
    )
  await refuse({ reference_low: null }, 422, '/reference_low')
  await refuse({ reference_low: 9, reference_high: 3 }, 422, '/reference_low')
  await refuse({ critical_low: 3 }, 422, '/reference_low')
  await refuse({ unit: 'banana' }, 422, '/unit')
  await refuse({ age_min: 'P3Y', age_max: 'P36M' }, 422, '/age_max')
  await refuse({ age_min: '18' }, 400, '/age_min')
  await refuse({ sex: 'other' }, 400, '/sex')
  t.match(await post(doctor, ranges, adultWoman), { status: 403 })
  t.match(await get(receptionist, ranges), { status: 403 })

  const enter = async (result: object, patient: Parameters<typeof clinical.newPatient>[0] = {}) => {
    const url = await collected({ patient_id: await clinical.newPatient(patient) })
    return post(technician, `${url}/results`, { results: [result] })
  }
  const woman = await enter({ name: 'haemoglobin ', value: 6.5, unit: 'g/dL' })
  t.match(woman.body.results[0], {
    value: 65,
    unit: 'g/L',
    flag: 'LL',
    converted_from: { value: 6.5, unit: 'g/dL' },
    reference_low: 120,
    critical_high: 200,
  })
  t.equal(woman.body.critical, 'unacknowledged')
  t.match((await enter({ name: 'Hb', code: '718-7', value: 130, unit: 'g/L' })).body.results[0], {
    flag: 'N',
    converted_from: null,
  })
  t.match(
    (await enter({ name: 'Haemoglobin', value: 125, unit: 'g/L' }, { gender: 'Male' })).body.results[0],
    { flag: 'L', reference_low: 130, range: 'catalogue' },
    'the hospital has no range for men, its catalogue has',
  )
  const man = (await enter({ name: 'Frobnicate', value: 130, unit: 'g/L' }, { gender: 'Male' })).body
  t.match(man.results[0], { flag: null, reference_low: null, range: 'none' }, 'in no catalogue')
  const withoutRange = (await get(doctor, '/api/lab-tests?range=none&limit=100')).body.data
  t.ok(withoutRange.some(({ id }: { id: number }) => id === man.id))
  t.notOk(withoutRange.some(({ id }: { id: number }) => id === woman.body.id))
  t.match(
    (await enter({ name: 'Haemoglobin', value: 105, unit: 'g/L' }, { gender: 'Male', born: '2020-01-01' })).body
      .results[0],
    { flag: 'L', reference_low: 110 },
  )
  t.match(
    (await enter({ name: 'Glucose', value: 90, unit: 'mg/dL' })).body.results[0],
    { value: 5, unit: 'mmol/L', flag: 'N', converted_from: { value: 90, unit: 'mg/dL' } },
    'by the molar mass',
  )
  t.match(await enter({ name: 'Haemoglobin', value: 8, unit: 'mmol/L' }), {
    status: 422,
    body: { code: 'unit-mismatch', errors: [{ pointer: '/results/0/unit' }] },
  })
  t.match(
    await enter({ name: 'Haemoglobin', value: 8 }),
    { status: 422, body: { code: 'unit-mismatch' } },
    'a missing unit is not guessed',
  )
  t.match(await enter({ name: 'INR', value: 2, unit: 'g/L' }), { status: 422, body: { code: 'unit-mismatch' } })
  t.match((await enter({ name: 'INR', value: 6 })).body.results[0], { flag: 'HH', unit: null })
  t.match(
    (await enter({ name: 'Glucose', value: 700, unit: 'mg/dL', reference_low: 70, reference_high: 100 })).body
      .results[0],
    { value: 700, unit: 'mg/dL', reference_low: 70, critical_high: 450.39, flag: 'HH', converted_from: null },
    'an own range stays as entered; the critical limits are the hospital’s',
  )
  t.match(await enter({ name: 'Glucose', value: 100, unit: 'furlong', reference_low: 70 }), {
    status: 422,
    body: { code: 'validation-failed', errors: [{ pointer: '/results/0/unit', detail: /is no unit of UCUM/ }] },
  })
  const impossible = { results: [{ name: 'Potassium', value: -1, unit: 'mmol/L' }] }
  const ordered = await collected()
  t.match(await post(technician, `${ordered}/results`, impossible), {
    status: 422,
    body: { code: 'implausible-value', errors: [{ pointer: '/results/0/value', detail: 'is below zero' }] },
  })
  t.match(await post(technician, `${ordered}/results`, { ...impossible, reason: 'Control sample, below the blank' }), {
    status: 200,
    body: { results: [{ value: -1 }] },
  })
  t.match(await enter({ name: 'Glucose', value: 100, unit: 'kg', reference_low: 70 }), {
    status: 422,
    body: { code: 'unit-mismatch' },
  })

  const range = `${ranges}/${made.body.id}`
  t.match(await patch(admin, range, 1, { reference_low: 300 }), { status: 422 })
  t.match(await patch(nurse, range, 1, { reference_low: 115 }), { status: 403 })
  t.match(await patch({ ...admin, tenant: 'hospital_b' }, range, 1, { reference_low: 115 }), { status: 404 })
  t.match(await patch(admin, range, 1, { reference_low: 115 }), {
    status: 200,
    body: { reference_low: 115, version: 2 },
  })
  t.match(await patch(admin, range, 1, { reference_low: 110 }), { status: 412 })
  t.match((await get(nurse, `${path}/${woman.body.id}`)).body.results[0], { reference_low: 120 }, 'kept as it was then')
  t.match(await patch(admin, range, 2, { status: 'inactive' }), { status: 200 })
  t.match((await enter({ name: 'Haemoglobin', value: 6.5, unit: 'g/dL' })).body.results[0], {
    flag: 'LL',
    range: 'catalogue',
    unit: 'g/dL',
    critical_low: 7,
  })
  const names: string[] = []
  for (let cursor = ''; ; ) {
    const { body } = await get(technician, `${ranges}?limit=1${cursor}`)
    names.push(...body.data.map((item: Range) => item.name))
    if (body.page.next_cursor === null) break
    cursor = `&cursor=${body.page.next_cursor}`
  }
  t.same(names, ['Glucose', 'Haemoglobin', 'Haemoglobin', 'INR'])
  t.equal((await get(technician, `${ranges}?name=haemoglobin&status=active`)).body.data.length, 1)
})

t.test('lists filter, and page without gaps', async (t) => {
  const patientId = await clinical.newPatient()
  const ordered_date = '2026-02-01T00:00:00Z'
  for (let i = 0; i < 5; i++) await order({ patient_id: patientId, ordered_date, ordered_by: i === 0 ? 12 : 11 })
  const seen = new Set<number>()
  for (let cursor = ''; ; ) {
    const { body } = await get(nurse, `${path}?patient_id=${patientId}&limit=2${cursor}`)
    for (const item of body.data) seen.add(item.id)
    if (body.page.next_cursor === null) break
    cursor = `&cursor=${body.page.next_cursor}`
  }
  t.equal(seen.size, 5)
  t.equal((await get(nurse, `${path}?patient_id=${patientId}&doctor_id=12&status=ordered`)).body.data.length, 1)
  t.equal((await get(nurse, `${path}?patient_id=${patientId}&status=verified`)).body.data.length, 0)
  t.match(await get(nurse, `${path}?critical=perhaps`), {
    status: 400,
    body: { errors: [{ pointer: 'query:critical' }] },
  })
  t.match(await get(receptionist, path), { status: 403 })
  t.match(await get(pharmacist, path), { status: 403 })
  t.equal(
    (await get(nurse, `${path}?patient_id=${patientId}&from=2026-02-01T00:00:00Z&to=2026-02-01T00:00:01Z`)).body.data
      .length,
    5,
  )
  t.equal((await get(nurse, `${path}?patient_id=${patientId}&to=2026-02-01T00:00:00Z`)).body.data.length, 0)
})

t.test('another hospital sees nothing', async (t) => {
  const url = await resulted(7)
  const of = (who: typeof doctor) => ({ ...who, tenant: 'hospital_b' })
  t.equal((await get(of(doctor), url)).status, 404)
  t.equal((await post(of(nurse), `${url}/collect`)).status, 404)
  t.equal((await post(of(technician), `${url}/reject`, { reason: 'x' })).status, 404)
  t.equal((await post(of(technician), `${url}/results`, { results: [potassium(1)] })).status, 404)
  t.equal((await post(of(technician), `${url}/verify`)).status, 404)
  t.equal((await post(of(doctor), `${url}/cancel`, { reason: 'x' })).status, 404)
  t.equal((await post(of(doctor), `${url}/acknowledge`)).status, 404)
  t.same((await get(of(doctor), path)).body.data, [])
})
