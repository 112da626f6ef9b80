import fc from 'fast-check'
import t, { type Test } from 'tap'
import { covers, type Interval, merge, overlaps, subtract } from '../src/availability/interval-rules.ts'
import {
  findRuleErrors,
  type Hours,
  isWithinHours,
  nearestFree,
  slotsOf,
  workingIntervals,
} from '../src/availability/rules.ts'
import { addDays, instantOf, isTimeZone, wallTimeOf, weekdayOf } from '../src/availability/wall-clock-rules.ts'
import { moveAlong, occurrencesOf } from '../src/series/rules.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** Zones with the nights on which their clocks change; Apia's last one lost a whole day in 2011. */
const nights: [zone: string, dates: string[]][] = [
  ['America/New_York', ['2031-03-09', '2031-11-02']],
  ['Europe/London', ['2031-03-30', '2031-10-26']],
  ['Australia/Sydney', ['2031-04-06', '2031-10-05']],
  ['Africa/Cairo', ['2026-04-24', '2026-10-30']],
  ['Pacific/Apia', ['2011-12-30', '2021-04-04', '2020-09-27']],
]
const anyNight = fc.constantFrom(...nights.flatMap(([zone, dates]) => dates.map((date) => ({ zone, date }))))
const nearby = fc.record({
  night: anyNight,
  shift: fc.integer({ min: -2, max: 2 }),
  minute: fc.integer({ min: 0, max: 1439 }),
})
const runs = { numRuns: 300, seed: 7 }

/** A counterexample fails the test with the smallest one found. */
const prove = <T>(t: Test, property: fc.IProperty<T>, parameters: fc.Parameters<T>) =>
  t.doesNotThrow(() => fc.assert(property, parameters))

t.test('the clocks do change on these nights', async (t) => {
  for (const [zone, dates] of nights) {
    for (const date of dates) {
      const length = instantOf(zone, addDays(date, 1), 0) - instantOf(zone, date, 0)
      // Cairo's autumn hour is repeated before midnight, so it belongs to the evening before.
      const evening = instantOf(zone, date, 0) - instantOf(zone, addDays(date, -1), 0)
      t.ok(
        [length, evening].some((ms) => ms !== dayMs),
        `${zone} ${date}: ${length / hourMs} h`,
      )
    }
  }
})

t.test('what the wall clock shows at the instant of a time is that time, or the first one after a jump', async (t) => {
  prove(
    t,
    fc.property(nearby, fc.constantFrom('first' as const, 'last' as const), ({ night, shift, minute }, which) => {
      const date = addDays(night.date, shift)
      const at = instantOf(night.zone, date, minute, which)
      const shown = wallTimeOf(night.zone, at)
      if (shown.date === date && shown.minute === minute) {
        // No other instant of the night shows it before (first) or after (last).
        const step = which === 'first' ? -15 * minuteMs : 15 * minuteMs
        for (let other = at + step; Math.abs(other - at) <= 3 * hourMs; other += step) {
          const seen = wallTimeOf(night.zone, other)
          if (seen.date === date && seen.minute === minute) return false
        }
        return true
      }
      const before = wallTimeOf(night.zone, at - 1)
      const asNumber = (wall: { date: string; minute: number }) => Date.parse(wall.date) + wall.minute * minuteMs
      const wanted = asNumber({ date, minute })
      return asNumber(before) < wanted && wanted < asNumber(shown)
    }),
    runs,
  )
})

const anyRules = fc
  .array(
    fc.record({
      weekday: fc.integer({ min: 1, max: 7 }),
      from: fc.integer({ min: 0, max: 94 }),
      quarters: fc.integer({ min: 1, max: 40 }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((rules) =>
    rules
      .map(({ weekday, from, quarters }) => ({
        weekday,
        start: clock(from),
        end: clock(Math.min(from + quarters, 96)),
      }))
      .filter(
        (rule, i, all) =>
          !all.slice(0, i).some((o) => o.weekday === rule.weekday && rule.start < o.end && o.start < rule.end),
      ),
  )
function clock(quarters: number): string {
  return `${String(Math.floor(quarters / 4)).padStart(2, '0')}:${String((quarters % 4) * 15).padStart(2, '0')}`
}

t.test('a minute is working time exactly when the wall clock is within a rule and the day is not closed', async (t) => {
  prove(
    t,
    fc.property(anyNight, anyRules, fc.boolean(), ({ zone, date }, rules, closed) => {
      const closingDays = new Set(closed ? [date] : [])
      const hours: Hours = { timezone: zone, rules, closingDays }
      const bounds = { start: instantOf(zone, addDays(date, -1), 0), end: instantOf(zone, addDays(date, 2), 0) }
      const open = merge(workingIntervals(hours, bounds))
      for (let at = bounds.start; at < bounds.end; at += 15 * minuteMs) {
        const wall = wallTimeOf(zone, at)
        const isOpen = open.some(({ start, end }) => start <= at && at < end)
        const byRule = rules.some(
          ({ weekday, start, end }) =>
            weekday === weekdayOf(wall.date) && start <= clock(wall.minute / 15) && clock(wall.minute / 15) < end,
        )
        // On a night that shows an hour twice, a rule that ends within it runs to the second showing of its end, and one
        // that begins within it begins at the first: whatever lies between the two showings may then be open.
        const twice =
          instantOf(zone, wall.date, wall.minute, 'first') !== instantOf(zone, wall.date, wall.minute, 'last')
        if (twice) continue
        if (isOpen !== (byRule && !closingDays.has(wall.date))) return false
      }
      return true
    }),
    { numRuns: 60, seed: 7 },
  )
})

t.test(
  'nine to five is eight hours from nine on the wall on every day, and a night shift has the hours of its night',
  async (t) => {
    for (const [zone, dates] of nights) {
      for (const date of dates) {
        const everyDay = [1, 2, 3, 4, 5, 6, 7]
        const nine = everyDay.map((weekday) => ({ weekday, start: '09:00', end: '17:00' }))
        const bounds = { start: instantOf(zone, addDays(date, -2), 0), end: instantOf(zone, addDays(date, 3), 0) }
        for (const shift of workingIntervals({ timezone: zone, rules: nine, closingDays: new Set() }, bounds)) {
          t.equal(wallTimeOf(zone, shift.start).minute, 540, `${zone} ${date}`)
          t.equal(shift.end - shift.start, 8 * hourMs, `${zone} ${date}`)
        }
      }
    }
    const night = [
      { weekday: 6, start: '22:00', end: '24:00' },
      { weekday: 7, start: '00:00', end: '06:00' },
    ]
    const lengthOn = (date: string) => {
      const zone = 'America/New_York'
      const bounds = { start: instantOf(zone, addDays(date, -1), 720), end: instantOf(zone, date, 720) }
      const [shift] = merge(workingIntervals({ timezone: zone, rules: night, closingDays: new Set() }, bounds))
      return shift ? (shift.end - shift.start) / hourMs : 0
    }
    t.equal(lengthOn('2031-03-02'), 8)
    t.equal(lengthOn('2031-03-09'), 7, 'one hour is skipped')
    t.equal(lengthOn('2031-11-02'), 9, 'one hour comes twice')
  },
)

const span = fc
  .tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 60 }))
  .map(([start, length]) => ({ start, end: start + length }))
const spans = fc.array(span, { maxLength: 12 })
const holds = (intervals: readonly Interval[], at: number) =>
  intervals.some(({ start, end }) => start <= at && at < end)

t.test('merging and subtracting keep exactly the right moments', async (t) => {
  prove(
    t,
    fc.property(spans, spans, (some, taken) => {
      const merged = merge(some)
      const left = subtract(merged, taken)
      for (let at = 0; at < 570; at++) {
        if (holds(merged, at) !== holds(some, at)) return false
        if (holds(left, at) !== (holds(some, at) && !holds(taken, at))) return false
      }
      return left.every(({ start, end }) => start < end)
    }),
    runs,
  )
})

t.test('slots and alternatives are free, apart from each other, and the nearest come first', async (t) => {
  prove(
    t,
    fc.property(
      spans,
      spans,
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 0, max: 560 }),
      (open, busy, length, wanted) => {
        const shifts = merge(open)
        const free = subtract(shifts, busy)
        const apart = (slots: Interval[]) => slots.every((a, i) => slots.every((b, j) => i === j || !overlaps(a, b)))
        const slots = slotsOf(shifts, free, length)
        const nearest = nearestFree(free, wanted, length, 3)
        const every = [...slots, ...nearest]
        const distances = nearest.map(({ start }) => Math.abs(start - wanted))
        const best = Math.min(
          ...free
            .filter((gap) => gap.end - gap.start >= length)
            .map((gap) => Math.abs(Math.min(Math.max(wanted, gap.start), gap.end - length) - wanted)),
        )
        return (
          every.every((slot) => covers(free, slot) && slot.end - slot.start === length) &&
          apart(slots) &&
          apart(nearest) &&
          distances.every((distance, i) => i === 0 || (distances[i - 1] ?? 0) <= distance) &&
          (nearest.length === 0 ? best === Number.POSITIVE_INFINITY : distances[0] === best)
        )
      },
    ),
    runs,
  )
})

t.test('a series keeps its time on the wall over the changes of the clock', async (t) => {
  const zone = 'Europe/London'
  const start = instantOf(zone, '2031-03-26', 9 * 60)
  for (const frequency of ['daily', 'weekly', 'monthly'] as const) {
    const dates = occurrencesOf(zone, start, { frequency, count: 12 })
    t.ok(
      dates.every((at) => wallTimeOf(zone, at).minute === 540),
      `${frequency}: nine o'clock`,
    )
    t.ok(dates.every((at, i) => i === 0 || (dates[i - 1] ?? 0) < at))
  }
  const dateOf = (at: number) => wallTimeOf(zone, at).date
  const secondTuesday = instantOf(zone, '2031-01-14', 600)
  t.same(occurrencesOf(zone, secondTuesday, { frequency: 'monthly', count: 4 }).map(dateOf), [
    '2031-01-14',
    '2031-02-11',
    '2031-03-11',
    '2031-04-08',
  ])
  const fifthFriday = instantOf(zone, '2031-01-31', 600)
  t.same(occurrencesOf(zone, fifthFriday, { frequency: 'monthly', count: 4 }).map(dateOf), [
    '2031-01-31',
    '2031-02-28',
    '2031-03-28',
    '2031-04-25',
  ])
  t.same(occurrencesOf(zone, secondTuesday, { frequency: 'weekly', interval: 2, count: 3 }).map(dateOf), [
    '2031-01-14',
    '2031-01-28',
    '2031-02-11',
  ])
  const moved = moveAlong(zone, start, instantOf(zone, '2031-03-27', 14 * 60), instantOf(zone, '2031-04-02', 540))
  t.same(wallTimeOf(zone, moved), { date: '2031-04-03', minute: 840 })
  const inApia = occurrencesOf('Pacific/Apia', instantOf('Pacific/Apia', '2011-12-28', 540), {
    frequency: 'daily',
    count: 4,
  })
  t.ok(
    inApia.every((at, i) => i === 0 || (inApia[i - 1] ?? 0) < at),
    'a day that is skipped shifts to its end',
  )
})

t.test('rules that contradict themselves are found', async (t) => {
  const rule = (weekday: number, start: string, end: string) => ({ weekday, start, end })
  t.same(findRuleErrors([rule(1, '09:00', '12:00'), rule(1, '12:00', '17:00'), rule(2, '00:00', '24:00')]), [])
  t.match(findRuleErrors([rule(1, '12:00', '12:00')]), [{ index: 0 }])
  t.match(findRuleErrors([rule(1, '22:00', '06:00')]), [{ index: 0, detail: /two rules/ }])
  t.match(findRuleErrors([rule(1, '09:00', '12:00'), rule(1, '11:00', '13:00')]), [{ index: 1 }])
  t.ok(isTimeZone('Europe/London'))
  t.notOk(isTimeZone('Europe/Atlantis'))
  const shut: Hours = { timezone: 'UTC', rules: null, closingDays: new Set(['2031-12-25']) }
  const at = (text: string) => Date.parse(text)
  t.notOk(isWithinHours(shut, { start: at('2031-12-24T23:50Z'), end: at('2031-12-25T00:10Z') }))
  t.ok(isWithinHours(shut, { start: at('2031-12-26T23:50Z'), end: at('2031-12-27T00:10Z') }))
})
