import { calendarDate, isCalendarDate } from '@hospital/contracts'

/** What is compared of a person; names as the search stores them, telephone numbers as digits backwards. */
export interface Person {
  firstName: string
  lastName: string
  birthDate: string
  phone: string | null
  email: string | null
}

export type Reason =
  | 'same name'
  | 'similar name'
  | 'same sound'
  | 'names swapped'
  | 'same birth date'
  | 'day and month swapped'
  | 'birth date one digit off'
  | 'same phone'
  | 'same e-mail'

export interface Match {
  score: number
  reasons: Reason[]
}

/** From here on two people may be one: full agreement of the names and of one thing more reaches it. */
export const duplicateThreshold = 0.7

/** Comparing costs the square of the length, for hundreds of people; names that differ, differ before this. */
const longestCompared = 60

/** Jaro–Winkler similarity, 0 to 1: kind to changed letters, kinder to words that begin alike. */
export function nameSimilarity(one: string, other: string): number {
  if (one === other) return one === '' ? 0 : 1
  const [a, b] = [one.slice(0, longestCompared), other.slice(0, longestCompared)]
  const reach = Math.max(0, Math.floor(Math.max(a.length, b.length) / 2) - 1)
  const taken = new Set<number>()
  const common: string[] = []
  for (let i = 0; i < a.length; i++) {
    for (let j = Math.max(0, i - reach); j <= Math.min(b.length - 1, i + reach); j++) {
      if (taken.has(j) || a[i] !== b[j]) continue
      taken.add(j)
      common.push(a[i] as string)
      break
    }
  }
  if (common.length === 0) return 0
  const others = [...taken].sort((x, y) => x - y).map((j) => b[j])
  const swapped = common.filter((letter, i) => letter !== others[i]).length / 2
  const jaro = (common.length / a.length + common.length / b.length + (common.length - swapped) / common.length) / 3
  let prefix = 0
  while (prefix < 4 && a[prefix] !== undefined && a[prefix] === b[prefix]) prefix++
  return jaro + prefix * 0.1 * (1 - jaro)
}

const sounds: readonly [RegExp, string][] = [
  [/[^a-z]/g, ''],
  [/^(kn|gn|pn)/, 'n'],
  [/^wr/, 'r'],
  [/^x/, 's'],
  [/sch|sh|ch|cz|tsch/g, 'x'],
  [/ph|v|w/g, 'f'],
  [/gh(?=[^aeiou]|$)/g, ''],
  [/th|dt|d/g, 't'],
  [/c(?=[eiy])|z/g, 's'],
  [/ck|c|q|g/g, 'k'],
  [/x?ks/g, 'x'],
  [/b/g, 'p'],
  [/j|y/g, 'i'],
  [/h/g, ''],
]

/** How a name sounds, roughly, across the spellings of European names: Smith and Smyth, Philip and Filip are one. */
export function soundOf(name: string): string {
  const spelled = sounds.reduce((word, [pattern, sound]) => word.replace(pattern, sound), name)
  const first = /^[aeiou]/.test(spelled) ? 'a' : ''
  return first + spelled.replace(/[aeiou]/g, '').replace(/(.)\1+/g, '$1')
}

/** A sound of one consonant says too little. */
const soundsAlike = (a: string, b: string): boolean => {
  const sound = soundOf(a)
  return a === b || (sound.length >= 2 && sound === soundOf(b))
}

/** The day with day and month changed about, when there is such a day and it is another one. */
export function swappedDate(date: string): string | null {
  const [year, month, day] = date.split('-').map(Number)
  const swapped = calendarDate(year ?? 0, day ?? 0, month ?? 0)
  return swapped === date ? null : swapped
}

/** Days that differ from this one in a single digit: a slip of the finger away. */
export function nearDates(date: string): string[] {
  const near: string[] = []
  for (const [at, sign] of [...date].entries()) {
    if (sign === '-') continue
    for (let digit = 0; digit <= 9; digit++) {
      const typed = `${date.slice(0, at)}${digit}${date.slice(at + 1)}`
      if (typed !== date && isCalendarDate(typed)) near.push(typed)
    }
  }
  return near
}

function compareNames(a: Person, b: Person): Match | null {
  const straight = Math.min(wordScore(a.firstName, b.firstName), wordScore(a.lastName, b.lastName))
  const crossed = Math.min(wordScore(a.firstName, b.lastName), wordScore(a.lastName, b.firstName))
  const similarity = Math.max(straight, crossed)
  // Twins and couples share a birth date, a telephone, a family name: both names have to agree.
  if (similarity < 0.8) return null
  const spelledAlike = a.firstName === b.firstName && a.lastName === b.lastName
  if (spelledAlike) return { score: 0.5, reasons: ['same name'] }
  if (crossed > straight) return { score: 0.5 * similarity, reasons: ['names swapped'] }
  const sound = soundsAlike(a.firstName, b.firstName) && soundsAlike(a.lastName, b.lastName)
  return { score: 0.5 * similarity, reasons: sound ? ['similar name', 'same sound'] : ['similar name'] }
}

/** Words of one sound count as nearly equal; so does a name of several words whose first word is the other's. */
function wordScore(a: string, b: string): number {
  const similarity = nameSimilarity(a, b)
  const [firstA, firstB] = [a.split(' ')[0] ?? '', b.split(' ')[0] ?? '']
  const partly = firstA.length >= 3 && firstA === firstB ? 0.92 : 0
  return Math.max(similarity, soundsAlike(a, b) ? 0.92 : 0, partly)
}

function compareBirthDates(a: string, b: string): Match | null {
  if (a === b) return { score: 0.3, reasons: ['same birth date'] }
  if (swappedDate(a) === b) return { score: 0.27, reasons: ['day and month swapped'] }
  return nearDates(a).includes(b) ? { score: 0.23, reasons: ['birth date one digit off'] } : null
}

/** How likely two people are one, and why; null when their names differ too much. */
export function matchPeople(a: Person, b: Person): Match | null {
  const names = compareNames(a, b)
  if (names === null) return null
  const parts = [names, compareBirthDates(a.birthDate, b.birthDate)]
  if (a.phone !== null && a.phone.length >= 4 && a.phone === b.phone)
    parts.push({ score: 0.25, reasons: ['same phone'] })
  if (a.email !== null && a.email === b.email) parts.push({ score: 0.25, reasons: ['same e-mail'] })
  const score = parts.reduce((sum, part) => sum + (part?.score ?? 0), 0)
  return { score: Math.round(Math.min(1, score) * 100) / 100, reasons: parts.flatMap((part) => part?.reasons ?? []) }
}
