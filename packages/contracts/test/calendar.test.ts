import fc from 'fast-check'
import t from 'tap'
import { calendarDate, isCalendarDate, isInstant } from '../src/index.ts'

const part = (least: number, most: number) => fc.integer({ min: least, max: most })

/** JavaScript's own calendar: the parts name a day when they come back unchanged. */
function exists(year: number, month: number, day: number): boolean {
  const at = new Date(0)
  at.setUTCFullYear(year, month - 1, day)
  return year >= 1 && at.getUTCFullYear() === year && at.getUTCMonth() === month - 1 && at.getUTCDate() === day
}

t.test('a day is made exactly when the calendar has it', async () => {
  fc.assert(
    fc.property(part(-1, 9999), part(0, 13), part(0, 32), (year, month, day) => {
      const made = calendarDate(year, month, day)
      return (made !== null) === exists(year, month, day) && (made === null || isCalendarDate(made))
    }),
    { numRuns: 20_000 },
  )
})

t.test('every day of the last 120 years, in order, and no other text', async (t) => {
  const today = Date.UTC(new Date().getUTCFullYear(), 11, 31)
  let count = 0
  for (let at = Date.UTC(new Date().getUTCFullYear() - 120, 0, 1); at <= today; at += 86_400_000) {
    if (!isCalendarDate(new Date(at).toISOString().slice(0, 10))) t.fail(new Date(at).toISOString())
    count++
  }
  t.ok(count > 43_000)
  for (const none of [
    '0000-05-17',
    '1900-02-29',
    '2023-02-29',
    '2026-02-31',
    '10000-01-01',
    '1985-3-15',
    '',
    '1985-03-15 ',
  ])
    t.notOk(isCalendarDate(none), none)
  t.ok(isCalendarDate('2000-02-29'))
})

t.test('an instant is one on both sides: in its own offset, and in UTC', async (t) => {
  const instants = [
    '2026-11-23T09:00:00Z',
    '2026-11-23t09:00:00.123456z',
    '2024-02-29T23:59:59-12:00',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999Z',
    '2026-11-23T09:00:00+15:59',
  ]
  for (const instant of instants) t.ok(isInstant(instant) && !Number.isNaN(Date.parse(instant.toUpperCase())), instant)
  const none = [
    '0000-12-31T23:00:00-02:00',
    '0001-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-00:01',
    '2026-02-31T09:00:00Z',
    '2026-11-23T24:00:00Z',
    '2026-06-30T23:59:60Z',
    '2026-11-23T09:00:00+16:00',
    '2026-11-23T09:00:00',
    '2026-11-23',
    'infinity',
  ]
  for (const text of none) t.notOk(isInstant(text), text)
})
