import t from 'tap'
import { gradingRangesOf } from '../src/lab-catalogue/grading-mapping.ts'
import { analytes } from '../src/lab-catalogue/knowledge/catalogue.ts'
import { panels } from '../src/lab-catalogue/knowledge/panels.ts'
import {
  catalogueEntries,
  catalogueWith,
  type Entry,
  expectedAnalytes,
  findAnalyte,
  selectEntries,
  wordOf,
} from '../src/lab-catalogue/rules.ts'
import { flagOfText } from '../src/lab-catalogue/text-rules.ts'
import type { Person } from '../src/lab-reference-ranges/rules.ts'
import { inOrder } from '../src/lab-reference-ranges/rules.ts'
import { gradeByAny, type Result, type ResultInput } from '../src/lab-tests/grading-rules.ts'
import { isUnit } from '../src/lab-tests/unit-rules.ts'

const catalogue = catalogueWith([])
const find = (name: string, code: string | null = null, members: Entry[] = []) =>
  findAnalyte(catalogue, { name, code }, members)?.name

const woman: Person = { sex: 'female', dateOfBirth: '1980-05-05', at: '2026-06-01T12:00:00.000Z' }
const graded = (input: ResultInput, person = woman, isExplained = false) => {
  const analyte = findAnalyte(catalogue, { name: input.name, code: input.code ?? null })
  if (analyte === null) throw new Error(`not in the catalogue: ${input.name}`)
  return gradeByAny(input, gradingRangesOf(analyte, person), isExplained, analyte)
}

t.test('the catalogue holds what it says, once', async (t) => {
  t.ok(analytes.length >= 150 && panels.length >= 25)
  const ids = catalogueEntries.map(({ id }) => id)
  t.equal(new Set(ids).size, ids.length, 'ids')
  t.ok(ids.every((id) => Number.isInteger(id)))
  const claimed = new Map<string, string>()
  for (const { kind, name, synonyms, code, other_codes } of catalogueEntries) {
    const words = new Set([name, ...synonyms].map(wordOf))
    for (const key of [...words, ...[code, ...other_codes].flatMap((known) => known ?? [])]) {
      t.equal(claimed.get(`${kind} ${key}`), undefined, `${key}: ${name} and ${claimed.get(`${kind} ${key}`)}`)
      claimed.set(`${kind} ${key}`, name)
    }
  }
  for (const entry of catalogueEntries) {
    if (entry.unit !== null) t.ok(isUnit(entry.unit), `${entry.name}: ${entry.unit}`)
    for (const range of entry.ranges) {
      t.ok(
        inOrder(range.reference_low, range.reference_high) && inOrder(range.critical_low, range.critical_high),
        entry.name,
      )
      const limits = [range.reference_low, range.reference_high, range.critical_low, range.critical_high]
      const isPossible = limits.every(
        (limit) =>
          limit === null || (limit >= (entry.plausible_low ?? limit) && limit <= (entry.plausible_high ?? limit)),
      )
      t.ok(isPossible, `${entry.name}: its limits are possible`)
    }
    if (entry.kind === 'panel') {
      const found = expectedAnalytes(catalogue, entry).map(({ name }) => name)
      t.same(found, entry.analytes, entry.name)
    }
  }
})

t.test('limits of one person ascend', async (t) => {
  const people = [
    '2026-06-01',
    '2026-05-30',
    '2026-05-10',
    '2026-01-01',
    '2024-06-01',
    '2022-01-01',
    '2017-01-01',
    '1980-05-05',
  ]
  for (const dateOfBirth of people)
    for (const sex of ['male', 'female', 'unknown'] as const)
      for (const entry of catalogueEntries)
        for (const range of gradingRangesOf(entry, { ...woman, sex, dateOfBirth })) {
          const { critical_low, reference_low, reference_high, critical_high } = range
          t.ok(
            inOrder(critical_low, reference_low, reference_high, critical_high),
            `${entry.name} ${dateOfBirth} ${sex}`,
          )
        }
})

t.test('an analyte is found by its code, then by its name', async (t) => {
  t.equal(find('K'), 'Potassium')
  t.equal(find('k+'), 'Potassium')
  t.equal(find('Serum potassium'), 'Potassium')
  t.equal(find('Hemoglobin'), 'Haemoglobin')
  t.equal(find('HAEMOGLOBIN'), 'Haemoglobin')
  t.equal(find('Estradiol'), 'Oestradiol')
  t.equal(find('Something', '2951-2'), 'Sodium')
  t.equal(find('Sodium', '0000-0'), 'Sodium', 'a neighbouring code: by the name')
  t.equal(find('Glucose', '5792-7'), 'Glucose, urine', 'the code comes first')
  t.equal(find('Frobnicate'), undefined)
  const urine = expectedAnalytes(catalogue, { name: 'Urinalysis', code: null })
  t.equal(find('Protein', null, urine), 'Protein, urine', 'within a test its own analytes are meant')
  t.equal(find('Protein'), 'Total protein')
  t.same(
    expectedAnalytes(catalogue, { name: 'u&e', code: null }).map(({ name }) => name),
    ['Sodium', 'Potassium', 'Urea', 'Creatinine', 'Estimated GFR'],
  )
  t.equal(expectedAnalytes(catalogue, { name: '?', code: '57698-3' }).length, 4)
  t.same(
    expectedAnalytes(catalogue, { name: 'Potassium', code: null }).map(({ name }) => name),
    ['Potassium'],
  )
  t.same(expectedAnalytes(catalogue, { name: 'Frobnicate', code: null }), [])
  t.equal(selectEntries(catalogue.entries, { q: '2823-3' }, null)[0]?.name, 'Potassium')
})

t.test('results are graded by the catalogue where the hospital has no range', async (t) => {
  const rows: [input: ResultInput, wanted: Partial<Result> | { code: string }][] = [
    [
      { name: 'Potassium', value: 4.1, unit: 'mmol/L' },
      { flag: 'N', range: 'catalogue', unit: 'mmol/L' },
    ],
    [
      { name: 'K', value: 6.9, unit: 'mEq/L' },
      { flag: 'HH', unit: 'meq/L', critical_high: 6.5 },
    ],
    [
      { name: 'K+', value: '6,9', unit: 'mmol/L' },
      { flag: 'HH', value: 6.9, value_type: 'numeric' },
    ],
    [{ name: 'Potassium', value: -1, unit: 'mmol/L' }, { code: 'implausible-value' }],
    [{ name: 'Potassium', value: -1 }, { code: 'implausible-value' }],
    [{ name: 'Potassium', value: 140, unit: 'mmol/L' }, { code: 'implausible-value' }],
    [
      { name: 'Potassium', value: 4.1 },
      { flag: null, range: 'none' },
    ],
    [{ name: 'Potassium', value: 4, unit: 'cm' }, { code: 'unit-mismatch' }],
    [{ name: 'Sodium', value: 140, unit: 'mol/L' }, { code: 'implausible-value' }],
    [
      { name: 'Glucose', value: 90, unit: 'mg/dL' },
      { flag: 'N', value: 90, unit: 'mg/dL' },
    ],
    [{ name: 'Glucose', value: 90_000, unit: 'mg/dL' }, { code: 'implausible-value' }],
    [{ name: 'Calcium', value: 3, unit: 'meq/L' }, { flag: 'LL' }],
    [
      { name: 'HbA1c', value: 48, unit: 'mmol/mol' },
      { flag: 'H', value: 48 },
    ],
    [{ name: 'Glyco', code: '4548-4', value: 48, unit: 'mmol/mol' }, { flag: 'H' }],
    [{ name: 'HbA1c', value: 5.5, unit: '%' }, { flag: 'N' }],
    [{ name: 'HbA1c', value: 6.5, unit: '{%}' }, { code: 'unit-mismatch' }],
    [{ name: 'Hematocrit', value: 42, unit: '%' }, { flag: 'N' }],
    [{ name: 'Hematocrit', value: 0.42, unit: 'L/L' }, { flag: 'N' }],
    [{ name: 'Hematocrit', value: 42, unit: '{%}' }, { code: 'implausible-value' }],
    [{ name: 'INR', value: 5.1 }, { flag: 'HH' }],
    [{ name: 'INR', value: 1, unit: 'ratio' }, { flag: 'N' }],
    [{ name: 'pH', value: 7.1 }, { flag: 'LL' }],
    [{ name: 'Hemoglobin', value: 8, unit: 'mmol/L' }, { code: 'unit-mismatch' }],
    [{ name: 'WBC', value: 12, unit: 'K/uL' }, { flag: 'H' }],
    [
      { name: 'TSH', value: 2, unit: 'mIU/L' },
      { flag: null, range: 'unverified' },
    ],
    [
      { name: 'TSH', value: 90, unit: 'mIU/L' },
      { flag: 'H', range: 'unverified' },
    ],
    [
      { name: 'Progesterone', value: 20, unit: 'nmol/L' },
      { flag: null, range: 'none' },
    ],
    [
      { name: 'D-dimer DDU', value: 300, unit: 'ng/mL DDU' },
      { flag: null, range: 'none' },
    ],
    [{ name: 'D-dimer', value: 300, unit: 'ng/mL{DDU}' }, { code: 'unit-mismatch' }],
    [
      { name: 'Potassium', value: 5.2, unit: 'mmol/L', reference_high: 5.5 },
      { flag: 'N', range: 'entered' },
    ],
    [{ name: 'Potassium', value: 6.8, unit: 'mmol/L', reference_high: 7, reference_low: 3 }, { flag: 'HH' }],
    [{ name: 'Blasts', value: 1, unit: '%' }, { flag: 'HH' }],
    [{ name: 'Base excess', value: -12, unit: 'mmol/L' }, { flag: 'L' }],
  ]
  for (const [input, wanted] of rows) t.match(graded(input), wanted, `${input.name} ${input.value} ${input.unit}`)
  t.match(
    graded({ name: 'Potassium', value: 4, unit: 'cm' }, woman, true),
    { range: 'none', flag: null },
    'with a reason',
  )
  t.match(graded({ name: 'Potassium', value: 20, unit: 'mmol/L' }, woman, true), { flag: 'HH' }, 'with a reason')
})

t.test('ranges follow sex, age and pregnancy', async (t) => {
  const haemoglobin = (value: number, person: Partial<Person>) =>
    graded({ name: 'Hb', value, unit: 'g/L' }, { ...woman, ...person })
  t.match(haemoglobin(125, {}), { flag: 'N', reference_low: 120 })
  t.match(haemoglobin(125, { sex: 'male' }), { flag: 'L', reference_low: 130 })
  t.match(haemoglobin(125, { sex: 'unknown' }), { flag: 'L' }, 'the range that alarms')
  t.match(haemoglobin(160, { sex: 'other' }), { flag: 'H' })
  t.match(haemoglobin(110, { isPregnant: true }), { flag: 'N', reference_low: 105 })
  t.match(haemoglobin(190, { dateOfBirth: '2026-05-30' }), { flag: 'N' }, 'two days old')
  t.match(haemoglobin(112, { dateOfBirth: '2021-06-01' }), { flag: 'N' })
  t.match(haemoglobin(112, { dateOfBirth: '2012-01-01' }), { flag: null, range: 'none' }, 'no source for this age')

  const bilirubin = (value: number, dateOfBirth: string, at: string) =>
    graded({ name: 'Bilirubin', value, unit: 'umol/L' }, { ...woman, dateOfBirth, at })
  t.match(bilirubin(130, '2026-06-01', '2026-06-01T20:00:00Z'), { flag: 'HH' }, 'on the day of birth')
  t.match(bilirubin(130, '2026-05-31', '2026-06-01T12:00:00Z'), { flag: 'HH' }, 'perhaps not yet a day old')
  t.match(bilirubin(130, '2026-05-30', '2026-06-01T12:00:00Z'), { flag: null, range: 'none' }, 'older than a day')
  t.match(bilirubin(200, '2026-05-31', '2026-06-01T12:00:00Z'), { flag: 'HH' })
  t.match(bilirubin(200, '2026-05-20', '2026-06-01T12:00:00Z'), { flag: null })
  t.match(bilirubin(260, '2026-05-20', '2026-06-01T12:00:00Z'), { flag: 'HH' })
  t.match(bilirubin(40, '2026-01-20', '2026-06-01T12:00:00Z'), { flag: 'H' })
})

t.test('answers in words are abnormal, critical, or normal only where the catalogue says so', async (t) => {
  const flag = (name: string, value: ResultInput['value']) => (graded({ name, value }) as Result).flag
  t.equal(flag('Blood culture', 'Positive'), 'AA')
  t.equal(flag('Blood culture', 'Growth of Staphylococcus aureus'), 'AA')
  t.equal(flag('Blood culture', 'No growth after 5 days.'), 'N')
  t.equal(flag('Blood culture', 'No growth so far, Gram positive cocci seen'), 'AA')
  t.equal(flag('Blood culture', 'Contaminated?'), null)
  t.equal(flag('HBsAg', 'Not detected'), 'N')
  t.equal(flag('HBsAg', 'DETECTED'), 'A')
  t.equal(flag('HBsAg', 'non-reactive'), 'N')
  t.equal(flag('HBsAg', 'Weakly reactive'), 'A')
  t.equal(flag('HIV', { code: 'POS', display: 'Reactive' }), 'A')
  t.equal(flag('Urine protein', '2+'), 'A')
  t.equal(flag('Urine protein', 'negative'), 'N')
  t.equal(flag('Malaria film', 'P. falciparum seen, 2 % parasitaemia'), 'AA')
  t.equal(flag('ABO group', 'A'), null)
  const texts = { normal_texts: ['not seen'], abnormal_texts: ['seen'], critical_texts: [] }
  t.equal(flagOfText('not seen', texts), 'N')
  t.equal(flagOfText('seen, not cultured', texts), 'A')
})
