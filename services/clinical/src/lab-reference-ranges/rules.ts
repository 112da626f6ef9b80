import type { LabReferenceRange, Static } from '@hospital/contracts'
import { isUnit } from '../lab-tests/unit-rules.ts'
import { chooseFor, roughHours, type Subject } from './age-rules.ts'
import type { Sex } from './sex-rules.ts'

export type Range = Static<typeof LabReferenceRange>
export type RangeContent = Omit<Range, 'id' | 'created_at' | 'updated_at' | 'version'>

/** Those of the analyte: of its code or, where they have none, its name; where there is none, of its name alone. */
function rangesOf(ranges: readonly Range[], { name, code }: { name: string; code: string | null }): readonly Range[] {
  const word = name.trim().toLowerCase()
  const named = ranges.filter((range) => range.name.trim().toLowerCase() === word)
  const own = ranges.filter((range) =>
    range.code === null || code === null ? named.includes(range) : range.code === code,
  )
  return own.length > 0 ? own : named
}

/** The ranges that say most about this person; more than one where a birth's day leaves open which it is. */
function chooseOf(
  ranges: readonly Range[],
  analyte: { name: string; code: string | null },
  subject: Subject,
): readonly Range[] {
  const usable = ranges.filter(({ status }) => status === 'active').toSorted((a, b) => a.id - b.id)
  const fitting = usable.filter((range) => chooseFor([range], subject).length > 0)
  return chooseFor(rangesOf(fitting, analyte), subject)
}

/** The range that says most about this person: for their sex before for everybody, for an age before for all ages. */
export const chooseRange = (
  ranges: readonly Range[],
  analyte: { name: string; code: string | null },
  subject: Subject,
): Range | null => chooseOf(ranges, analyte, subject)[0] ?? null

/** Somebody whose sex may be unknown. */
export type Person = Omit<Subject, 'sex'> & { sex: Sex | 'other' | 'unknown' }

/** The sexes whose limits count: both where it is not known, since a limit that nobody looks at alarms nobody. */
export const sexesOf = ({ sex }: Pick<Person, 'sex'>): readonly Sex[] =>
  sex === 'male' || sex === 'female' ? [sex] : ['female', 'male']

/**
 * The ranges to grade by: one where sex and age are known. Where they are not, that of either, and the result is graded by
 * the one that alarms.
 */
export function chooseRanges(
  ranges: readonly Range[],
  analyte: { name: string; code: string | null },
  person: Person,
): Range[] {
  return [...new Set(sexesOf(person).flatMap((sex) => chooseOf(ranges, analyte, { ...person, sex })))]
}

export interface Breach {
  pointer: string
  detail: string
}

/** Are those that are there in ascending order? */
export const inOrder = (...limits: (number | null)[]): boolean => {
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
  if (age_min !== null && age_max !== null && roughHours(age_min) >= roughHours(age_max)) {
    breaches.push({ pointer: '/age_max', detail: 'must be after age_min' })
  }
  return breaches
}
