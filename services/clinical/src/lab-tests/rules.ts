import type { LabCritical, LabResult, LabResultInput, LabTest, Static } from '@hospital/contracts'
import { Value } from '@sinclair/typebox/value'
import type { Range } from '../lab-reference-ranges/rules.ts'
import { convertUnit } from './unit-rules.ts'

export type Result = Static<typeof LabResult>
export type ResultInput = Static<typeof LabResultInput>

type Limits = Pick<Result, 'reference_low' | 'reference_high' | 'critical_low' | 'critical_high'>
type Comparator = Result['comparator']

const isBelow = (value: number, comparator: Comparator, limit: number | null): boolean => {
  if (limit === null || comparator === '>' || comparator === '>=') return false
  return comparator === '<' ? value <= limit : value < limit
}
const isAbove = (value: number, comparator: Comparator, limit: number | null): boolean => {
  if (limit === null || comparator === '<' || comparator === '<=') return false
  return comparator === '>' ? value >= limit : value > limit
}

function isWithin(
  value: number,
  comparator: Comparator,
  { reference_low: low, reference_high: high }: Limits,
): boolean {
  if (low === null && high === null) return false
  const opensDown = comparator === '<' || comparator === '<='
  const opensUp = comparator === '>' || comparator === '>='
  const aboveLow = low === null || (!opensDown && value >= low)
  const belowHigh = high === null || (!opensUp && value <= high)
  return aboveLow && belowHigh
}

/** The flag that follows for certain; null where it does not (no range, or `<5` with a lower limit of 3). */
export function flagOf(value: number, comparator: Comparator, limits: Limits): Result['flag'] {
  if (isBelow(value, comparator, limits.critical_low)) return 'LL'
  if (isAbove(value, comparator, limits.critical_high)) return 'HH'
  if (isBelow(value, comparator, limits.reference_low)) return 'L'
  if (isAbove(value, comparator, limits.reference_high)) return 'H'
  return isWithin(value, comparator, limits) ? 'N' : null
}

/** Why a result cannot be taken; the pointer is relative to the result. */
export interface Refusal {
  code: 'unit-mismatch' | 'validation-failed'
  pointer: string
  detail: string
}
export const isRefusal = (graded: Result | Refusal): graded is Refusal => 'pointer' in graded

const valueTypeOf = (value: ResultInput['value']): Result['value_type'] => {
  if (typeof value === 'number') return 'numeric'
  return typeof value === 'string' ? 'text' : 'coded'
}

type SomeLimits = { readonly [Name in keyof Limits]?: number | null }

const limitsOf = (input: SomeLimits): Limits => ({
  reference_low: input.reference_low ?? null,
  reference_high: input.reference_high ?? null,
  critical_low: input.critical_low ?? null,
  critical_high: input.critical_high ?? null,
})

function findLimitBreach(input: ResultInput, limits: Limits): Refusal | null {
  const { critical_low, reference_low, reference_high, critical_high } = limits
  const known = [critical_low, reference_low, reference_high, critical_high].filter((limit) => limit !== null)
  if (typeof input.value !== 'number' && (known.length > 0 || input.comparator)) {
    return { code: 'validation-failed', pointer: '/value', detail: 'must be a number to be compared with limits' }
  }
  const isOrdered = known.every((limit, i) => i === 0 || (known[i - 1] ?? limit) <= limit)
  return isOrdered
    ? null
    : {
        code: 'validation-failed',
        pointer: '/reference_low',
        detail: 'limits must ascend: critical, reference low, reference high, critical',
      }
}

const withoutRange = (input: ResultInput, limits: Limits): Result => ({
  name: input.name,
  code: input.code ?? null,
  value_type: valueTypeOf(input.value),
  value: input.value,
  unit: input.unit ?? null,
  comparator: input.comparator ?? null,
  ...limits,
  flag: typeof input.value === 'number' ? flagOf(input.value, input.comparator ?? null, limits) : null,
  converted_from: null,
  notes: input.notes ?? null,
})

const mismatch = (input: ResultInput, range: Range): Refusal => ({
  code: 'unit-mismatch',
  pointer: '/unit',
  detail: `${input.unit ?? 'no unit'} cannot be converted to ${range.unit ?? 'a result without unit'}, the unit of the hospital's reference range`,
})

/** Value in another unit; null when there is no way. No unit on both sides is a unit too. */
function convert(value: number, from: string | null, to: string | null, range: Range): number | null {
  if (from === to) return value
  return from === null || to === null ? null : convertUnit(value, from, to, range.molar_mass)
}

/** The entry brings its own reference range: it stays as entered, and the hospital adds the limits it left out. */
function withOwnRange(input: ResultInput, own: Limits, range: Range): Result | Refusal {
  const added: Limits = { ...own }
  for (const name of ['critical_low', 'critical_high'] as const) {
    const limit = range[name]
    if (own[name] !== null || limit === null) continue
    const converted = convert(limit, range.unit, input.unit ?? null, range)
    if (converted === null) return mismatch(input, range)
    added[name] = converted
  }
  return withoutRange(input, added)
}

/** The hospital's range applies: the value is converted into its unit, and what was entered is kept beside. */
function withHospitalRange(input: ResultInput & { value: number }, own: Limits, range: Range): Result | Refusal {
  const unit = input.unit ?? null
  const value = convert(input.value, unit, range.unit, range)
  if (value === null) return mismatch(input, range)
  const limits: Limits = limitsOf(range)
  for (const name of ['critical_low', 'critical_high'] as const) {
    const given = own[name]
    if (given !== null) limits[name] = convert(given, unit, range.unit, range)
  }
  const graded = withoutRange({ ...input, value, unit: range.unit }, limits)
  return unit === null || unit === range.unit ? graded : { ...graded, converted_from: { value: input.value, unit } }
}

/**
 * A result as it is kept: typed, with the reference range as it is now, in the range's unit, and the flag that follows.
 * A unit that cannot be converted is refused, never guessed.
 */
export function gradeResult(input: ResultInput, range: Range | null): Result | Refusal {
  const own = limitsOf(input)
  const breach = findLimitBreach(input, own)
  if (breach !== null) return breach
  const { value } = input
  if (range === null || typeof value !== 'number') return withoutRange(input, own)
  const bringsRange = own.reference_low !== null || own.reference_high !== null
  return bringsRange ? withOwnRange(input, own, range) : withHospitalRange({ ...input, value }, own, range)
}

/** Is one of the results beyond a critical limit? */
export const isCritical = (results: readonly Result[]): boolean =>
  results.some(({ flag }) => flag === 'LL' || flag === 'HH')

type Analyte = Pick<Result, 'name' | 'code'>
const nameOf = ({ name }: Analyte) => name.trim().toLowerCase()

/** Do two results speak of the same analyte? By code where both have one, else by name. */
const isSameAnalyte = (a: Analyte, b: Analyte): boolean =>
  a.code !== null && b.code !== null ? a.code === b.code : nameOf(a) === nameOf(b)

/** The place of the first entry whose analyte stands before it in the same list; -1 when each is there once. */
export const findRepeated = (entered: readonly Analyte[]): number =>
  entered.findIndex((result, i) => entered.slice(0, i).some((before) => isSameAnalyte(before, result)))

/**
 * The test's notes after results were entered with these: the first take the place of the order's (which stay in its
 * step), those of later parts are added, none replaces another part's.
 */
export function notesAfter(
  { notes, results_version }: Pick<Static<typeof LabTest>, 'notes' | 'results_version'>,
  entered: string | null | undefined,
): string | null {
  if (entered === undefined) return notes
  if (results_version === 0 || notes === null) return entered
  return entered === null || notes.split('\n').includes(entered) ? notes : `${notes}\n${entered}`
}

/** What entering results makes of those that are there. */
export interface Entry {
  /** All results of the test from now on. */
  results: Result[]
  /** Those that were not there, or not so. */
  changed: Result[]
  isCorrection: boolean
  critical: Static<typeof LabCritical> | null
}

/**
 * Entering adds: the parts of a panel come one after the other, and none takes another's place. An analyte that is there
 * already is corrected where it stands; the same again changes nothing. A critical value stays open until a person has
 * acknowledged it, whatever is entered after it; a new one opens the test again.
 */
export function decideEntry(
  present: readonly Result[],
  critical: Static<typeof LabCritical> | null,
  entered: readonly Result[],
): Entry {
  const standing = (result: Result) => present.find((other) => isSameAnalyte(other, result))
  const changed = entered.filter((result) => {
    const before = standing(result)
    return before === undefined || !Value.Equal(before, result)
  })
  const results = [
    ...present.map((before) => changed.find((result) => isSameAnalyte(result, before)) ?? before),
    ...changed.filter((result) => standing(result) === undefined),
  ]
  const isOpen = critical === 'unacknowledged' || isCritical(changed)
  return {
    results,
    changed,
    isCorrection: changed.some((result) => standing(result) !== undefined),
    critical: isOpen ? 'unacknowledged' : isCritical(results) ? critical : null,
  }
}
