import type { LabReferenceRange, Static } from '@hospital/contracts'
import { isUnit } from '../lab-tests/unit-rules.ts'
import type { Sex } from './sex-rules.ts'

export type Range = Static<typeof LabReferenceRange>
export type RangeContent = Omit<Range, 'id' | 'created_at' | 'updated_at' | 'version'>

const day = 24 * 60 * 60 * 1000

/** The calendar day on which somebody born that day reaches an age like `P28D` or `P18Y`. */
export function dayOfAge(dateOfBirth: string, age: string): string {
  const [, digits = '0', unit] = /^P(\d+)([DWMY])$/.exec(age) ?? []
  const count = Number(digits)
  const born = new Date(`${dateOfBirth}T00:00:00Z`)
  if (unit === 'D' || unit === 'W') {
    return new Date(born.getTime() + count * (unit === 'W' ? 7 : 1) * day).toISOString().slice(0, 10)
  }
  const months = born.getUTCMonth() + (unit === 'Y' ? 12 * count : count)
  const lastOfMonth = new Date(Date.UTC(born.getUTCFullYear(), months + 1, 0)).getUTCDate()
  const reached = Date.UTC(born.getUTCFullYear(), months, Math.min(born.getUTCDate(), lastOfMonth))
  return new Date(reached).toISOString().slice(0, 10)
}

/** For whom, and when, a range is looked for. */
export interface Subject {
  sex: Sex | null
  dateOfBirth: string
  /** The instant of the specimen. */
  at: string
}

function fits(range: Range, { sex, dateOfBirth, at }: Subject): boolean {
  if (range.sex !== null && range.sex !== sex) return false
  const today = at.slice(0, 10)
  if (range.age_min !== null && today < dayOfAge(dateOfBirth, range.age_min)) return false
  return range.age_max === null || today < dayOfAge(dateOfBirth, range.age_max)
}

/** Those of the analyte: of its code or, where they have none, its name; where there is none, of its name alone. */
function rangesOf(ranges: readonly Range[], { name, code }: { name: string; code: string | null }): readonly Range[] {
  const word = name.trim().toLowerCase()
  const named = ranges.filter((range) => range.name.trim().toLowerCase() === word)
  const own = ranges.filter((range) =>
    range.code === null || code === null ? named.includes(range) : range.code === code,
  )
  return own.length > 0 ? own : named
}

const specificity = (range: Range): number =>
  (range.sex === null ? 0 : 4) + (range.age_min === null ? 0 : 1) + (range.age_max === null ? 0 : 1)

/** The range that says most about this person: for their sex before for everybody, for an age before for all ages. */
export function chooseRange(
  ranges: readonly Range[],
  analyte: { name: string; code: string | null },
  subject: Subject,
): Range | null {
  const usable = ranges.filter((range) => range.status === 'active' && fits(range, subject))
  const fitting = rangesOf(usable, analyte)
  const reaches = (range: Range) => (range.age_min === null ? '' : dayOfAge(subject.dateOfBirth, range.age_min))
  const [best] = fitting.toSorted(
    (a, b) => specificity(b) - specificity(a) || reaches(b).localeCompare(reaches(a)) || a.id - b.id,
  )
  return best ?? null
}

/**
 * The ranges to grade by: one where the sex is known. Where it is not, that of either sex, since a limit that nobody
 * looks at alarms nobody: the result is graded by the one that alarms.
 */
export function chooseRanges(
  ranges: readonly Range[],
  analyte: { name: string; code: string | null },
  { sex, ...rest }: Omit<Subject, 'sex'> & { sex: Sex | 'other' | 'unknown' },
): Range[] {
  const sexes: Sex[] = sex === 'male' || sex === 'female' ? [sex] : ['female', 'male']
  const chosen = sexes.flatMap((each) => chooseRange(ranges, analyte, { ...rest, sex: each }) ?? [])
  return [...new Set(chosen)]
}

interface Breach {
  pointer: string
  detail: string
}

const inOrder = (...limits: (number | null)[]): boolean => {
  const known = limits.filter((limit) => limit !== null)
  return known.every((limit, i) => i === 0 || (known[i - 1] ?? limit) <= limit)
}

/** What the fields of a range must be to each other. */
export function findRangeBreaches(range: RangeContent): Breach[] {
  const { critical_low, reference_low, reference_high, critical_high, age_min, age_max, unit } = range
  const limits = [critical_low, reference_low, reference_high, critical_high]
  const breaches: Breach[] = []
  if (limits.every((limit) => limit === null)) {
    breaches.push({ pointer: '/reference_low', detail: 'one of the four limits is needed' })
  }
  if (!inOrder(...limits)) {
    breaches.push({
      pointer: '/reference_low',
      detail: 'must be critical_low ≤ reference_low ≤ reference_high ≤ critical_high',
    })
  }
  if (unit !== null && !isUnit(unit)) breaches.push({ pointer: '/unit', detail: 'is not a unit of UCUM' })
  const someDay = '2000-01-01'
  if (age_min !== null && age_max !== null && dayOfAge(someDay, age_min) >= dayOfAge(someDay, age_max)) {
    breaches.push({ pointer: '/age_max', detail: 'must be after age_min' })
  }
  return breaches
}
