import t from 'tap'
import { admin, doctor, nurse, receptionist, startClinicalApp, technician } from './clinical-app.ts'

t.setTimeout(120_000)
const clinical = await startClinicalApp()
const { get, post, patch } = clinical
t.teardown(() => clinical.stop())

const path = '/api/lab-catalogue'
const found = async (q: string, who = technician) =>
  (await get(who, `${path}?q=${encodeURIComponent(q)}&limit=100`)).body.data as Record<string, unknown>[]
const potassium = async () => (await found('2823-3'))[0] as { id: number; version: number; ranges: object[] }
const enter = async (result: object, more: object = {}) => {
  const test = { patient_id: await clinical.newPatient(), test_name: 'Chemistry', ...more }
  const { body } = await post(doctor, '/api/lab-tests', test)
  await post(nurse, `/api/lab-tests/${body.id}/collect`)
  return post(technician, `/api/lab-tests/${body.id}/results`, { results: [result] })
}
const otherHospital = { ...technician, tenant: 'hospital_b' }

t.test('every hospital has it on its first day', async (t) => {
  const names: string[] = []
  for (let cursor = ''; ; ) {
    const { body } = await get(technician, `${path}?limit=100&kind=analyte${cursor}`)
    names.push(...body.data.map(({ name }: { name: string }) => name))
    if (body.page.next_cursor === null) break
    cursor = `&cursor=${encodeURIComponent(body.page.next_cursor)}`
  }
  t.ok(names.length >= 150)
  t.equal(new Set(names).size, names.length, 'none twice')
  t.ok((await get(doctor, `${path}?kind=panel&limit=100`)).body.data.length >= 25)
  t.match(await potassium(), {
    code: '2823-3',
    kind: 'analyte',
    unit: 'mmol/L',
    valence: 1,
    origin: 'catalogue',
    version: 1,
    ranges: [{ reference_low: 3.5, reference_high: 5, age_min: 'P16Y', verified: true, source: /Wikipedia/ }],
  })
  t.match(await found('K+', otherHospital), [{ code: '2823-3' }])
  t.match(await get(technician, `${path}/28233`), {
    status: 200,
    headers: { etag: '"1"' },
    body: { name: 'Potassium' },
  })
  t.match(await get(technician, `${path}/1`), { status: 404 })
  t.match(await get(receptionist, path), { status: 403 })
})

t.test('a hospital adds what it measures besides, and its results are graded by it', async (t) => {
  const zonulin = {
    name: 'Zonulin',
    synonyms: ['Zon'],
    code: 'LOCAL-1',
    unit: 'µg/L',
    molar_mass: 47_000,
    plausible_low: 0,
    plausible_high: 5000,
    ranges: [{ age_min: 'PT12H', reference_low: 10, reference_high: 50, critical_high: 200 }],
    abnormal_texts: ['not readable'],
  }
  t.match((await enter({ name: 'zonulin', value: 300, unit: 'ug/L' })).body.results[0], { range: 'none', flag: null })
  t.match(await post(doctor, path, zonulin), { status: 403 })
  const made = await post(technician, path, zonulin)
  t.match(made, {
    status: 201,
    headers: { etag: '"1"' },
    body: { origin: 'hospital', kind: 'analyte', unit: 'ug/L', ranges: [{ verified: true, sex: null }], version: 1 },
  })
  t.match((await enter({ name: 'zonulin', value: 300, unit: 'ug/L' })).body.results[0], {
    range: 'catalogue',
    flag: 'HH',
  })
  t.match((await enter({ name: 'x', code: 'LOCAL-1', value: 30, unit: 'ug/L' })).body.results[0], { flag: 'N' })
  t.match((await enter({ name: 'Zon', value: 6000, unit: 'ug/L' })).body, { code: 'implausible-value' })
  t.match(await post(admin, path, { ...zonulin, name: 'ZONULIN', code: null }), {
    status: 409,
    body: { code: 'conflict' },
  })
  t.match(await post(admin, path, { name: 'Kalium', synonyms: ['K+'], unit: 'mmol/L' }), {
    status: 409,
    body: { detail: /K\+ is Potassium/ },
  })
  t.match(await post(admin, path, { name: 'Other', code: '2823-3' }), { status: 409 })
  t.same(await found('zonulin', otherHospital), [], 'another hospital has it not')

  const refuse = async (body: object, status: number, pointer: string) =>
    t.match(await post(admin, path, { name: 'X', ...body }), { status, body: { errors: [{ pointer }] } }, pointer)
  await refuse({ unit: 'banana' }, 422, '/unit')
  await refuse({ plausible_low: 3 }, 422, '/plausible_low')
  await refuse({ ranges: [{ sex: 'male' }] }, 422, '/ranges/0/reference_low')
  await refuse({ ranges: [{ reference_low: 9, reference_high: 3 }] }, 422, '/ranges/0/reference_low')
  await refuse({ ranges: [{ reference_low: 9, age_min: 'P2D', age_max: 'PT48H' }] }, 422, '/ranges/0/age_max')
  await refuse({ ranges: [{ reference_low: 9, age_min: 'PT12' }] }, 400, '/ranges/0/age_min')
  await refuse({ ranges: [{ colour: 'red' }] }, 400, '/ranges/0/colour')
  await refuse({ kind: 'panel' }, 422, '/analytes')
  await refuse({ kind: 'panel', analytes: ['Frobnicate'] }, 422, '/analytes/0')
  await refuse({ origin: 'hospital' }, 400, '/origin')
  t.match(await post(admin, path, { kind: 'panel', name: 'Gut panel', analytes: ['Zonulin', 'K'] }), { status: 201 })

  const same = { name: 'Twice at once', unit: 'g/L' }
  const both = await Promise.all([post(admin, path, same), post(technician, path, same)])
  t.same(both.map(({ status }) => status).sort(), [201, 409])
})

t.test('a hospital changes an entry of every hospital’s, for itself', async (t) => {
  const { id, version, ranges } = await potassium()
  const url = `${path}/${id}`
  const stricter = { ranges: [{ reference_low: 3.6, reference_high: 4.9, critical_high: 6 }] }
  t.match(await clinical.call(technician, 'PATCH', url, stricter), { status: 428 })
  t.match(await patch(technician, url, 9, stricter), { status: 412 })
  t.match(await patch(doctor, url, version, stricter), { status: 403 })
  t.match(await patch(technician, url, version, { unit: 'banana' }), { status: 422 })
  t.match(await patch(technician, url, version, { name: 'Sodium' }), { status: 409 })
  const both = await Promise.all([patch(technician, url, version, stricter), patch(admin, url, version, stricter)])
  t.same(both.map(({ status }) => status).sort(), [200, 412], 'two at once: one')
  t.match(await get(technician, url), { body: { origin: 'hospital', version: 2, ranges: [{ critical_high: 6 }] } })
  t.match((await enter({ name: 'K', value: 6.1, unit: 'mmol/L' })).body.results[0], { flag: 'HH', range: 'catalogue' })
  t.match(await get(otherHospital, url), { body: { origin: 'catalogue', version: 1, ranges } })

  const own = { name: 'Potassium', unit: 'mmol/L', reference_low: 3, reference_high: 6.2 }
  const range = await post(technician, '/api/lab-reference-ranges', own)
  t.match((await enter({ name: 'K', value: 6.1, unit: 'mmol/L' })).body.results[0], { flag: 'N', range: 'hospital' })
  await patch(technician, `/api/lab-reference-ranges/${range.body.id}`, 1, { status: 'inactive' })
  t.match(await patch(technician, url, 2, { status: 'inactive' }), { status: 200, body: { version: 3 } })
  t.match((await enter({ name: 'K', value: 6.1, unit: 'mmol/L' })).body.results[0], { flag: null, range: 'none' })
  t.match(await patch(technician, url, 3, { status: 'active' }), { status: 200 })
})

t.test('a pregnancy on the chart has limits of its own, while it lasts', async (t) => {
  const haemoglobin = { name: 'Haemoglobin', value: 108, unit: 'g/L' }
  const of = async (patientId: number) => (await enter(haemoglobin, { patient_id: patientId })).body.results[0]
  const [expecting, other, forgotten] = [
    await clinical.newPatient(),
    await clinical.newPatient(),
    await clinical.newPatient(),
  ]
  const state = (id: number, more: object) => post(doctor, `/api/patients/${id}/states`, { state: 'pregnant', ...more })
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)
  t.match(await state(expecting, { from_date: daysAgo(100) }), { status: 201 })
  t.match(await state(forgotten, { from_date: daysAgo(400) }), { status: 201 })
  t.match(await of(expecting), { flag: 'N', reference_low: 105 })
  t.match(await of(other), { flag: 'L', reference_low: 120 })
  t.match(await of(forgotten), { flag: 'L', reference_low: 120 }, 'nobody ended it')
})

t.test('words of a panel’s members are its own', async (t) => {
  const urine = { test_name: 'Urinalysis' }
  t.match((await enter({ name: 'Protein', value: '2+' }, urine)).body.results[0], { flag: 'A' })
  t.match((await enter({ name: 'Blood culture', value: 'Gram-negative rods' })).body, {
    critical: 'unacknowledged',
    results: [{ flag: 'AA' }],
  })
  t.match((await enter({ name: 'Blood culture', value: 'No growth' })).body, {
    critical: null,
    results: [{ flag: 'N' }],
  })
})

t.test('it goes out as a table and comes in as one', async (t) => {
  const out = await get(technician, `${path}/csv`)
  t.match(out, { status: 200, headers: { 'content-type': /^text\/csv/ } })
  const table = out.text
  t.match(table.split('\r\n')[0], /^kind,name,code/)
  t.match(await post(technician, `${path}/csv`, { csv: table }), {
    status: 200,
    body: { added: 0, changed: 0 },
  })
  const asFile = await post(technician, `${path}/csv`, table, { 'content-type': 'text/csv; charset=utf-8' })
  t.match(asFile, { status: 200, body: { added: 0, changed: 0 } }, 'as a file too')
  const head = 'kind,name,code,unit,synonyms,reference_low,reference_high,sex,status'
  const csv = (...lines: string[]) => ({ csv: [head, ...lines].join('\n') })
  t.match(
    await post(
      technician,
      `${path}/csv`,
      csv(
        'analyte,"Zeta, free",,ng/mL,ZF|Z free,1,2,female,',
        'analyte,"Zeta, free",,,,2,3,male,',
        'analyte,Sodium,2951-2,mmol/L,Na,136,144,,',
      ),
    ),
    { status: 200, body: { added: 1, changed: 1, unchanged: 0 } },
  )
  t.match(await found('zeta'), [{ synonyms: ['ZF', 'Z free'], ranges: [{ sex: 'female' }, { sex: 'male' }] }])
  t.match((await found('2951-2'))[0], { origin: 'hospital', ranges: [{ reference_low: 136, verified: true }] })
  const refused = await post(
    technician,
    `${path}/csv`,
    csv('analyte,Fine,,g/L,,1,2,,', 'analyte,Bad,,banana,,1,2,,', 'analyte,Worse,,g/L,,5,2,,', 'dish,Nope,,g/L,,5,6,,'),
  )
  t.match(refused, { status: 422, body: { code: 'validation-failed' } })
  t.same(refused.body.errors.map(({ pointer }: { pointer: string }) => pointer).sort(), ['/csv/3', '/csv/4', '/csv/5'])
  t.same(await found('Fine'), [], 'all or nothing')
  t.match(await post(technician, `${path}/csv`, { csv: 'colour\nred' }), {
    status: 422,
    body: { errors: [{ pointer: '/csv/1' }] },
  })
  t.match(await post(technician, `${path}/csv`, { csv: `${head}\n"open` }), { status: 422 })
  t.match(await post(technician, `${path}/csv`, csv('analyte,A1,,g/L,,1,2,,', 'analyte,B1,,g/L,A1,1,2,,')), {
    status: 422,
  })
  t.match(await post(doctor, `${path}/csv`, csv('analyte,Fine,,g/L,,1,2,,')), { status: 403 })
})
