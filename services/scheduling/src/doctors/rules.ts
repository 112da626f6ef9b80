import type { FieldError } from '@hospital/contracts'
import { type Interval, isInReach } from '../availability/interval-rules.ts'
import { addDays, instantOf } from '../availability/wall-clock-rules.ts'

const isDate = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text)
const longestMs = 2 * 366 * 86_400_000

/** From when to when somebody is away: instants, or days of the hospital's calendar, the last one included. */
export function timeOffSpan(zone: string, from: string, to: string): Interval | FieldError {
  const tooFar = 'must be between the years 1900 and 2200'
  if (!isInReach(Date.parse(from))) return { pointer: '/from', detail: tooFar }
  if (!isInReach(Date.parse(to))) return { pointer: '/to', detail: tooFar }
  const start = isDate(from) ? instantOf(zone, from, 0) : Date.parse(from)
  const end = isDate(to) ? instantOf(zone, addDays(to, 1), 0) : Date.parse(to)
  if (end <= start) return { pointer: '/to', detail: 'must be after from' }
  if (end - start > longestMs)
    return { pointer: '/to', detail: 'must be within two years of from; deactivate the doctor' }
  return { start, end }
}
