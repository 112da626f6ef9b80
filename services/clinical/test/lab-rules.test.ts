import { decideStep, labTestSteps } from '@hospital/contracts'
import fc from 'fast-check'
import t from 'tap'
import { chooseRange, dayOfAge, findRangeBreaches, type Range, sexOf } from '../src/lab-reference-ranges/rules.ts'
import { decideEntry, flagOf, gradeResult, type Result, type ResultInput } from '../src/lab-tests/rules.ts'
import { convertUnit, isUnit } from '../src/lab-tests/unit-rules.ts'
import { outcomeOf } from './outcome.ts'

t.test('steps, flags, units, ages, ranges', async (t) => {
  t.equal(decideStep(labTestSteps, 'resulted', 'verify').to, 'verified')
  t.throws(() => decideStep(labTestSteps, 'ordered', 'verify'), {
    code: 'illegal-transition',
    options: { extensions: { current_status: 'ordered', allowed_steps: ['collect', 'cancel'] } },
  })
  const limits = { critical_low: 2, reference_low: 3, reference_high: 5, critical_high: 7 }
  const expected: [number, Parameters<typeof flagOf>[1], string | null][] = [
    [1.9, null, 'LL'],
    [2, null, 'L'],
    [2.9, null, 'L'],
    [3, null, 'N'],
    [5, null, 'N'],
    [5.1, null, 'H'],
    [7, null, 'H'],
    [7.1, null, 'HH'],
    [2, '<', 'LL'],
    [1, '<=', 'LL'],
    [2, '<=', 'L'],
    [3, '<', 'L'],
    [4, '<', null],
    [4, '<=', null],
    [9, '<', null],
    [7, '>', 'HH'],
    [8, '>=', 'HH'],
    [7, '>=', 'H'],
    [5, '>', 'H'],
    [4, '>', null],
    [1, '>', null],
  ]
  for (const [value, comparator, flag] of expected)
    t.equal(flagOf(value, comparator, limits), flag, `${comparator ?? ''}${value}`)
  const none = { critical_low: null, reference_low: null, reference_high: null, critical_high: null }
  t.equal(flagOf(4, null, none), null)
  t.equal(flagOf(4, null, { ...none, critical_high: 7 }), null, 'inside critical limits is not yet normal')
  t.equal(flagOf(4, '<', { ...none, reference_high: 5 }), 'N')
  t.equal(flagOf(4, '>', { ...none, reference_low: 3 }), 'N')

  t.equal(convertUnit(5, '10*9/L', '10*3/uL', null), 5)
  t.equal(convertUnit(5, 'mmol/L', 'mg/dL', null), null, 'no molar mass, no conversion')
  t.equal(convertUnit(1, 'furlong', 'g', null), null)
  t.equal(convertUnit(1, 'Gauss', 'T', null), null, 'a unit that is only nearly UCUM')
  t.ok(isUnit('mg/dL'))
  t.notOk(isUnit('x10^9/L'))

  t.equal(dayOfAge('2024-02-29', 'P1Y'), '2025-02-28')
  t.equal(dayOfAge('2024-02-29', 'P4Y'), '2028-02-29')
  t.equal(dayOfAge('2024-01-31', 'P1M'), '2024-02-29')
  t.equal(dayOfAge('2024-12-30', 'P4W'), '2025-01-27')
  t.equal(dayOfAge('2024-12-30', 'P3D'), '2025-01-02')
  t.same(['Male', ' f ', 'FEMALE', 'm', 'other', '', null].map(sexOf), [
    'male',
    'female',
    'female',
    'male',
    null,
    null,
    null,
  ])

  const base: Range = {
    id: 1,
    name: 'Iron',
    code: null,
    unit: null,
    molar_mass: null,
    sex: null,
    age_min: null,
    age_max: null,
    reference_low: 1,
    reference_high: 2,
    critical_low: null,
    critical_high: null,
    status: 'active',
    created_at: '',
    updated_at: '',
    version: 1,
  }
  const ranges: Range[] = [
    base,
    { ...base, id: 2, age_max: 'P28D' },
    { ...base, id: 3, sex: 'male' },
    { ...base, id: 4, sex: 'male', age_min: 'P18Y' },
    { ...base, id: 5, sex: 'male', age_min: 'P60Y' },
    { ...base, id: 6, code: '2498-4', name: 'Other name' },
    { ...base, id: 7, status: 'inactive', sex: 'female' },
  ]
  const choose = (
    sex: 'male' | 'female' | null,
    dateOfBirth: string,
    analyte: { name: string; code: string | null } = { name: 'iron', code: null },
  ) => chooseRange(ranges, analyte, { sex, dateOfBirth, at: '2026-03-15T12:00:00.000Z' })?.id
  t.equal(choose(null, '1980-01-01'), 1)
  t.equal(choose(null, '2026-03-01'), 2)
  t.equal(choose(null, '2026-02-15'), 1, 'on the 28th day the next range begins')
  t.equal(choose('female', '1980-01-01'), 1)
  t.equal(choose('male', '2010-01-01'), 3)
  t.equal(choose('male', '2008-03-15'), 4, 'on the 18th birthday')
  t.equal(choose('male', '2008-03-16'), 3)
  t.equal(choose('male', '1950-01-01'), 5)
  t.equal(choose(null, '1980-01-01', { name: 'Ferrum', code: '2498-4' }), 6)
  t.equal(choose(null, '1980-01-01', { name: 'Ferrum', code: '0000-0' }), undefined)
  t.same(findRangeBreaches(base), [])
  t.match(gradeResult({ name: 'Iron', value: 'trace' }, base), { value_type: 'text', flag: null, reference_low: null })
})

const potassium = (value: number) => ({
  name: 'Potassium',
  value,
  unit: 'mmol/L',
  reference_low: 3.5,
  reference_high: 5.1,
  critical_low: 2.5,
  critical_high: 6.5,
})

/** A result as it is kept; fails where it is refused. */
function graded(input: ResultInput, range: Range | null = null): Result {
  const result = outcomeOf(() => gradeResult(input, range))
  if (typeof result === 'string' || !('value_type' in result)) throw new Error(`refused: ${JSON.stringify(result)}`)
  return result
}

t.test('what was critical stays open through any entries that follow', async () => {
  const kinds = fc.constantFrom<'potassium' | 'sodium' | 'acknowledge'>('potassium', 'sodium', 'acknowledge')
  const act = fc.tuple(kinds, fc.double({ min: 1, max: 9, noNaN: true }))
  fc.assert(
    fc.property(fc.array(act, { minLength: 1, maxLength: 12 }), (acts) => {
      let results: Result[] = []
      let critical: 'unacknowledged' | 'acknowledged' | null = null
      let open = false
      const last = new Map<string, number>()
      for (const [kind, value] of acts) {
        if (kind === 'acknowledge') {
          if (critical === 'unacknowledged') critical = 'acknowledged'
          open = false
          continue
        }
        const result = graded({ ...potassium(value), name: kind })
        const repeats = last.get(kind) === value
        last.set(kind, value)
        const entry = decideEntry(results, critical, [result])
        ;({ results, critical } = entry)
        open ||= !repeats && (result.flag === 'HH' || result.flag === 'LL')
        const kept = results.every(({ name, value }) => last.get(name) === value) && results.length === last.size
        if (!kept || (critical === 'unacknowledged') !== open) return false
      }
      return true
    }),
    { numRuns: 2000 },
  )
})

const glucose: Range = {
  id: 1,
  name: 'Glucose',
  code: '2345-7',
  unit: 'mg/dL',
  molar_mass: 180.156,
  sex: null,
  age_min: null,
  age_max: null,
  reference_low: 70,
  reference_high: 100,
  critical_low: 40,
  critical_high: 450,
  status: 'active',
  created_at: '',
  updated_at: '',
  version: 1,
}

t.test('a result is kept in the unit of the hospital’s range, with its flag, or not at all', async (t) => {
  const cases: [what: string, input: Partial<ResultInput>, kept: Partial<Result>][] = [
    ['in its unit', { value: 90, unit: 'mg/dL' }, { value: 90, flag: 'N', converted_from: null, reference_low: 70 }],
    [
      'from another unit',
      { value: 5, unit: 'mmol/L' },
      { value: 90.078, unit: 'mg/dL', flag: 'N', converted_from: { value: 5, unit: 'mmol/L' } },
    ],
    ['critical from another unit', { value: 30, unit: 'mmol/L' }, { flag: 'HH', unit: 'mg/dL' }],
    ['below what can be measured', { value: 40, unit: 'mg/dL', comparator: '<' }, { flag: 'LL', comparator: '<' }],
    ['text', { value: 'trace' }, { value_type: 'text', flag: null, reference_low: null, unit: null }],
    ['a code', { value: { code: 'POS', display: 'positive' } }, { value_type: 'coded', flag: null }],
    [
      'with a range of its own, in the unit of the entry; critical limits are the hospital’s',
      { value: 5, unit: 'mmol/L', reference_low: 4, reference_high: 4.5 },
      { value: 5, unit: 'mmol/L', flag: 'H', reference_high: 4.5, converted_from: null },
    ],
    [
      'with critical limits of its own',
      { value: 5, unit: 'mmol/L', critical_high: 4 },
      { unit: 'mg/dL', flag: 'HH', critical_high: 72.0624, critical_low: 40 },
    ],
  ]
  for (const [what, input, kept] of cases)
    t.match(graded({ name: 'Glucose', ...input } as ResultInput, glucose), kept, what)
  const ownRange = graded({ name: 'Glucose', value: 5, unit: 'mmol/L', reference_low: 4 }, glucose)
  t.equal(ownRange.critical_high?.toFixed(3), '24.978', 'the hospital’s limit, in the unit of the entry')
})

t.test('what cannot be compared is refused, never guessed', async (t) => {
  const refused = (input: Partial<ResultInput>, range: Range | null = glucose) =>
    outcomeOf(() => gradeResult({ name: 'Glucose', value: 5, ...input } as ResultInput, range))
  t.equal(refused({ unit: 'cm' }), 'unit-mismatch /unit')
  t.equal(refused({}), 'unit-mismatch /unit', 'no unit is a unit too')
  t.equal(refused({ unit: 'mmol/L' }, { ...glucose, molar_mass: null }), 'unit-mismatch /unit')
  t.equal(refused({ unit: 'mg/dL', reference_low: 7, reference_high: 3 }), 'validation-failed /reference_low')
  t.equal(refused({ value: 'trace', reference_low: 3 }), 'validation-failed /value')
  t.equal(refused({ value: 'trace', comparator: '<' }, null), 'validation-failed /value')
})

t.test('a part that is entered again is corrected in its place; the same again changes nothing', async (t) => {
  const [sodium, chloride] = [graded({ name: 'Sodium', value: 140 }), graded({ name: 'Chloride', value: 100 })]
  const first = decideEntry([], null, [sodium])
  t.match(first, { results: [sodium], changed: [sodium], isCorrection: false, critical: null })
  t.match(decideEntry([sodium], null, [chloride]), { results: [sodium, chloride], isCorrection: false })
  const corrected = graded({ name: ' SODIUM ', value: 141 })
  t.match(decideEntry([sodium, chloride], null, [corrected]), {
    results: [corrected, chloride],
    changed: [corrected],
    isCorrection: true,
  })
  t.match(decideEntry([sodium, chloride], null, [sodium]), { changed: [], isCorrection: false })
  const low = graded(potassium(2))
  t.equal(decideEntry([], null, [low]).critical, 'unacknowledged')
  t.equal(decideEntry([low], 'acknowledged', [low]).critical, 'acknowledged', 'the same again opens nothing')
  t.equal(decideEntry([low], 'acknowledged', [graded(potassium(4))]).critical, null, 'it is not critical any more')
  t.equal(decideEntry([low], 'unacknowledged', [graded(potassium(4))]).critical, 'unacknowledged', 'nobody has seen it')
})
