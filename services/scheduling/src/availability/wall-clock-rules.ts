import { IANAZone } from 'luxon'

const minuteMs = 60_000
const dayMs = 86_400_000

/** True for a zone of the IANA database that this machine knows. */
export const isTimeZone = (name: string): boolean => IANAZone.isValidZone(name)

/** How far the wall clock is ahead of UTC at an instant. */
const offsetMs = (zone: string, at: number): number => IANAZone.create(zone).offset(at) * minuteMs

/** A date and the minutes since its midnight, as a clock on the wall shows them. */
interface WallTime {
  /** `YYYY-MM-DD` */
  date: string
  minute: number
}

/** What the wall clock shows at an instant; seconds are kept as parts of a minute. */
export function wallTimeOf(zone: string, at: number): WallTime {
  const shown = at + offsetMs(zone, at)
  const midnight = Math.floor(shown / dayMs) * dayMs
  return { date: new Date(midnight).toISOString().slice(0, 10), minute: (shown - midnight) / minuteMs }
}

/** The calendar day `days` later. */
export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)

/** 1 is Monday, 7 Sunday. */
export const weekdayOf = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay() || 7

/**
 * The instant at which the wall clock shows a time. A time that the clock shows twice (autumn) is its first or last
 * occurrence; a time that it skips (spring, or a whole day in Apia) is the moment of the jump.
 */
export function instantOf(zone: string, date: string, minute: number, which: 'first' | 'last' = 'first'): number {
  const shown = Date.parse(`${date}T00:00:00Z`) + minute * minuteMs
  // Zones change at most once in two days, and no offset is larger than 14 hours.
  const before = shown - 26 * 3_600_000
  const after = shown + 26 * 3_600_000
  const offsets: [number, number] = [offsetMs(zone, before), offsetMs(zone, after)]
  if (offsets[0] === offsets[1]) return shown - offsets[0]
  const shownThen = offsets.map((offset) => shown - offset).filter((at) => at + offsetMs(zone, at) === shown)
  if (shownThen.length > 0) return which === 'first' ? Math.min(...shownThen) : Math.max(...shownThen)
  return jumpBetween(zone, before, after)
}

/** The first instant with the later offset. */
function jumpBetween(zone: string, from: number, to: number): number {
  const early = offsetMs(zone, from)
  let low = from
  let high = to
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetMs(zone, middle) === early) low = middle
    else high = middle
  }
  return high
}
