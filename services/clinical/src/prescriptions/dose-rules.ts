import type { Conflict } from '@hospital/contracts'
import { type ReadDose, readDoses, routeOf, unreadUnit } from './dose-reading-rules.ts'
import type { DoseOrder, Drug } from './drug-name-rules.ts'
import type { Findings } from './findings-rules.ts'
import type { ChildDoseLimit, DoseLimit, Route } from './knowledge/dose-limit.ts'
import { adultDoseLimits, childLimits, courseLimits, weeklyOnly } from './knowledge/dose-limits.ts'
import type { Ingredient } from './knowledge/ingredient.ts'
import type { Opened } from './knowledge/interaction.ts'
import { ageOf, type PatientFacts } from './patient-facts-rules.ts'

const byName = Map.groupBy(adultDoseLimits, ({ name }) => name)
const childByName = Map.groupBy(childLimits, ({ name }) => name)
const courseByName = new Map(courseLimits.map((limit) => [limit.name, limit]))

/** Rounding of a strength or a weight is no overdose. */
const tolerance = 1.02
/** From here on it is likelier that the unit was meant to be another. */
const slip = 100
/** An oral figure says this much about an injection: ten times above it is a slip. */
const otherRoute = 10
const childAge = 12

const round = (value: number) => Number(value.toPrecision(4))
const inMilligrams = (value: number) => (value < 1 ? `${round(value * 1000)} microgram` : `${round(value)} mg`)

export const sourceOf = ({ source, opened }: { source: string; opened: Opened | null }): string =>
  opened === null ? `${source} (unverified: not opened)` : `${source}; read in ${opened.address}: ${opened.passage}`

function conflict(
  rule: string,
  severity: Conflict['severity'],
  detail: string,
  source: string,
): Findings['conflicts'][number] {
  return { check: 'dose', rule, severity, detail, source, with: { kind: 'dose', id: null } }
}

function exceeds(name: string, what: string, given: number, limit: number, told: string, source: string) {
  const factor = given / limit
  const unit = factor >= slip ? `; ${Math.round(factor)} times as much: is the unit the one that was meant?` : ''
  const detail = `${name} ${inMilligrams(given)} ${what} is above ${told}${unit}`
  return conflict(`dose-limit-${name.replaceAll(' ', '-')}`, factor >= 10 ? 'contraindicated' : 'major', detail, source)
}

interface Looked {
  conflicts: Findings['conflicts']
  notCovered: string[]
}
const gap = (...notCovered: string[]): Looked => ({ conflicts: [], notCovered })

/** The highest figures that any source names, and a verified one that covers what is given. */
function judgeAdult(name: string, limits: readonly DoseLimit[], factor: number, { single, daily }: Given): Looked {
  const highestDaily = limits.toSorted((a, b) => b.daily - a.daily)[0]
  if (highestDaily === undefined) return gap(`no dose limit for ${name}`)
  const most = highestDaily.daily * factor
  if (daily.value > most * tolerance) {
    const told = `${inMilligrams(most)} in a day`
    return { conflicts: [exceeds(name, daily.words, daily.value, most, told, sourceOf(highestDaily))], notCovered: [] }
  }
  const highestSingle = limits.every((limit) => limit.single !== null)
    ? limits.toSorted((a, b) => (b.single ?? 0) - (a.single ?? 0))[0]
    : undefined
  const mostAtOnce = (highestSingle?.single ?? 0) * factor
  if (highestSingle !== undefined && single > mostAtOnce * tolerance) {
    const told = `${inMilligrams(mostAtOnce)} at a time`
    const found = exceeds(name, 'at a time', single, mostAtOnce, told, sourceOf(highestSingle))
    return { conflicts: [found], notCovered: [] }
  }
  if (factor > 1) return gap(`no dose limit for ${name} by this route`)
  const isCovered = limits.some(
    (limit) =>
      limit.opened !== null &&
      daily.value <= limit.daily * tolerance &&
      (limit.single === null || single <= limit.single * tolerance),
  )
  return isCovered ? gap() : gap(`the dose of ${name} is compared with figures that are not verified alone`)
}

interface Given {
  single: number
  daily: { value: number; words: string }
}

function judgeChild(
  name: string,
  limits: readonly ChildDoseLimit[],
  { weight }: PatientFacts,
  { daily }: Given,
): Looked {
  const highest = limits.toSorted((a, b) => b.daily - a.daily)[0]
  if (highest === undefined) return gap(`no limit by weight for ${name}`)
  if (weight === null) return gap(`no weight of the last year: the dose of ${name} for a child is not compared`)
  const most = highest.daily * weight.kg
  if (daily.value <= most * tolerance) {
    const isCovered = limits.some(
      (limit) => limit.opened !== null && daily.value <= limit.daily * weight.kg * tolerance,
    )
    return isCovered ? gap() : gap(`the dose of ${name} is compared with a limit by weight that is not verified`)
  }
  const told = `${round(highest.daily)} mg/kg in a day, ${inMilligrams(most)} for ${weight.kg} kg (weighed on ${weight.on})`
  return { conflicts: [exceeds(name, daily.words, daily.value, most, told, sourceOf(highest))], notCovered: [] }
}

/** Drugs that are taken once a week: a daily dose of them has killed. */
function judgeWeekly(name: string, read: ReadDose): Looked | null {
  const rule = weeklyOnly.get(name)
  if (rule === undefined) return null
  const amount = read.single ?? read.strength
  if (rule.fromMg !== undefined && (amount === null || amount.value < rule.fromMg)) return null
  if (read.frequency === null) return gap(`${name} is taken weekly: how often is not said`)
  if (read.frequency.perDay <= rule.timesAWeek / 7 + 0.01) return null
  const detail = `${name} is taken ${rule.words}, this is more often`
  return { conflicts: [conflict(`weekly-only-${name}`, 'contraindicated', detail, sourceOf(rule))], notCovered: [] }
}

/** What is given, as far as it can be compared: without a dose, one tablet of the product is the least there can be. */
function givenOf({ single, strength, frequency }: ReadDose): Given | null {
  const amount = single ?? strength
  if (amount === null || amount.kind !== 'mg') return null
  const perDay = single === null ? 1 : Math.max(1, frequency?.perDay ?? 1)
  const words = perDay > 1 ? 'in a day' : 'at a time'
  return { single: amount.value, daily: { value: amount.value * perDay, words } }
}

function merge(...looked: Looked[]): Looked {
  return { conflicts: looked.flatMap((one) => one.conflicts), notCovered: looked.flatMap((one) => one.notCovered) }
}

function judge(
  ingredient: Ingredient,
  read: ReadDose,
  route: Route | null,
  order: DoseOrder,
  facts: PatientFacts,
): Looked {
  const { name } = ingredient
  const course = courseByName.get(name)
  const tooLong: Findings['conflicts'] =
    course && (order.duration_days ?? 0) > course.days
      ? [
          conflict(
            `course-${name}`,
            'major',
            `${name} for ${order.duration_days} days is longer than ${course.days} days`,
            sourceOf(course),
          ),
        ]
      : []
  const weekly = route === 'parenteral' ? null : judgeWeekly(name, read)
  const given = givenOf(read)
  const all = byName.get(name) ?? []
  const own = all.filter((limit) => route === null || limit.route === route)
  const limits = own.length > 0 ? own : all
  const adult =
    given === null || limits.length === 0
      ? gap(
          limits.length === 0
            ? `no dose limit for ${name}`
            : `the dose of ${name} is not said in a way that can be compared`,
        )
      : judgeAdult(name, limits, own.length > 0 ? 1 : otherRoute, given)
  const age = ageOf(facts)
  const isChild = age !== null && age < childAge
  const forChild =
    isChild && given !== null && adult.conflicts.length === 0
      ? judgeChild(
          name,
          (childByName.get(name) ?? []).filter((limit) => route === null || limit.route === route),
          facts,
          given,
        )
      : gap()
  const isWhole = read.single !== null && read.frequency?.isExact === true
  const unsaid =
    isWhole || given === null
      ? gap()
      : gap(`the dose of ${name} or how often is not said in a way that can be compared`)
  // For a child the limit by weight says it all.
  const looked = isChild ? { ...adult, notCovered: given === null ? adult.notCovered : [] } : adult
  return merge({ conflicts: tooLong, notCovered: [] }, weekly ?? gap(), looked, forChild, unsaid)
}

/** The dose of each ingredient against the most that a source names for this patient; see docs/knowledge.md. */
export function checkDose(drug: Drug, facts: PatientFacts | undefined): Findings {
  const order = drug.order ?? {}
  const unread = unreadUnit(order)
  const unchecked = unread === null ? [] : [`the unit “${unread}” of the dose is not understood`]
  const unknown = drug.unknown.map((part) => `no dose limit for “${part}”`)
  const route = routeOf(drug.label, order)
  if (route === 'topical') return { conflicts: [], unchecked, notCovered: ['no dose limit: it stays where it is put'] }
  if (facts === undefined) return { conflicts: [], unchecked, notCovered: ['nothing is known of the patient'] }
  const read = readDoses(drug, order)
  const looked = merge(
    ...drug.ingredients.map((each) =>
      judge(each, read.get(each) ?? { single: null, strength: null, frequency: null }, route, order, facts),
    ),
  )
  return { conflicts: looked.conflicts, unchecked, notCovered: [...unknown, ...looked.notCovered] }
}
