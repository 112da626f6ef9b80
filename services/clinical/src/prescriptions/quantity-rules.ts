import type { Prescription } from '@hospital/contracts'

/** What a quantity follows from: fields, or the words beside them. */
export type Dosing = Pick<
  Prescription,
  'dose_amount' | 'dose_unit' | 'times_per_day' | 'interval_hours' | 'duration_days'
> &
  Partial<Pick<Prescription, 'dosage' | 'frequency' | 'duration' | 'instructions'>>

/** Units that are handed out by the piece or the millilitre. */
const countedUnits = new Set(
  `tablet tab capsule cap caplet ml milliliter millilitre puff patch suppository sachet lozenge piece pill vial ampoule
  pessary`.split(/\s+/),
)

/** `patches` → `patch`, `suppositories` → `suppository`, `tablets` → `tablet`. */
const singular = (unit: string): string =>
  unit
    .trim()
    .toLowerCase()
    .replace(/ies$/, 'y')
    .replace(/(ch|sh|s|x)es$/, '$1')
    .replace(/s$/, '')

const isCounted = (unit: string): boolean => countedUnits.has(singular(unit))

const scale = 1_000_000n
const highestQuantity = 1_000_000n

/** 1.25 → 1250000n; the amount is a decimal with at most six places. */
function toMillionths(decimal: string): bigint {
  const [whole = '0', fraction = ''] = decimal.split('.')
  return BigInt(whole) * scale + BigInt(fraction.padEnd(6, '0'))
}

/** So many doses of an amount, rounded up to a whole unit; null beyond a million. */
function unitsOf(amount: string, doses: number): number | null {
  const quantity = (toMillionths(amount) * BigInt(doses) + scale - 1n) / scale
  return quantity > 0n && quantity <= highestQuantity ? Number(quantity) : null
}

const numbers: Readonly<Record<string, number>> = {
  once: 1,
  one: 1,
  twice: 2,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  fourteen: 14,
  twenty: 20,
  thirty: 30,
  sixty: 60,
  ninety: 90,
}
const numberWords = Object.keys(numbers).sort((a, b) => b.length - a.length)
const count = `(\\d{1,3}|${numberWords.join('|')})`
const numberOf = (word: string): number => numbers[word] ?? Number(word)

/** `1 tablet`, `two capsules`, `2.5 mL`; null for everything else, `1-2 tablets` too. */
function readDose(text: string): { amount: string; unit: string } | null {
  const [, amount, unit] = /^(?:take )?(\d{1,6}(?:\.\d{1,6})?|one|two|three|four) ?([a-z]+)$/i.exec(text.trim()) ?? []
  if (amount === undefined || unit === undefined || !isCounted(unit)) return null
  return { amount: String(numbers[amount.toLowerCase()] ?? amount), unit }
}

const doseOf = ({ dose_amount, dose_unit, dosage }: Dosing) =>
  dose_amount !== null && dose_unit !== null ? { amount: dose_amount, unit: dose_unit } : readDose(dosage ?? '')

const abbreviations: Readonly<Record<string, number>> = {
  od: 1,
  qd: 1,
  om: 1,
  on: 1,
  bd: 2,
  bid: 2,
  tds: 3,
  tid: 3,
  qds: 4,
  qid: 4,
}

/**
 * `1-0-1`, `1-1-1-1`: doses in the morning, at noon, in the evening and at night. Zeros and ones only: `2-0-1` says how much
 * is taken as well, which the dose says too.
 */
function readPattern(words: string): number | null {
  if (!/^[01] ?- ?[01] ?- ?[01](?: ?- ?[01])?$/.test(words)) return null
  const doses = words.split('1').length - 1
  return doses === 0 ? null : doses
}

const onceADay =
  /^(?:daily|(?:every|each) (?:day|morning|evening|night)|at (?:night|bedtime)|nightly|in the (?:morning|evening)|nocte|mane)$/

/** Doses a week: `weekly`, `once a week`, `twice weekly`, `3 times per week`; null for everything else. */
function readWeekly(words: string): number | null {
  const [found, times = '1'] =
    new RegExp(`^(?:${count}(?: times?)? )?(?:weekly|(?:a|per|every|each) week)$`).exec(words) ?? []
  return found === undefined || numberOf(times) === 0 ? null : numberOf(times)
}

/** Doses in so many days; null where the words say something else as well ("as needed", "with food" is no number). */
function readDoses(text: string, days: number): number | null {
  const words = text.trim().toLowerCase().replaceAll('.', '')
  if (words in abbreviations) return (abbreviations[words] ?? 0) * days
  if (onceADay.test(words)) return days
  const weekly = readWeekly(words)
  if (weekly !== null) return Math.ceil((days / 7) * weekly)
  if (/^(?:every other day|(?:on )?alternate days|every (?:2|two|second) days?)$/.test(words))
    return Math.ceil(days / 2)
  const eachDay = readPattern(words)
  if (eachDay !== null) return eachDay * days
  const [, times] = new RegExp(`^${count}(?: times?)?(?: a day| per day| daily| each day)$`).exec(words) ?? []
  if (times !== undefined) return numberOf(times) * days
  const [, hours] = new RegExp(`^(?:every|q) ?${count} ?(?:h|hr|hrs|hours?|hourly)$`).exec(words) ?? []
  return hours === undefined || numberOf(hours) === 0 ? null : Math.ceil((days * 24) / numberOf(hours))
}

const daysOf: Readonly<Record<string, number>> = { day: 1, week: 7, month: 30 }

/** `7 days`, `2 weeks`, `one month` (30 days); null for everything else. */
function readDays(text: string): number | null {
  const [, times, unit] = new RegExp(`^(?:for )?${count} (day|week|month)s?$`).exec(text.trim().toLowerCase()) ?? []
  return times === undefined || unit === undefined ? null : numberOf(times) * (daysOf[unit] ?? 0)
}

const changes = /\b(?:taper\w*|reduc\w*|wean\w*|step(?:ping)? (?:up|down)|increas\w*|titrat\w*|then)\b/i

/**
 * The units of a dose that changes in steps that are written out: `8,7,6 tablets each for 7 days`, or
 * `8 tablets daily for 7 days, then 7 tablets daily for 7 days`. Null where they are not.
 */
function readSteps(text: string, timesPerDay: number): number | null {
  const listed = /((?:\d+(?:\.\d+)?\s*,\s*)+\d+(?:\.\d+)?)\s+([a-z]+) each for (\d+) (day|week)s?/i.exec(text)
  if (listed !== null) {
    const [, amounts = '', unit = '', times = '', period = ''] = listed
    if (!isCounted(unit)) return null
    const sum = amounts.split(',').reduce((total, amount) => total + Number(amount), 0)
    return Math.ceil(sum * timesPerDay * Number(times) * (daysOf[period.toLowerCase()] ?? 0))
  }
  const steps = text.split(/[,;.]?\s*\bthen\b\s*/i)
  const each = steps.map((step) => {
    const form = /^(\d+(?:\.\d+)?) ([a-z]+)(?: daily| once daily| a day| once a day)? for (\d+) (day|week)s?$/i
    const [, amount, unit = '', times, period = ''] = form.exec(step.trim()) ?? []
    return amount !== undefined && isCounted(unit)
      ? Number(amount) * Number(times) * (daysOf[period.toLowerCase()] ?? 0)
      : null
  })
  if (steps.length < 2 || each.includes(null)) return null
  return Math.ceil(each.reduce<number>((total, units) => total + (units ?? 0), 0))
}

/**
 * The units of one fill: amount × doses × days, rounded up to a whole unit, from the fields or, where they are empty,
 * from words that say nothing else. A dose that changes is added up step by step. Null when a part is missing or unclear,
 * or the dose is not in a unit that is handed out (milligrams do not say how many tablets): the pharmacist says then.
 */
export function computeQuantity(order: Dosing): number | null {
  const { dosage, frequency, duration, instructions, times_per_day, interval_hours } = order
  const words = [dosage, frequency, instructions].filter((text) => typeof text === 'string')
  if (words.some((text) => changes.test(text))) {
    const steps = words.map((text) => readSteps(text, times_per_day ?? 1)).filter((units) => units !== null)
    return steps[0] ?? null
  }
  const dose = doseOf(order)
  const days = order.duration_days ?? readDays(duration ?? '')
  if (dose === null || days === null || !isCounted(dose.unit)) return null
  if (times_per_day !== null) return unitsOf(dose.amount, times_per_day * days)
  if (interval_hours !== null) return unitsOf(dose.amount, Math.ceil((days * 24) / interval_hours))
  const doses = readDoses(frequency ?? '', days)
  return doses === null ? null : unitsOf(dose.amount, doses)
}

/**
 * How many days one fill lasts: as prescribed, or its quantity by the units of a day. Null where neither is said: a dose
 * that changes has no days but those that are written.
 */
export function computeDays(order: Dosing & Pick<Prescription, 'quantity'>): number | null {
  const { dosage, frequency, duration, instructions, times_per_day, interval_hours, quantity } = order
  const days = order.duration_days ?? readDays(duration ?? '')
  if (days !== null || quantity === null) return days
  if ([dosage, frequency, instructions].some((text) => changes.test(text ?? ''))) return null
  const dose = doseOf(order)
  if (dose === null || !isCounted(dose.unit)) return null
  // Days that weeks, alternate days and hours divide.
  const many = 8400
  const doses =
    times_per_day !== null
      ? times_per_day * many
      : interval_hours !== null
        ? (24 / interval_hours) * many
        : readDoses(frequency ?? '', many)
  return doses === null ? null : Math.max(1, Math.floor((quantity * many) / (Number(dose.amount) * doses)))
}
