import type { Repeat, Static } from '@hospital/contracts'
import { addDays, instantOf, wallTimeOf, weekdayOf } from '../availability/wall-clock-rules.ts'

type Rule = Static<typeof Repeat>

const dayOf = (date: string): number => Number(date.slice(8))

/** The day of the month `months` later with the same weekday and the same place: the second Tuesday, or the last one. */
function sameWeekdayOfMonth(date: string, months: number): string {
  const place = Math.ceil(dayOf(date) / 7)
  const first = new Date(Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1 + months, 1))
  const firstDate = first.toISOString().slice(0, 10)
  const shift = (weekdayOf(date) - weekdayOf(firstDate) + 7) % 7
  const wanted = addDays(firstDate, shift + 7 * (place - 1))
  // There is no fifth one in most months: a fifth means the last.
  return wanted.slice(0, 7) === firstDate.slice(0, 7) ? wanted : addDays(wanted, -7)
}

function dateAfter(date: string, { frequency, interval = 1 }: Rule, index: number): string {
  if (frequency === 'daily') return addDays(date, index * interval)
  if (frequency === 'weekly') return addDays(date, index * interval * 7)
  return sameWeekdayOfMonth(date, index * interval)
}

/** When a repeated appointment takes place: the same time on the wall clock of the hospital, whatever the season. */
export function occurrencesOf(zone: string, start: number, rule: Rule): number[] {
  const { date, minute } = wallTimeOf(zone, start)
  return Array.from({ length: rule.count }, (_, index) =>
    index === 0 ? start : instantOf(zone, dateAfter(date, rule, index), minute),
  )
}

/**
 * Where the other appointments of a series go when one of them moves: as many days, and to the new time of day when that
 * changed. Who had been moved to another time of day on their own keep it otherwise.
 */
export function moveAlong(zone: string, before: number, after: number, other: number): number {
  const [from, to, own] = [wallTimeOf(zone, before), wallTimeOf(zone, after), wallTimeOf(zone, other)]
  const days = Math.round((Date.parse(to.date) - Date.parse(from.date)) / 86_400_000)
  return instantOf(zone, addDays(own.date, days), to.minute === from.minute ? own.minute : to.minute)
}
