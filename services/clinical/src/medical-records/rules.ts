import type { News2, Static, VitalSigns, VitalSignsInput } from '@hospital/contracts'

type Vitals = Static<typeof VitalSigns>
type Score = Static<typeof News2>

/** From this value on, this many points; the first that the value reaches counts. */
type Bands = readonly (readonly [from: number, points: number])[]
const none = Number.NEGATIVE_INFINITY

/**
 * The published chart: Royal College of Physicians, National Early Warning Score (NEWS) 2, London 2017, chart 1 (The NEWS
 * scoring system) and chart 2 (thresholds and triggers).
 */
const chart = {
  respiratory_rate: [
    [25, 3],
    [21, 2],
    [12, 0],
    [9, 1],
    [none, 3],
  ],
  saturationScale1: [
    [96, 0],
    [94, 1],
    [92, 2],
    [none, 3],
  ],
  /** Hypercapnic respiratory failure, breathing air. */
  saturationScale2OnAir: [
    [88, 0],
    [86, 1],
    [84, 2],
    [none, 3],
  ],
  saturationScale2OnOxygen: [
    [97, 3],
    [95, 2],
    [93, 1],
    [88, 0],
    [86, 1],
    [84, 2],
    [none, 3],
  ],
  systolic: [
    [220, 3],
    [111, 0],
    [101, 1],
    [91, 2],
    [none, 3],
  ],
  heart_rate: [
    [131, 3],
    [111, 2],
    [91, 1],
    [51, 0],
    [41, 1],
    [none, 3],
  ],
  temperature_c: [
    [39.1, 2],
    [38.1, 1],
    [36.1, 0],
    [35.1, 1],
    [none, 3],
  ],
} satisfies Record<string, Bands>

const pointsIn = (bands: Bands, value: number): number => bands.find(([from]) => value >= from)?.[1] ?? 0

function saturationBands(scale: 1 | 2, onOxygen: boolean): Bands {
  if (scale === 1) return chart.saturationScale1
  return onOxygen ? chart.saturationScale2OnOxygen : chart.saturationScale2OnAir
}

function riskOf(score: number, parts: Score['parts']): Score['risk'] {
  if (score >= 7) return 'high'
  if (score >= 5) return 'medium'
  return Object.values(parts).includes(3) ? 'low_medium' : 'low'
}

/** Whole years from birth to a moment, by the calendar. */
export function ageInYears(dateOfBirth: string, at: string): number {
  const years = Number(at.slice(0, 4)) - Number(dateOfBirth.slice(0, 4))
  return at.slice(5, 10) < dateOfBirth.slice(5, 10) ? years - 1 : years
}

/** The score is made for patients from this age on (RCP 2017, recommendation 6). */
const news2FromAge = 16

/**
 * NEWS2 of one set of observations; null when a part was not measured, and for children. The chart has whole numbers
 * (temperature: tenths), so measurements are rounded to them first. SpO2 is read on scale 1 unless scale 2 is stated.
 */
export function computeNews2(vitals: Vitals | null, ageYears: number): Score | null {
  if (vitals === null || ageYears < news2FromAge) return null
  const { respiratory_rate, oxygen_saturation, on_oxygen, systolic, heart_rate, consciousness, temperature_c } = vitals
  if (
    respiratory_rate === undefined ||
    oxygen_saturation === undefined ||
    on_oxygen === undefined ||
    systolic === undefined ||
    heart_rate === undefined ||
    consciousness === undefined ||
    temperature_c === undefined
  ) {
    return null
  }
  const saturation = saturationBands(vitals.spo2_scale ?? 1, on_oxygen)
  const parts = {
    respiratory_rate: pointsIn(chart.respiratory_rate, Math.round(respiratory_rate)),
    oxygen_saturation: pointsIn(saturation, Math.round(oxygen_saturation)),
    on_oxygen: on_oxygen ? 2 : 0,
    systolic: pointsIn(chart.systolic, Math.round(systolic)),
    heart_rate: pointsIn(chart.heart_rate, Math.round(heart_rate)),
    consciousness: consciousness === 'A' ? 0 : 3,
    temperature_c: pointsIn(chart.temperature_c, Math.round(temperature_c * 10) / 10),
  }
  const score = Object.values(parts).reduce((sum, points) => sum + points, 0)
  return { score, risk: riskOf(score, parts), parts }
}

/** Measured values only: null means not measured. Nothing measured at all is null. */
export function measuredVitals(given: Static<typeof VitalSignsInput> | null | undefined): Vitals | null {
  const measured = Object.entries(given ?? {}).filter(([, value]) => value !== null)
  return measured.length === 0 ? null : (Object.fromEntries(measured) as Vitals)
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** RFC 7396: objects merge, null takes away, everything else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key]
    else merged[key] = mergePatch(merged[key], value)
  }
  return merged
}

interface RuleBreach {
  pointer: string
  detail: string
}

/** What the fields of a record must be to each other. */
export function findBreaches(record: {
  visit_date: string
  follow_up_date: string | null
  vital_signs: Vitals | null
}): RuleBreach[] {
  const { vital_signs: vitals, follow_up_date: followUp, visit_date: visit } = record
  const breaches: RuleBreach[] = []
  if (vitals?.systolic !== undefined && vitals.diastolic !== undefined && vitals.diastolic >= vitals.systolic) {
    breaches.push({ pointer: '/vital_signs/diastolic', detail: 'must be below systolic' })
  }
  if (followUp !== null && followUp < visit.slice(0, 10)) {
    breaches.push({ pointer: '/follow_up_date', detail: 'must not be before the visit' })
  }
  return breaches
}
