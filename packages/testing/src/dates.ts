import { calendarDate } from '@hospital/contracts'
import fc from 'fast-check'

const two = (part: number) => String(part).padStart(2, '0')
const thisYear = new Date().getUTCFullYear()

/** A day of one of these years; days that a month does not have become its last one. */
const dayOf = (years: fc.Arbitrary<number>): fc.Arbitrary<string> =>
  fc
    .tuple(years, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 31 }))
    .map(([year, month, day]) => [31, 30, 29, 28].map((last) => calendarDate(year, month, Math.min(day, last))))
    .map((tries) => tries.find((date) => date !== null) as string)

const leapYears = fc
  .integer({ min: 1, max: 2499 })
  .map((n) => n * 4)
  .filter((year) => calendarDate(year, 2, 29) !== null)

/** Days of the whole calendar, years 1 to 9999; mostly those on which living people were born, and leap days. */
export const days: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: dayOf(fc.integer({ min: thisYear - 120, max: thisYear })) },
  { weight: 2, arbitrary: dayOf(fc.integer({ min: 1, max: 9999 })) },
  { weight: 2, arbitrary: leapYears.map((year) => `${String(year).padStart(4, '0')}-02-29`) },
  { weight: 1, arbitrary: fc.constantFrom('0001-01-01', '9999-12-31', '2000-01-01', '1999-12-31') },
)

/** Text that looks like a day and is none. */
export const noDays: fc.Arbitrary<string> = fc.constantFrom(
  '0000-05-17',
  '2023-02-29',
  '1900-02-29',
  '2026-02-31',
  '1985-13-01',
  '1985-00-10',
  '1985-01-00',
  '19850-03-15',
  '1985-3-15',
  '+01985-03-15',
  '-0044-03-15',
  '1985-03-15T00:00:00Z',
  'infinity',
)

const times = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }), fc.integer({ min: 0, max: 59 }))
  .map(([hour, minute, second]) => `${two(hour)}:${two(minute)}:${two(second)}`)
const offsets = fc.oneof(
  fc.constant('Z'),
  fc.constantFrom('+00:00', '-00:00', '+05:30', '+14:00', '-12:00', '+15:59', '-15:59'),
)

/** RFC 3339 instants on days of the whole calendar, in any offset. */
export const instants: fc.Arbitrary<string> = fc
  .tuple(days, times, fc.constantFrom('', '.5', '.123', '.123456'), offsets)
  .map(([day, time, fraction, offset]) => `${day}T${time}${fraction}${offset}`)

/** Text that looks like an instant and is none, or none that a column can hold. */
export const noInstants: fc.Arbitrary<string> = fc.oneof(
  noDays.map((day) => `${day}T09:00:00Z`),
  fc.constantFrom(
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+14:00',
    '9999-12-31T23:59:59-12:00',
    '2031-03-04T24:00:00Z',
    '2031-03-04T09:60:00Z',
    '2031-06-30T23:59:60Z',
    '2031-03-04T09:00:00+16:00',
    '2031-03-04T09:00:00+24:00',
    '2031-03-04T09:00:00',
    '2031-03-04 09:00:00Z',
    '2031-03-04T09:00Z',
  ),
)
