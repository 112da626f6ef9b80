import { decideStep, labTestSteps } from '@hospital/contracts'
import fc from 'fast-check'
import t from 'tap'
import { dayOfAge } from '../src/lab-reference-ranges/age-rules.ts'
import { chooseRange, chooseRanges, findRangeBreaches, type Range } from '../src/lab-reference-ranges/rules.ts'
import { sexOf } from '../src/lab-reference-ranges/sex-rules.ts'
import { convertValue, findImplausible, withDigitsOf } from '../src/lab-tests/analyte-rules.ts'
import { flagOf, gradeByAny, gradeResult, type Result, type ResultInput } from '../src/lab-tests/grading-rules.ts'
import { readNumber } from '../src/lab-tests/number-rules.ts'
import { decideEntry } from '../src/lab-tests/rules.ts'
import { convertUnit, isUnit, readUnit, suggestUnit } from '../src/lab-tests/unit-rules.ts'
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
  t.equal(choose(null, '1980-01-01', { name: 'Other name', code: '0000-0' }), 6, 'a neighbouring code: by the name')
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
      const wasCritical = new Set<string>()
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
        const isCritical = result.flag === 'HH' || result.flag === 'LL'
        open ||= !repeats && (isCritical || wasCritical.has(kind))
        if (isCritical) wasCritical.add(kind)
        else wasCritical.delete(kind)
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
      { value: 90.1, unit: 'mg/dL', flag: 'N', converted_from: { value: 5, unit: 'mmol/L' } },
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
  const normal = graded(potassium(4))
  t.match(
    decideEntry([low], 'acknowledged', [normal]),
    { critical: 'unacknowledged', isCorrected: true },
    'whoever acted on the first has to know that it was wrong',
  )
  t.match(decideEntry([normal], null, [graded(potassium(4.5))]), { critical: null, isCorrected: false })
  t.match(
    decideEntry([normal], null, [graded(potassium(4.5))], true),
    { critical: 'unacknowledged', isCorrected: true },
    'what was verified was believed',
  )
  t.match(
    decideEntry([normal], null, [sodium], true),
    { critical: null, isCorrected: false },
    'a part is no correction',
  )
  t.equal(decideEntry([low], 'unacknowledged', [graded(potassium(4))]).critical, 'unacknowledged', 'nobody has seen it')
})

t.test('a number is compared only with what it may be compared with', async (t) => {
  t.equal(convertValue('HbA1c', 48, 'mmol/mol', '%', null), 6.5, 'the threshold of diabetes')
  t.equal(convertValue('Haemoglobin A1c', 6.5, '%', 'mmol/mol', null), 48)
  t.equal(convertValue('Glycated hemoglobin', 6.5, '%', 'g/g', null), null)
  t.equal(convertValue('Hemoglobin', 130, 'g/L', 'g/dL', null), 13)
  t.equal(convertValue('Calcium', 3, 'meq/L', 'mmol/L', 40.078), 1.5)
  t.equal(convertValue('Calcium, ionized', 1.2, 'mmol/L', 'meq/L', null), 2.4)
  t.equal(convertValue('Calcium', 5, 'meq/L', 'mg/dL', 40), 10)
  t.equal(convertValue('Potassium', 6.6, 'meq/L', 'mmol/L', null), 6.6)
  t.equal(convertValue('Phosphate', 3, 'meq/L', 'mmol/L', null), null, 'it has no fixed charge')
  t.equal(convertValue('Sodium/calcium ratio', 3, 'meq/L', 'mmol/L', null), null)
  t.equal(withDigitsOf(5.5, 99.0858), 99.1, 'no digits that nobody measured')
  t.equal(withDigitsOf(5.512, 99.302), 99.3)
  t.equal(withDigitsOf(3, 1.5), 1.5)

  const forms: [string, string | null][] = [
    ['mmol/L', 'mmol/L'],
    ['µmol/L', 'umol/L'],
    ['μmol/L', 'umol/L'],
    ['mEq/L', 'meq/L'],
    ['IU/L', '[IU]/L'],
    ['mIU/mL', 'm[IU]/mL'],
    ['x10^9/L', '10*9/L'],
    ['10^9/L', '10*9/L'],
    ['× 10⁹/L', '10*9/L'],
    ['10*3/uL', '10*3/uL'],
    ['K/uL', '10*3/uL'],
    ['K/µL', '10*3/uL'],
    ['mmHg', 'mm[Hg]'],
    ['mg/dl', 'mg/dL'],
    ['%', '%'],
    ['mL/min/1.73m2', 'mL/min/{1.73m2}'],
    ['mL/min/1.73 m²', 'mL/min/{1.73m2}'],
    ['mg/24h', 'mg/(24.h)'],
    ['mm/hr', 'mm/h'],
    ['/hpf', '/[HPF]'],
    ['copies/mL', '{copies}/mL'],
    ['INR', '{INR}'],
    ['pH', '[pH]'],
    ['mg/g creat', 'mg/g{creat}'],
    ['ug/mL FEU', 'ug/mL{FEU}'],
    ['{banana}', '{banana}'],
    ['banana', null],
    ['mmols/L', null],
    ['MG/DL', null],
  ]
  for (const [typed, unit] of forms) t.equal(readUnit(typed), unit, typed)
  t.equal(suggestUnit('MG/DL'), 'mg/dL')
  t.equal(suggestUnit('banana'), null)

  t.same(readNumber('7.9'), { value: 7.9, comparator: null })
  t.same(readNumber(' 7,9 '), { value: 7.9, comparator: null })
  t.same(readNumber('<0.001'), { value: 0.001, comparator: '<' })
  t.same(readNumber('≥ 12'), { value: 12, comparator: '>=' })
  t.same(readNumber('-1'), { value: -1, comparator: null })
  t.same(readNumber('0,125'), { value: 0.125, comparator: null })
  t.equal(readNumber('1,234'), 'ambiguous')
  for (const text of ['haemolysed', '3-4', '1e5', '', '7.9 H', '1.2.3']) t.equal(readNumber(text), null, text)

  t.equal(findImplausible('Potassium', -1, 'mmol/L'), 'is below zero')
  t.equal(findImplausible('Base excess', -4, 'mmol/L'), null)
  t.equal(findImplausible('T-score', -2.5, null), null)
  t.equal(findImplausible('Sphere', -3, '[diop]'), null)
  t.ok(findImplausible('Glucose', 90, 'Mg/dL'), 'a slip of the shift key')
  t.ok(findImplausible('Sodium', 140, 'mol/L'))
  t.equal(findImplausible('Hemoglobin', 140, 'g/L'), null)
})

t.test('whom a range is for', async (t) => {
  const expected: [string | null, string][] = [
    ['Male', 'male'],
    [' m ', 'male'],
    ['Woman', 'female'],
    ['W', 'female'],
    ['Weiblich', 'female'],
    ['FEMALE', 'female'],
    ['女', 'female'],
    ['X', 'other'],
    ['Other', 'other'],
    ['', 'unknown'],
    ['prefer not to say', 'unknown'],
    [null, 'unknown'],
  ]
  for (const [gender, sex] of expected) t.equal(sexOf(gender), sex, String(gender))
})

t.test('what is not known silences no limit', async (t) => {
  const limits = { reference_low: 12, reference_high: 15.5, critical_low: 7, critical_high: 20 }
  const female: Range = {
    ...{ id: 1, name: 'Hemoglobin', code: null, unit: 'g/dL', molar_mass: null, sex: 'female', age_min: null },
    ...{ age_max: null, ...limits, status: 'active', created_at: '', updated_at: '', version: 1 },
  }
  const male: Range = { ...female, id: 2, sex: 'male', reference_low: 13.5, reference_high: 17.5 }
  const chosen = (sex: ReturnType<typeof sexOf>) =>
    chooseRanges(
      [female, male],
      { name: 'hemoglobin', code: null },
      { sex, dateOfBirth: '1980-01-01', at: '2031-01-01' },
    )
  t.same(
    chosen('male').map(({ id }) => id),
    [2],
  )
  t.same(
    chosen('unknown').map(({ id }) => id),
    [1, 2],
  )
  const graded = (value: number | string, more: object = {}) =>
    gradeByAny({ name: 'Hemoglobin', value, unit: 'g/dL', ...more }, chosen('other'))
  t.match(graded(6), { flag: 'LL' })
  t.match(graded(13), { flag: 'L', reference_low: 13.5 }, 'by the range that alarms')
  t.match(graded(16), { flag: 'H', reference_high: 15.5 })
  t.match(graded(14), { flag: 'N' })
  t.match(graded('6,5'), { flag: 'LL', value: 6.5, value_type: 'numeric' })
  t.match(graded('<7'), { flag: 'LL', comparator: '<' })
  t.match(graded('1,234'), { code: 'validation-failed', pointer: '/value' })
  for (const value of ['7.1 H', '7-8', '~7', '٧.١', 'greater than 7', 'HI', 'critical'])
    t.match(graded(value), { code: 'validation-failed', pointer: '/value' }, value)
  t.match(graded('clotted'), { flag: null, value_type: 'text' })
  t.match(graded(6.5, { critical_low: 5, reference_low: 6 }), { flag: 'LL', critical_low: 7 }, "the hospital's holds")
  t.match(graded(7.5, { critical_low: 8 }), { flag: 'LL', critical_low: 8 }, 'unless that of the request is stricter')
  t.match(gradeResult({ name: 'Anything', value: 1, unit: 'banana' }, null), { pointer: '/unit' })
  t.match(gradeResult({ name: 'Anything', value: 1, unit: 'MMOL/L' }, null), { detail: /did you mean mmol\/L/ })
  t.match(gradeResult({ name: 'Potassium', value: -1, unit: 'mmol/L' }, null), { code: 'implausible-value' })
  t.match(gradeResult({ name: 'Potassium', value: -1, unit: 'mmol/L' }, null, true), { value: -1 }, 'somebody says why')
})
