import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { readBundle } from '../src/imports/bundle-mapping.ts'
import { planImport } from '../src/imports/import-mapping.ts'
import { admin, doctor, pharmacist, receptionist, startClinicalApp, technician } from './clinical-app.ts'

const small = readFileSync(new URL('fixtures/small-bundle.json', import.meta.url), 'utf8')
const bundleOf = (change: (bundle: Node) => void): Node => {
  const bundle = JSON.parse(small) as Node
  change(bundle)
  return bundle
}
// biome-ignore lint/suspicious/noExplicitAny: bundles of every shape, also wrong ones
type Node = any
const resource = (bundle: Node, id: string): Node =>
  bundle.entry.find((entry: Node) => entry.resource.id === id).resource

t.test('a day is the day that was written, in its own offset', async (t) => {
  const died = (date: string) =>
    planImport(readBundle(bundleOf((b) => (resource(b, 'p1').deceasedDateTime = date))), new Set()).patients[0]
      ?.deceased_date
  t.equal(died('2020-03-01T22:30:00-05:00'), '2020-03-01')
  t.equal(died('2020-03-01T00:30:00+02:00'), '2020-03-01')
  t.equal(died('2020-02-29'), '2020-02-29')
})

t.test('a bundle is planned without being stored', async (t) => {
  const plan = planImport(readBundle(JSON.parse(small)), new Set())
  t.match(plan.patients, [
    {
      key: 'Patient/p1',
      number: 'MR-77',
      first_name: 'Ana María',
      last_name: 'Núñez',
      date_of_birth: '1961-04-09',
      gender: 'Female',
      phone: '555-0199',
      email: 'ana@example.org',
      address: '1 Main Street, Boston MA 02108, US',
      emergency_contact_name: 'Luis Núñez',
      emergency_contact_phone: '555-0198',
      status: 'deceased',
      deceased_date: '2021-02-03',
    },
  ])
  const [visit, cough] = plan.records
  t.match(visit, {
    visit_date: '2020-05-01T08:00:00.000Z',
    chief_complaint: 'Emergency visit: Chest pain',
    diagnosis: 'Myocardial infarction',
    vital_signs: { systolic: 141.5, diastolic: 81, heart_rate: 120 },
    source: 'Dr. Aubrey Corkery, Elsewhere Hospital',
  })
  t.match(
    visit?.notes,
    /Emergency\nEnded 2020-05-01T10:00:00.000Z\nCondition: Myocardial infarction, \[sct 22298006\], since 2020-05-01, until 2020-06-01, resolved/,
  )
  t.match(cough, { visit_date: '2018-01-01T00:00:00.000Z', diagnosis: 'Chronic cough', vital_signs: null })
  t.equal(plan.records.length, 2)
  const tests = Object.fromEntries(
    plan.labTests.map((test) => [`${test.test_name} ${test.observed_at.slice(0, 16)}`, test]),
  )
  t.same(Object.keys(tests).sort(), [
    'Basic Metabolic Panel 2020-05-01T08:20',
    'Titre 2020-05-03T00:00',
    'Urine colour 2020-05-02T00:00',
    'Vital signs 2019-11-30T00:00',
    'Vital signs 2020-05-01T08:15',
    'Vital signs 2020-05-01T09:30',
  ])
  t.match(tests['Basic Metabolic Panel 2020-05-01T08:20'], {
    code: '51990-0',
    status: 'verified',
    recordKey: 'Encounter/e1',
    results_date: '2020-05-01T11:00:00.250Z',
    source: 'Central Laboratory',
    results: [
      {
        name: 'Glucose',
        value: 182.123456789,
        unit: 'mg/dL',
        reference_low: 70,
        reference_high: 140,
        flag: 'H',
        value_type: 'numeric',
      },
      { name: 'Troponin', value: 0.01, comparator: '<', unit: 'ng/mL', flag: null },
    ],
  })
  t.equal(tests['Basic Metabolic Panel 2020-05-01T08:20']?.results.length, 2, 'what was entered in error is not in it')
  t.match(tests['Urine colour 2020-05-02T00:00'], {
    status: 'resulted',
    results: [{ value_type: 'coded', value: { code: '371254008', display: 'Brown' } }],
  })
  t.match(tests['Titre 2020-05-03T00:00'], { results: [{ value_type: 'text', value: '1 : 128' }] })
  t.match(
    tests['Vital signs 2020-05-01T08:15'],
    { results: [{ name: 'Body temperature', value: 101.3, unit: '[degF]' }] },
    'another unit is kept, not converted',
  )
  t.match(
    tests['Vital signs 2020-05-01T09:30'],
    { recordKey: 'Encounter/e1', results: [{ name: 'Heart rate', value: 90 }] },
    'the second of a kind',
  )
  t.match(
    tests['Vital signs 2019-11-30T00:00'],
    { recordKey: null, results: [{ value: 70.25, unit: 'kg' }] },
    'without a visit',
  )
  t.match(plan.prescriptions, [
    {
      medication_name: 'Amlodipine 5 MG Oral Tablet',
      rxnorm_code: '197361',
      dosage: '2.5 mg',
      dose_amount: 2.5,
      dose_unit: 'mg',
      dose_route: 'Oral',
      frequency: '2 times every day',
      times_per_day: 2,
      interval_hours: null,
      duration: '2 week',
      duration_days: 14,
      quantity: 28,
      refills_allowed: 3,
      status: 'active',
      instructions: 'With water\nFor: Myocardial infarction',
      source: 'Dr. Aubrey Corkery',
      recordKey: 'Encounter/e1',
    },
    {
      medication_name: 'Herbal tea',
      status: 'discontinued',
      status_reason: 'stopped in the source',
      frequency: 'as needed',
      quantity: null,
    },
  ])
  t.match(plan.allergies, [
    {
      substance: 'Allergy to peanuts',
      code: '91935009',
      reaction: 'Hives',
      severity: 'moderate',
      status: 'active',
      source: 'recorded 2001-02-03, criticality high',
    },
  ])
  t.same(plan.skipped, [
    { resource_type: 'Claim', count: 1, reason: 'has no place here' },
    { resource_type: 'Condition', count: 1, reason: 'belongs to a patient that is not in the bundle' },
    { resource_type: 'DiagnosticReport', count: 1, reason: 'not a laboratory report' },
    { resource_type: 'Encounter', count: 1, reason: 'status cancelled' },
    { resource_type: 'MedicationRequest', count: 1, reason: 'status draft' },
    { resource_type: 'Observation', count: 1, reason: 'category survey has no place here' },
    { resource_type: 'Observation', count: 1, reason: 'status entered-in-error' },
    { resource_type: 'Observation', count: 1, reason: 'without a value' },
    { resource_type: 'Organization', count: 1, reason: 'only its name is kept, as a source' },
  ])
})

const app = await startClinicalApp()
t.teardown(() => app.stop())
const bringIn = (bundle: unknown, query = '') =>
  app.call(admin, 'POST', `/api/imports/fhir${query}`, bundle, { 'content-type': 'application/fhir+json' })
const rowsIn = async (tenant = 'hospital_a') => {
  const counted = await app.db.query<Record<string, string>>(`SELECT
    (SELECT count(*) FROM ${tenant}.patients) AS patients, (SELECT count(*) FROM ${tenant}.medical_records) AS medical_records,
    (SELECT count(*) FROM ${tenant}.prescriptions) AS prescriptions, (SELECT count(*) FROM ${tenant}.lab_tests) AS lab_tests,
    (SELECT count(*) FROM ${tenant}.allergies) AS allergies`)
  return Object.fromEntries(Object.entries(counted[0] ?? {}).map(([table, count]) => [table, Number(count)]))
}
const nothing = { patients: 0, medical_records: 0, prescriptions: 0, lab_tests: 0, allergies: 0 }

t.test('what is wrong is named, and nothing is left', async (t) => {
  const wrong: [string, unknown, number, string, string?][] = [
    ['broken JSON', '{"resourceType":"Bundle",', 400, 'malformed-json'],
    ['nothing', '', 422, 'invalid-bundle', '/resourceType'],
    ['a list', [], 422, 'invalid-bundle', ''],
    ['not a bundle', { resourceType: 'Patient' }, 422, 'invalid-bundle', '/resourceType'],
    ['a search result', { resourceType: 'Bundle', type: 'searchset', entry: [] }, 422, 'invalid-bundle', '/type'],
    ['no entries', { resourceType: 'Bundle', type: 'collection' }, 422, 'invalid-bundle', '/entry'],
    [
      'no patient',
      { resourceType: 'Bundle', type: 'collection', entry: [{ resource: { resourceType: 'Claim', id: '1' } }] },
      422,
      'invalid-bundle',
      '/entry',
    ],
    [
      'an entry without a resource',
      { resourceType: 'Bundle', type: 'collection', entry: [{}] },
      422,
      'invalid-bundle',
      '/entry/0/resource',
    ],
    [
      'no type',
      { resourceType: 'Bundle', type: 'collection', entry: [{ resource: { id: '1' } }] },
      422,
      'invalid-bundle',
      '/entry/0/resource/resourceType',
    ],
    [
      'no birth date',
      bundleOf((b) => delete resource(b, 'p1').birthDate),
      422,
      'invalid-bundle',
      '/entry/0/resource/birthDate',
    ],
    [
      'half a birth date',
      bundleOf((b) => (resource(b, 'p1').birthDate = '1961')),
      422,
      'invalid-bundle',
      '/entry/0/resource/birthDate',
    ],
    ['no name', bundleOf((b) => delete resource(b, 'p1').name), 422, 'invalid-bundle', '/entry/0/resource/name'],
    [
      'a number as text',
      bundleOf((b) => (resource(b, 'glucose').valueQuantity.value = 'high')),
      422,
      'invalid-bundle',
      '/entry/13/resource/valueQuantity/value',
    ],
    [
      'no date',
      bundleOf((b) => (resource(b, 'glucose').effectiveDateTime = 'yesterday')),
      422,
      'invalid-bundle',
      '/entry/13/resource/effectiveDateTime',
    ],
    [
      'a list that is none',
      bundleOf((b) => (resource(b, 'panel').result = 'x')),
      422,
      'invalid-bundle',
      '/entry/12/resource/result',
    ],
    [
      'a NUL',
      bundleOf((b) => (resource(b, 'c2').code.text = 'a\u0000b')),
      400,
      'invalid-request',
      '/entry/6/resource/code/text',
    ],
  ]
  const tomorrow = new Date(Date.now() + 2 * 86_400_000).toISOString()
  const datesOf: [string, string, (b: Node, date: string) => void][] = [
    ['/entry/0/resource', 'birthDate', (b, date) => (resource(b, 'p1').birthDate = date)],
    ['/entry/0/resource', 'deceasedDateTime', (b, date) => (resource(b, 'p1').deceasedDateTime = date)],
    ['/entry/13/resource', 'effectiveDateTime', (b, date) => (resource(b, 'glucose').effectiveDateTime = date)],
    ['/entry/13/resource', 'issued', (b, date) => (resource(b, 'glucose').issued = date)],
  ]
  for (const [pointer, element, set] of datesOf) {
    for (const date of [
      '2020-02-31',
      '1900-02-29',
      '0000-05-17',
      '2020-13-01',
      '2020-05-01T25:00:00Z',
      '2020-05-01T08:00',
    ])
      wrong.push([`${element} ${date}`, bundleOf((b) => set(b, date)), 422, 'invalid-bundle', `${pointer}/${element}`])
    const future = element === 'birthDate' ? tomorrow.slice(0, 10) : tomorrow
    const answer = await bringIn(bundleOf((b) => set(b, future)))
    t.match(answer, { status: 422, body: { code: 'invalid-bundle' } }, `${element} in the future`)
    t.match(answer.body.errors[0].pointer, /^\/entry\/\d+\/resource/, 'has its place')
  }
  wrong.push([
    'an e-mail that is none',
    bundleOf((b) => (resource(b, 'p1').telecom = [{ system: 'email', value: 'x'.repeat(5000) }])),
    422,
    'invalid-bundle',
    '/entry/0/resource/telecom',
  ])
  for (const [what, bundle, status, code, pointer] of wrong) {
    const answer = await bringIn(bundle)
    t.match(
      answer,
      { status, body: { code, ...(pointer === undefined ? {} : { errors: [{ pointer }] }) } },
      `${what}: ${JSON.stringify(answer.body.errors)}`,
    )
  }
  t.match(await bringIn(JSON.parse(small), '?doctor_id=999'), {
    status: 422,
    body: { code: 'unknown-reference', errors: [{ pointer: 'query:doctor_id' }] },
  })
  t.match(await bringIn(JSON.parse(small), '?doctor=1'), {
    status: 400,
    body: { errors: [{ pointer: 'query:doctor' }] },
  })
  t.equal((await app.call(doctor, 'POST', '/api/imports/fhir', JSON.parse(small))).status, 403)
  t.equal(
    (await app.call(admin, 'POST', '/api/imports/fhir', '<Bundle/>', { 'content-type': 'application/fhir+xml' }))
      .status,
    415,
  )
  t.match(await bringIn('x'.repeat(65 * 1024 * 1024)), { status: 413, body: { code: 'payload-too-large' } })
  t.same(await rowsIn(), nothing, 'nothing half-imported')
  await app.db.query("ALTER TABLE hospital_a.allergies ADD CONSTRAINT break CHECK (substance <> 'Allergy to peanuts')")
  t.equal((await bringIn(JSON.parse(small))).status, 500, 'the last table refuses')
  t.same(await rowsIn(), nothing, 'and takes all others with it')
  t.same(await app.db.query("SELECT subject FROM clinical.outbox WHERE subject NOT LIKE '%tenant%'"), [], 'events too')
  await app.db.query('ALTER TABLE hospital_a.allergies DROP CONSTRAINT break')
})

t.test('once, and only once', async (t) => {
  const imported = { patients: 1, medical_records: 2, prescriptions: 2, lab_tests: 6, allergies: 1 }
  const twice = await Promise.all([
    bringIn(JSON.parse(small), '?doctor_id=12'),
    bringIn(JSON.parse(small), '?doctor_id=12'),
  ])
  const [first, second] = twice.sort((a, b) => Number(a.body.unchanged) - Number(b.body.unchanged))
  t.match(first, { status: 200, body: { imported, unchanged: false } })
  t.match(second, { status: 200, body: { imported: nothing, unchanged: true, patient_ids: first?.body.patient_ids } })
  t.same(second?.body.skipped, first?.body.skipped)
  t.same(await rowsIn(), imported)
  t.same(await rowsIn('hospital_b'), nothing)
  const [id] = first?.body.patient_ids ?? []
  t.match(await app.get(receptionist, `/api/patients/${id}`), {
    body: { patient_number: 'MR-77', status: 'deceased', version: 1 },
  })
  t.match(await app.events('patient', id), [
    { type: 'hospital.clinical.patient.created.v1', data: { patient_number: 'MR-77' } },
  ])
  const records = (await app.get(doctor, `/api/medical-records?patient_id=${id}`)).body.data
  t.match(records[0], {
    doctor_id: 12,
    status: 'draft',
    vital_signs: { systolic: 141.5 },
    source: 'Dr. Aubrey Corkery, Elsewhere Hospital',
  })
  const [rx] = (await app.get(pharmacist, `/api/prescriptions?patient_id=${id}`)).body.data
  t.match(rx, {
    doctor_id: 12,
    medical_record_id: records[0].id,
    dose_amount: '2.5',
    source: 'Dr. Aubrey Corkery',
  })
  const labs = (await app.get(technician, `/api/lab-tests?patient_id=${id}`)).body.data
  const panel = (await app.get(technician, `/api/lab-tests/${labs.find((lab: Node) => lab.code === '51990-0').id}`))
    .body
  t.match(panel, {
    ordered_by: 12,
    status: 'verified',
    results_version: 1,
    results: [{ flag: 'H' }, {}],
    result_versions: [{ number: 1 }],
  })
  t.match(
    panel.steps.map((step: Node) => step.step),
    ['collected', 'resulted', 'verified'],
  )
  await t.test('each row is told as the front door tells it, once', async (t) => {
    const told = async (entity: string, row: Node) =>
      (await app.events(entity, row.id)).map(({ type, data }, i) => {
        t.match(data, { id: row.id, patient_id: id, version: 1 + i }, 'a version a step')
        return type.split('.')[3]
      })
    t.match(await app.events('medical_record', records[0].id), [{ data: { doctor_id: 12, status: 'draft' } }])
    for (const record of records) t.same(await told('medical_record', record), ['created'])
    const written = (await app.get(pharmacist, `/api/prescriptions?patient_id=${id}`)).body.data
    for (const prescription of written) t.same(await told('prescription', prescription), ['created'])
    const { data: allergies } = (await app.get(pharmacist, `/api/patients/${id}/allergies`)).body
    for (const allergy of allergies) t.same(await told('allergy', allergy), ['created'])
    const steps = { resulted: ['ordered', 'collected', 'resulted'], verified: [] as string[] }
    steps.verified = [...steps.resulted, 'verified']
    for (const lab of labs) t.same(await told('lab_test', lab), steps[lab.status as 'resulted' | 'verified'])
    t.same([records.length, written.length, labs.length, allergies.length], [2, 2, 6, 1])
  })
  const [audited] = await app.db.query(
    `SELECT patient_id, details FROM hospital_a.audit_events WHERE action = 'importFhirBundle' AND outcome = 'success' ORDER BY id LIMIT 1`,
  )
  t.match(audited, { patient_id: id, details: { imported } })

  await t.test('more of the same patient joins what is here', async (t) => {
    const more = bundleOf((b) => {
      const glucose = structuredClone(resource(b, 'glucose'))
      const encounter = structuredClone(resource(b, 'e1'))
      b.entry.push(
        { fullUrl: 'urn:uuid:g2', resource: { ...glucose, id: 'g2' } },
        { fullUrl: 'urn:uuid:e3', resource: { ...encounter, id: 'e3' } },
      )
    })
    const added = { ...nothing, medical_records: 1, lab_tests: 1 }
    t.match(await bringIn(more), { status: 200, body: { imported: added, unchanged: false, patient_ids: [id] } })
    const [newest] = (await app.get(technician, `/api/lab-tests?patient_id=${id}`)).body.data.filter(
      (lab: Node) => lab.test_name === 'Glucose',
    )
    t.match(
      newest,
      { ordered_by: 11, medical_record_id: records[0].id },
      'with the first active doctor, at the visit of the first import',
    )
    t.match(await bringIn(more), { body: { imported: nothing, unchanged: true } })
  })

  await t.test('a record number that somebody has gives way', async (t) => {
    const other = bundleOf((b) => {
      b.entry = b.entry.slice(0, 1)
      b.entry[0].fullUrl = 'urn:uuid:other'
      resource(b, 'p1').id = 'other'
    })
    const { body } = await bringIn(other)
    t.match((await app.get(receptionist, `/api/patients/${body.patient_ids[0]}`)).body.patient_number, /^P-\d{6}$/)
  })
})

const samples = fileURLToPath(new URL('../../../../shared/data/synthea-r4/', import.meta.url))
const skip = existsSync(samples) ? false : 'the 50 sample bundles are not beside the repository'
const own = fileURLToPath(new URL('fixtures/bundles/', import.meta.url))

/** Every page of a list. */
async function everything(who: typeof doctor, path: string): Promise<Node[]> {
  const rows: Node[] = []
  for (let cursor = ''; ; ) {
    const { body } = await app.get(who, `${path}${path.includes('?') ? '&' : '?'}limit=100${cursor}`)
    rows.push(...body.data)
    if (body.page.next_cursor === null) return rows
    cursor = `&cursor=${body.page.next_cursor}`
  }
}

const signs: Record<string, string> = {
  '8480-6': 'systolic',
  '8462-4': 'diastolic',
  '8302-2': 'height_cm',
  '29463-7': 'weight_kg',
  '72514-3': 'pain_score',
  '8310-5': 'temperature_c',
  '8331-1': 'temperature_c',
}

t.test('our own bundles: everything that has a place is found again', (t) => proveAllFound(t, own, 3))
t.test('the sample bundles, the same', { skip }, (t) => proveAllFound(t, samples, 50))

async function proveAllFound(t: Test, folder: string, count: number): Promise<void> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'))
  t.equal(files.length, count)
  for (const file of files) {
    const bundle = JSON.parse(readFileSync(folder + file, 'utf8'))
    const first = await bringIn(bundle)
    t.match(first, { status: 200, body: { unchanged: false, imported: { patients: 1 } } }, file)
    const [id] = first.body.patient_ids
    const records = await everything(doctor, `/api/medical-records?patient_id=${id}`)
    const labs = await everything(technician, `/api/lab-tests?patient_id=${id}`)
    const prescriptions = await everything(pharmacist, `/api/prescriptions?patient_id=${id}`)
    const allergies = await everything(doctor, `/api/patients/${id}/allergies`)
    const seen = new Set<string>()
    for (const record of records) {
      for (const [sign, value] of Object.entries(record.vital_signs ?? {}))
        seen.add(`${sign} ${value} ${record.visit_date}`)
    }
    for (const lab of labs) {
      for (const result of lab.results) {
        seen.add(`${result.name} ${result.value.code ?? result.value} ${result.unit} ${lab.sample_collected_date}`)
      }
    }
    let measured = 0
    for (const { resource: r } of bundle.entry) {
      const category = r.category?.[0]?.coding?.[0]?.code
      if (r.resourceType !== 'Observation' || !['laboratory', 'vital-signs', 'vital-sign'].includes(category)) continue
      const at = new Date(r.effectiveDateTime).toISOString()
      for (const part of r.component ?? [r]) {
        measured++
        const { value, unit } = part.valueQuantity ?? { value: part.valueCodeableConcept.coding[0].code, unit: null }
        const sign = signs[part.code.coding[0].code]
        if (!seen.has(`${sign} ${value} ${at}`) && !seen.has(`${part.code.text} ${value} ${unit} ${at}`)) {
          t.fail(`${file}: ${part.code.text} ${value} ${unit} ${at} is nowhere`)
        }
      }
    }
    const of = (type: string) =>
      bundle.entry.map((entry: Node) => entry.resource).filter((r: Node) => r.resourceType === type)
    t.ok(measured > 0)
    t.equal(records.length, of('Encounter').length)
    for (const condition of of('Condition')) {
      const encounter = of('Encounter').find((r: Node) => condition.encounter.reference.endsWith(r.id))
      const visit = new Date(encounter.period.start).toISOString()
      if (!records.some((r) => r.visit_date === visit && r.diagnosis?.includes(condition.code.text)))
        t.fail(`${file}: ${condition.code.text} is nowhere`)
    }
    const drugs = (list: Node[], name: (r: Node) => string) => list.map(name).sort()
    t.same(
      drugs(prescriptions, (r) => `${r.medication_name} ${r.prescribed_date}`),
      drugs(
        of('MedicationRequest'),
        (r) => `${r.medicationCodeableConcept.text} ${new Date(r.authoredOn).toISOString()}`,
      ),
    )
    t.same(
      drugs(allergies, (r) => r.substance),
      drugs(of('AllergyIntolerance'), (r) => r.code.text),
    )
    const skipped = first.body.skipped.reduce((sum: number, line: Node) => sum + line.count, 0)
    const places = await app.db.query('SELECT source FROM hospital_a.imported_resources WHERE source = ANY($1)', [
      bundle.entry.map(({ resource: r }: Node) => `${r.resourceType}/${r.id}`),
    ])
    t.equal(
      places.length + skipped + of('Practitioner').length,
      bundle.entry.length,
      'each resource is imported, counted as skipped, or a source',
    )
  }
  const before = await rowsIn()
  const started = performance.now()
  for (const file of files)
    t.match(await bringIn(readFileSync(folder + file, 'utf8')), {
      status: 200,
      body: { unchanged: true, imported: nothing },
    })
  t.same(await rowsIn(), before, 'a second run changes nothing')
  t.comment(`${count} bundles again in ${Math.round(performance.now() - started)} ms`)
}
