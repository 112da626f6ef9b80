import t from 'tap'
import { gradeImported } from '../src/imports/grading-rules.ts'
import type { ImportedResult } from '../src/imports/plan-mapping.ts'
import type { Range } from '../src/lab-reference-ranges/rules.ts'
import { completeResult, gradeByAny, type ResultInput } from '../src/lab-tests/grading-rules.ts'
import { admin, doctor, nurse, pharmacist, startClinicalApp, technician } from './clinical-app.ts'

// biome-ignore lint/suspicious/noExplicitAny: resources of every shape
type Node = any

t.setTimeout(120_000)
const clinical = await startClinicalApp()
const { get, post, patch, setClock } = clinical
t.teardown(() => clinical.stop())

const range = (fields: Partial<Range>): Range => ({
  id: 1,
  name: 'Potassium',
  code: null,
  unit: 'mmol/L',
  molar_mass: null,
  sex: null,
  age_min: null,
  age_max: null,
  reference_low: 3.5,
  reference_high: 5.1,
  critical_low: 2.5,
  critical_high: 6.5,
  status: 'active',
  created_at: '',
  updated_at: '',
  version: 1,
  ...fields,
})
const result = (fields: Partial<ImportedResult>): ImportedResult =>
  completeResult({ name: 'Potassium', value_type: 'numeric', value: 6.9, unit: 'mmol/L', range: 'none', ...fields })

t.test('an imported result is graded by the hospital too, and the worst that anybody says is kept', async (t) => {
  const by = (ranges: Range[]) => (input: ResultInput) => gradeByAny(input, ranges, true)
  const graded = (fields: Partial<ImportedResult>, ...ranges: Range[]) =>
    gradeImported(result(fields), by(ranges.length > 0 ? ranges : [range({})]))
  t.match(graded({}), { flag: 'HH', range: 'hospital', reference_high: 5.1 }, 'no range of its own')
  t.match(graded({ flag: 'H' }), { flag: 'HH' }, 'the sender called it high')
  t.match(graded({ value: 4, flag: 'LL' }), { flag: 'LL' }, 'what the sender said is not made less')
  t.match(
    graded({ reference_low: 3, reference_high: 8, range: 'entered', flag: 'N' }),
    { flag: 'HH', range: 'entered', reference_high: 8, critical_high: 6.5 },
    'the sender’s wide range hides nothing',
  )
  t.match(
    graded({ value: 6, reference_low: 3, reference_high: 8, range: 'entered', flag: 'N' }),
    { flag: 'H', range: 'entered' },
    'nor what is high here',
  )
  const glucose = range({
    name: 'Glucose',
    unit: 'mg/dL',
    molar_mass: 180.156,
    reference_low: 70,
    reference_high: 100,
    critical_low: 40,
    critical_high: 450,
  })
  t.match(
    graded({ name: 'Glucose', value: 30, unit: 'mmol/L' }, glucose),
    { value: 30, unit: 'mmol/L', flag: 'HH', range: 'hospital', reference_high: null, converted_from: null },
    'compared in our unit, kept in theirs',
  )
  const strange = result({ unit: 'banana', flag: 'H' })
  t.same(gradeImported(strange, by([range({})])), strange, 'what cannot be compared stays as it came')
  t.same(gradeImported(strange, by([])), strange)
})

let number = 0
const patient = (fields: object = {}): Node => ({
  resourceType: 'Patient',
  id: `p${++number}`,
  identifier: [{ type: { coding: [{ code: 'MR' }] }, value: `IS-${number}` }],
  name: [{ family: 'Imported', given: ['Ida'] }],
  gender: 'female',
  birthDate: '1970-01-01',
  ...fields,
})
const observed = (who: Node, at: string, value: number, fields: object = {}): Node => ({
  resourceType: 'Observation',
  id: `o${++number}`,
  status: 'final',
  category: [{ coding: [{ code: 'laboratory' }] }],
  code: { text: 'Potassium', coding: [{ system: 'http://loinc.org', code: '2823-3', display: 'Potassium' }] },
  subject: { reference: `Patient/${who.id}` },
  effectiveDateTime: at,
  valueQuantity: { value, unit: 'mmol/L' },
  ...fields,
})
const drug = (who: Node, name: string, fields: object = {}): Node => ({
  resourceType: 'MedicationRequest',
  id: `m${++number}`,
  status: 'active',
  intent: 'order',
  medicationCodeableConcept: { text: name },
  subject: { reference: `Patient/${who.id}` },
  authoredOn: '2026-05-01T00:00:00Z',
  ...fields,
})
const allergy = (who: Node, substance: string): Node => ({
  resourceType: 'AllergyIntolerance',
  id: `a${++number}`,
  clinicalStatus: { coding: [{ code: 'active' }] },
  code: { text: substance },
  patient: { reference: `Patient/${who.id}` },
})
async function bringIn(...resources: Node[]): Promise<number> {
  const entry = resources.map((resource) => ({ fullUrl: `${resource.resourceType}/${resource.id}`, resource }))
  const answer = await post(admin, '/api/imports/fhir', { resourceType: 'Bundle', type: 'collection', entry })
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
  return answer.body.patient_ids[0]
}
const testsOf = async (id: number) => (await get(doctor, `/api/lab-tests?patient_id=${id}`)).body.data
const askedOf = async (id: number) => (await get(doctor, `/api/critical-results?patient_id=${id}`)).body.data

t.test('a recent critical value of an import asks a doctor, an older one is marked only', async (t) => {
  await post(admin, '/api/lab-reference-ranges', {
    name: 'Potassium',
    code: '2823-3',
    unit: 'mmol/L',
    reference_low: 3.5,
    reference_high: 5.1,
    critical_low: 2.5,
    critical_high: 6.5,
  })
  setClock('2031-05-10T12:00:00Z')
  const recent = patient()
  const id = await bringIn(recent, observed(recent, '2031-05-08T12:00:00Z', 6.9))
  const [test] = await testsOf(id)
  t.match(test, { status: 'verified', critical: 'unacknowledged', results: [{ flag: 'HH', range: 'hospital' }] })
  t.match(await askedOf(id), [{ lab_test_id: test.id, kind: 'critical', status: 'open', recipient: { id: 11 } }])
  const told = (await clinical.events('lab_test', test.id)).map(({ type }) => type.split('.')[3])
  t.same(told, ['ordered', 'collected', 'resulted', 'critical', 'verified'])
  t.match(await post(nurse, `/api/lab-tests/${test.id}/calls`, { recipient: 11, outcome: 'told' }), { status: 200 })
  t.match(await post(doctor, `/api/lab-tests/${test.id}/acknowledge`, { action: 'Called in' }), { status: 200 })

  const old = patient()
  const oldId = await bringIn(old, observed(old, '2031-05-07T11:59:00Z', 6.9))
  t.match(await testsOf(oldId), [{ critical: null, results: [{ flag: 'HH' }] }])
  t.same(await askedOf(oldId), [])

  const settings = (await get(admin, '/api/clinical-settings')).body
  t.equal(settings.critical_import_hours, 72)
  await patch(admin, '/api/clinical-settings', settings.version, { critical_import_hours: 96 })
  const wider = patient()
  const widerId = await bringIn(wider, observed(wider, '2031-05-07T11:59:00Z', 6.9))
  t.equal((await askedOf(widerId)).length, 1, 'as the hospital says')
  const said = patient()
  const saidId = await bringIn(
    said,
    observed(said, '2031-05-10T10:00:00Z', 5.0, {
      code: { text: 'Kalium unten' },
      interpretation: [{ coding: [{ code: 'HH' }] }],
    }),
  )
  t.equal((await askedOf(saidId)).length, 1, 'what the sender called critical asks too, whatever our ranges say')
  const normal = patient()
  t.same(await askedOf(await bringIn(normal, observed(normal, '2031-05-10T10:00:00Z', 4.4))), [])
  setClock(null)
})

t.test('imported drugs in use are checked when they come, and conflicts raise alerts', async (t) => {
  const checksOf = async (id: number) => {
    const rows: Node[] = (await get(pharmacist, `/api/prescriptions?patient_id=${id}`)).body.data
    return new Map(
      rows.map((row) => [
        row.medication_name,
        new Map(row.checks.map((check: Node) => [check.check, check.outcome])) as Map<string, string>,
      ]),
    )
  }
  const alertsOf = async (id: number): Promise<Node[]> =>
    (await get(pharmacist, `/api/alerts?patient_id=${id}&status=open`)).body.data
  const allergic = patient()
  const id = await bringIn(
    allergic,
    drug(allergic, 'Amoxicillin 500 MG'),
    allergy(allergic, 'Penicillin'),
    drug(allergic, 'Warfarin', { status: 'completed' }),
  )
  const checks = await checksOf(id)
  t.equal(checks.get('Amoxicillin 500 MG')?.get('allergy'), 'conflict', 'though the allergy stood after it')
  t.equal(checks.get('Warfarin')?.size, 0, 'what is not taken is not checked')
  t.match(await alertsOf(id), [{ check: 'allergy', status: 'open' }])

  const twoDrugs = patient()
  const both = await bringIn(twoDrugs, drug(twoDrugs, 'Warfarin'), drug(twoDrugs, 'Aspirin'))
  const found = await checksOf(both)
  t.equal(found.get('Warfarin')?.get('interaction'), 'conflict')
  t.equal(found.get('Aspirin')?.get('interaction'), 'conflict')
  t.equal((await alertsOf(both)).length, 1, 'one fact, one alert')

  const known = await clinical.newPatient({ allergies: 'Penicillin' })
  t.ok(known > 0)
  const again = patient()
  const againId = await bringIn(again, allergy(again, 'Penicillin'))
  t.same(await alertsOf(againId), [])
  t.equal(await bringIn(again, drug(again, 'Amoxicillin')), againId)
  t.equal((await checksOf(againId)).get('Amoxicillin')?.get('allergy'), 'conflict', 'the chart that was here counts')
  t.equal((await alertsOf(againId)).length, 1)
  await bringIn(again, drug(again, 'Amoxicillin 250 MG'))
  t.ok((await alertsOf(againId)).length >= 2)
  t.match(await get(technician, `/api/prescriptions?patient_id=${againId}`), { status: 403 })
})
