const daysInMonth = (year: number, month: number): number =>
  month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

/** True when there is such a day: the Gregorian calendar, years 1 to 9999. */
const isDay = (year: number, month: number, day: number): boolean =>
  year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)

/** `YYYY-MM-DD`, or null when there is no such day. The one way to make a day out of its parts. */
export function calendarDate(year: number, month: number, day: number): string | null {
  if (!isDay(year, month, day)) return null
  const two = (part: number) => String(part).padStart(2, '0')
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`
}

/** True for `YYYY-MM-DD` that names a day of the calendar. */
export function isCalendarDate(text: string): boolean {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  return parts !== null && isDay(Number(parts[1]), Number(parts[2]), Number(parts[3]))
}

const instantForm =
  /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:0\d|1[0-5]):[0-5]\d)$/i
const firstInstant = Date.parse('0001-01-01T00:00:00Z')
const lastInstant = Date.parse('9999-12-31T23:59:59.999Z')

/**
 * True for an RFC 3339 instant that a clock has shown: a day of the calendar, an offset of less than sixteen hours (what
 * PostgreSQL takes; the widest in use are −12:00 and +14:00), and still within the years 1 to 9999 in UTC. Leap seconds,
 * which neither JavaScript nor PostgreSQL can hold, are refused.
 */
export function isInstant(text: string): boolean {
  const parts = instantForm.exec(text)
  if (parts === null || !isDay(Number(parts[1]), Number(parts[2]), Number(parts[3]))) return false
  const at = Date.parse(text.toUpperCase())
  return at >= firstInstant && at <= lastInstant
}
