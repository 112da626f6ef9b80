import type { Sex } from './sex-rules.ts'

const hour = 60 * 60 * 1000
const day = 24 * hour

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

const hoursOf = (age: string): number | null => {
  const digits = /^PT(\d+)H$/.exec(age)?.[1]
  return digits === undefined ? null : Number(digits)
}

/** For ordering: about how many hours an age is. */
export const roughHours = (age: string): number =>
  hoursOf(age) ?? (Date.parse(`${dayOfAge('2000-01-01', age)}T00:00:00Z`) - Date.parse('2000-01-01T00:00:00Z')) / hour

/** Who is asked about, and when. */
export interface Subject {
  sex: Sex | null
  dateOfBirth: string
  /** The instant of the specimen. */
  at: string
  /** Known to be pregnant at that time. */
  isPregnant?: boolean
}

/** Has this age been reached? Births are known by their day: within it, an age in hours may have been. */
export function hasReached({ dateOfBirth, at }: Subject, age: string): boolean | 'perhaps' {
  const hours = hoursOf(age)
  if (hours === null) return at.slice(0, 10) >= dayOfAge(dateOfBirth, age)
  const now = Date.parse(at)
  const earliest = Date.parse(`${dateOfBirth}T00:00:00Z`)
  if (now - Math.min(earliest + day, now) >= hours * hour) return true
  return now - earliest < hours * hour ? false : 'perhaps'
}

/** Whom something is for; null and absent: everybody. */
export interface Scope {
  sex: Sex | null
  age_min: string | null
  age_max: string | null
  pregnant?: boolean
}

/** Is it for this person: for certain, perhaps, or not? */
export function isFor(scope: Scope, subject: Subject): boolean | 'perhaps' {
  if (scope.sex !== null && scope.sex !== subject.sex) return false
  if (scope.pregnant === true && subject.isPregnant !== true) return false
  const [from, to] = [
    scope.age_min === null || hasReached(subject, scope.age_min),
    scope.age_max !== null && hasReached(subject, scope.age_max),
  ]
  if (from === false || to === true) return false
  return from === 'perhaps' || to === 'perhaps' ? 'perhaps' : true
}

const specificity = ({ pregnant, sex, age_min, age_max }: Scope): number =>
  (pregnant === true ? 8 : 0) + (sex === null ? 0 : 4) + (age_min === null ? 0 : 1) + (age_max === null ? 0 : 1)

const beginning = ({ age_min }: Scope): number => (age_min === null ? -1 : roughHours(age_min))

/**
 * What says most about this person: for pregnancy before for their sex, that before for an age, that before for everybody.
 * More than one where a birth's day leaves it open; the first is the most specific.
 */
export function chooseFor<S extends Scope>(scopes: readonly S[], subject: Subject): S[] {
  const fitting = scopes
    .map((scope) => ({ scope, fits: isFor(scope, subject) }))
    .filter(({ fits }) => fits !== false)
    .toSorted((a, b) => specificity(b.scope) - specificity(a.scope) || beginning(b.scope) - beginning(a.scope))
  const sure = fitting.findIndex(({ fits }) => fits === true)
  return fitting.slice(0, sure === -1 ? fitting.length : sure + 1).map(({ scope }) => scope)
}
