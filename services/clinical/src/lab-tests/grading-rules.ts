import type { LabResult, LabResultInput, Static } from '@hospital/contracts'
import { flagOfText, type Texts } from '../lab-catalogue/text-rules.ts'
import type { Range } from '../lab-reference-ranges/rules.ts'
import { type Analyte, convertValue, findImplausible, isPlainNumber, withDigitsOf } from './analyte-rules.ts'
import { readNumber } from './number-rules.ts'
import { readUnit, suggestUnit } from './unit-rules.ts'

export type Result = Static<typeof LabResult>
export type ResultInput = Static<typeof LabResultInput>

/** A whole result: what is not said is null. Older ones and imported ones leave members out. */
export const completeResult = (stored: Partial<Result>): Result => ({
  name: '',
  code: null,
  value_type: 'text',
  value: '',
  unit: null,
  comparator: null,
  reference_low: null,
  reference_high: null,
  critical_low: null,
  critical_high: null,
  range: null,
  flag: null,
  converted_from: null,
  notes: null,
  ...stored,
})

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
  code: 'unit-mismatch' | 'implausible-value' | 'validation-failed'
  pointer: string
  detail: string
}
export const isRefusal = (graded: Result | Refusal): graded is Refusal => 'pointer' in graded

const valueTypeOf = (value: ResultInput['value']): Result['value_type'] => {
  if (typeof value === 'number') return 'numeric'
  return typeof value === 'string' ? 'text' : 'coded'
}

/** What a value is compared with: a range of the hospital's, or limits of its catalogue. */
export type GradingRange = Limits &
  Pick<Range, 'name' | 'unit' | 'molar_mass'> & {
    /** Absent: the hospital's own. `unverified` limits alarm and never say normal. */
    from?: 'catalogue' | 'unverified'
  }

/** What the catalogue knows of the analyte besides its limits. */
export type KnownAnalyte = Analyte & Texts

type Whose = Exclude<Result['range'], 'none' | null>

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

/** Which reference range a value was compared with, where these are the limits that it had. */
export const rangeOf = (
  { value }: Pick<ResultInput, 'value'>,
  limits: Pick<Limits, 'reference_low' | 'reference_high'>,
  whose: Whose,
): Result['range'] => {
  if (typeof value !== 'number') return null
  return limits.reference_low === null && limits.reference_high === null ? 'none' : whose
}

const withLimits = (input: ResultInput, limits: Limits, whose: Whose = 'entered'): Result => ({
  name: input.name,
  code: input.code ?? null,
  value_type: valueTypeOf(input.value),
  value: input.value,
  unit: input.unit ?? null,
  comparator: input.comparator ?? null,
  ...limits,
  range: rangeOf(input, limits, whose),
  flag: typeof input.value === 'number' ? flagOf(input.value, input.comparator ?? null, limits) : null,
  converted_from: null,
  notes: input.notes ?? null,
})

const mismatch = (input: ResultInput, { unit, from }: GradingRange): Refusal => ({
  code: 'unit-mismatch',
  pointer: '/unit',
  detail: `${input.unit ?? 'no unit'} cannot be converted to ${unit ?? 'a result without unit'}, the unit of ${from === undefined ? "the hospital's reference range" : 'this analyte in the catalogue'}`,
})

/** Value in another unit; null when there is no way. No unit on both sides is a unit too. */
function convert(
  value: number,
  from: string | null,
  to: string | null,
  range: GradingRange,
  analyte: Analyte | null,
): number | null {
  if (from === to) return value
  if (from === null || to === null) return isPlainNumber(from ?? to ?? '') ? value : null
  const molarMass = range.molar_mass ?? analyte?.molar_mass ?? null
  return convertValue(range.name, value, from, to, molarMass, analyte)
}

/** Of two critical limits the one that alarms sooner. */
const stricter = {
  critical_low: (a: number | null, b: number) => (a === null ? b : Math.max(a, b)),
  critical_high: (a: number | null, b: number) => (a === null ? b : Math.min(a, b)),
}

/** The limits in the unit of the entry; null where they cannot be converted into it. */
function inUnitOf(input: ResultInput, range: GradingRange, analyte: Analyte | null): Limits | null {
  const limits: Limits = limitsOf(range)
  for (const name of ['reference_low', 'reference_high', 'critical_low', 'critical_high'] as const) {
    const limit = range[name]
    if (limit === null) continue
    const converted = convert(limit, range.unit, input.unit ?? null, range, analyte)
    if (converted === null) return null
    limits[name] = converted
  }
  return limits
}

const withStricter = (limits: Limits, { critical_low, critical_high }: Limits): Limits => ({
  ...limits,
  critical_low: critical_low === null ? limits.critical_low : stricter.critical_low(limits.critical_low, critical_low),
  critical_high:
    critical_high === null ? limits.critical_high : stricter.critical_high(limits.critical_high, critical_high),
})

/** The entry brings its own reference range: it stays as entered; of critical limits the hospital's always hold. */
function withOwnRange(input: ResultInput, own: Limits, range: GradingRange, analyte: Analyte | null) {
  const criticalOnly = { ...range, reference_low: null, reference_high: null }
  const limits = inUnitOf(input, criticalOnly, analyte)
  return limits === null ? null : withLimits(input, withStricter(own, limits))
}

/** The catalogue's limits apply: the value stays in the unit that it was entered in, the limits are converted into it. */
function withCatalogueRange(input: ResultInput, own: Limits, range: GradingRange, analyte: Analyte | null) {
  const limits = inUnitOf(input, range, analyte)
  if (limits === null) return null
  const graded = withLimits(input, withStricter(limits, own), range.from ?? 'catalogue')
  return graded.range === 'unverified' && graded.flag === 'N' ? { ...graded, flag: null } : graded
}

/** The hospital's range applies: the value is converted into its unit, and what was entered is kept beside. */
function withHospitalRange(
  input: ResultInput & { value: number },
  own: Limits,
  range: GradingRange,
  analyte: Analyte | null,
) {
  const unit = input.unit ?? null
  const converted = convert(input.value, unit, range.unit, range, analyte)
  if (converted === null) return null
  const value = unit === range.unit ? converted : withDigitsOf(input.value, converted)
  const limits: Limits = limitsOf(range)
  for (const name of ['critical_low', 'critical_high'] as const) {
    const given = own[name] === null ? null : convert(own[name], unit, range.unit, range, analyte)
    if (given !== null) limits[name] = stricter[name](limits[name], given)
  }
  const graded = withLimits({ ...input, value, unit: range.unit }, limits, 'hospital')
  return unit === null || unit === range.unit ? graded : { ...graded, converted_from: { value: input.value, unit } }
}

function withRange(
  input: ResultInput & { value: number },
  own: Limits,
  range: GradingRange,
  analyte: Analyte | null,
): Result | null {
  if (own.reference_low !== null || own.reference_high !== null) return withOwnRange(input, own, range, analyte)
  return range.from === undefined
    ? withHospitalRange(input, own, range, analyte)
    : withCatalogueRange(input, own, range, analyte)
}

/** What stands for a number and is none: `7.1 H`, `7-8`, and what meters show beyond what they measure. */
const hidesNumber = /\p{N}|^\s*(?:hi|lo|high|low|critical)\s*$/iu
const unreadable: Refusal = {
  code: 'validation-failed',
  pointer: '/value',
  detail:
    'holds a number that cannot be compared with the range: send it as a number, beyond a limit with its comparator',
}

/** The unit as UCUM writes it, and a number that came as text as a number, where one was meant. */
function readEntry(input: ResultInput, hasRange: boolean): ResultInput | Refusal {
  const unit = input.unit ? readUnit(input.unit) : null
  if (input.unit && unit === null) {
    const meant = suggestUnit(input.unit)
    const detail = `is no unit of UCUM${meant === null ? '; a unit of your own stands in braces, {like this}' : `: did you mean ${meant}?`}`
    return { code: 'validation-failed', pointer: '/unit', detail }
  }
  const entry = input.unit ? { ...input, unit } : input
  if (typeof entry.value !== 'string' || (!hasRange && unit === null)) return entry
  const typed = readNumber(entry.value)
  if (typed === null) return hasRange && hidesNumber.test(entry.value) ? unreadable : entry
  const { comparator } = entry
  if (typed === 'ambiguous' || (comparator && typed.comparator && typed.comparator !== comparator))
    return { code: 'validation-failed', pointer: '/value', detail: 'can be read as two numbers: send it as a number' }
  return { ...entry, value: typed.value, comparator: typed.comparator ?? comparator ?? null }
}

/** Words and codes have the flag that the catalogue gives them. */
function inWords(input: ResultInput, own: Limits, analyte: KnownAnalyte | null): Result {
  const result = withLimits(input, own)
  if (analyte === null || typeof input.value === 'number') return result
  const { value } = input
  const texts = typeof value === 'string' ? [value] : [value.display ?? '', value.code]
  const said = texts.map((text) => flagOfText(text, analyte))
  return { ...result, flag: said.reduce<Result['flag']>(worse, null) }
}

/** Is this analyte answered by a number alone? */
const isNumeric = (analyte: KnownAnalyte | null): boolean =>
  analyte !== null && analyte.unit !== null && analyte.normal_texts.length + analyte.abnormal_texts.length === 0

/**
 * A result as it is kept: typed, with the reference range as it is now, in the range's unit, and the flag that follows.
 * A unit that does not exist or cannot be converted is refused, and a value that no human has, unless somebody says why it
 * is right; nothing is guessed. Without a unit nothing is compared with the catalogue: such a result has no range.
 */
export function gradeResult(
  entered: ResultInput,
  range: GradingRange | null,
  isExplained = false,
  analyte: KnownAnalyte | null = null,
): Result | Refusal {
  const input = readEntry(entered, range?.from === undefined ? range !== null : isNumeric(analyte))
  if ('pointer' in input) return input
  const own = limitsOf(input)
  const breach = findLimitBreach(input, own)
  if (breach !== null) return breach
  const { value } = input
  if (typeof value !== 'number') return inWords(input, own, analyte)
  const implausible = isExplained ? null : findImplausible(input.name, value, input.unit ?? null, analyte)
  if (implausible !== null) return { code: 'implausible-value', pointer: '/value', detail: implausible }
  if (range === null) return withLimits(input, own)
  const graded = withRange({ ...input, value }, own, range, analyte)
  if (graded !== null) return graded
  const mayStand = range.from !== undefined && (isExplained || !input.unit)
  return mayStand ? withLimits(input, own) : mismatch(input, range)
}

export const flags = ['N', 'L', 'H', 'A', 'LL', 'HH', 'AA'] as const

const alarms: readonly Result['flag'][] = ['N', null, 'L', 'H', 'A', 'LL', 'HH', 'AA']

/** Of two flags the one that alarms more; normal counts only where nothing else was said. */
export const worse = (a: Result['flag'], b: Result['flag']): Result['flag'] => {
  if (a === null || b === null) return a ?? b
  return alarms.indexOf(a) >= alarms.indexOf(b) ? a : b
}

/** Graded by each of the ranges that may apply; kept is the grade that alarms most. */
export function gradeByAny(
  input: ResultInput,
  ranges: readonly GradingRange[],
  isExplained = false,
  analyte: KnownAnalyte | null = null,
): Result | Refusal {
  const [first, ...others] = (ranges.length === 0 ? [null] : ranges).map((range) =>
    gradeResult(input, range, isExplained, analyte),
  )
  return others.reduce<Result | Refusal>(
    (most, next) => {
      if (isRefusal(most)) return most
      return isRefusal(next) || alarms.indexOf(next.flag) > alarms.indexOf(most.flag) ? next : most
    },
    first as Result | Refusal,
  )
}
