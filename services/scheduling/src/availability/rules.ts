import type { Static, WeeklyRules } from '@hospital/contracts'
import { covers, type Interval, merge } from './interval-rules.ts'
import { addDays, instantOf, wallTimeOf, weekdayOf } from './wall-clock-rules.ts'

type Rules = Static<typeof WeeklyRules>

/** When somebody works, before what is booked and time off are taken away. */
export interface Hours {
  /** The hospital's IANA zone. */
  timezone: string
  /** null: around the clock. */
  rules: Rules | null
  closingDays: ReadonlySet<string>
}

const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))

/** Rules that contradict themselves, by their place: an end that is not after its start, or two that overlap. */
export function findRuleErrors(rules: Rules): { index: number; detail: string }[] {
  return rules.flatMap((rule, index) => {
    if (minutesOf(rule.end) <= minutesOf(rule.start)) {
      return [
        { index, detail: 'must end after it starts; a shift over midnight is two rules, the first ending at 24:00' },
      ]
    }
    const overlapped = rules
      .slice(0, index)
      .some((other) => other.weekday === rule.weekday && rule.start < other.end && other.start < rule.end)
    return overlapped ? [{ index, detail: 'overlaps another rule of the same weekday' }] : []
  })
}

function dayIntervals(hours: Hours, date: string): Interval[] {
  if (hours.closingDays.has(date)) return []
  const rules = hours.rules ?? [{ weekday: weekdayOf(date), start: '00:00', end: '24:00' }]
  return rules
    .filter(({ weekday }) => weekday === weekdayOf(date))
    .map(({ start, end }) => ({
      start: instantOf(hours.timezone, date, minutesOf(start)),
      // The end of a day is the beginning of the next, also on a night when midnight comes twice.
      end:
        end === '24:00'
          ? instantOf(hours.timezone, addDays(date, 1), 0)
          : instantOf(hours.timezone, date, minutesOf(end), 'last'),
    }))
    .filter(({ start, end }) => start < end)
    .sort((a, b) => a.start - b.start)
}

/** The working intervals of every day that touches `bounds`, one per rule and day, in order, not cut at the bounds. */
export function workingIntervals(hours: Hours, bounds: Interval): Interval[] {
  const last = wallTimeOf(hours.timezone, bounds.end).date
  const intervals: Interval[] = []
  for (let date = addDays(wallTimeOf(hours.timezone, bounds.start).date, -1); date <= last; date = addDays(date, 1)) {
    intervals.push(...dayIntervals(hours, date))
  }
  return intervals.filter(({ start, end }) => start < bounds.end && bounds.start < end)
}

/** The same as open time without seams between the shifts. */
export const openTime = (hours: Hours, bounds: Interval): Interval[] =>
  hours.rules === null && hours.closingDays.size === 0 ? [bounds] : merge(workingIntervals(hours, bounds))

/** Is all of it within working hours? Shifts that meet count as one. */
export function isWithinHours(hours: Hours, wanted: Interval): boolean {
  return covers(openTime(hours, wanted), wanted)
}

/**
 * Slots of one length: each shift is divided from its beginning, so that slots begin at the times people expect;
 * a slot may run on into the next shift when they meet. Only those inside a free interval (merged) remain.
 */
export function slotsOf(shifts: readonly Interval[], free: readonly Interval[], durationMs: number): Interval[] {
  const slots: Interval[] = []
  let last = Number.NEGATIVE_INFINITY
  for (const shift of shifts) {
    for (let start = shift.start; start < shift.end; start += durationMs) {
      const slot = { start, end: start + durationMs }
      if (start < last || !covers(free, slot)) continue
      slots.push(slot)
      last = slot.end
    }
  }
  return slots
}

/** Up to `count` times of one length in the free intervals, nearest to the wanted time first; they do not overlap. */
export function nearestFree(free: readonly Interval[], wanted: number, durationMs: number, count: number): Interval[] {
  const candidates = free.flatMap((gap) => {
    const latest = gap.end - durationMs
    if (latest < gap.start) return []
    const nearest = Math.min(Math.max(wanted, gap.start), latest)
    const steps = Array.from({ length: count }, (_, i) => i * durationMs)
    return steps.flatMap((step) => [nearest - step, nearest + step]).filter((at) => at >= gap.start && at <= latest)
  })
  const chosen: Interval[] = []
  for (const start of candidates.sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted) || a - b)) {
    const slot = { start, end: start + durationMs }
    if (chosen.length < count && !chosen.some((other) => slot.start < other.end && other.start < slot.end))
      chosen.push(slot)
  }
  return chosen
}
