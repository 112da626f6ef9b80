import type { Sex } from '../lab-reference-ranges/sex-rules.ts'

/** What the checks of dose, age, kidneys and pregnancy know of the patient. Days are `YYYY-MM-DD` in UTC. */
export interface PatientFacts {
  today: string
  bornOn: string | null
  sex: Sex | 'other' | 'unknown'
  /** The last weight that is not older than a year. */
  weight: { kg: number; on: string } | null
  /** The last creatinine in serum or plasma that is not older than a year. */
  creatinine: { value: number; unit: string; on: string } | null
  /** What stands on the chart today. */
  states: readonly PatientState[]
}

/** A pregnancy or a time of breast-feeding that has not ended. */
export interface PatientState {
  id: number
  state: 'pregnant' | 'breast_feeding'
  from: string
  expectedDelivery: string | null
}

/** Whole years on a day; null without a birth date or before it. */
export function yearsOn(bornOn: string | null, day: string): number | null {
  if (bornOn === null || bornOn > day) return null
  const years = Number(day.slice(0, 4)) - Number(bornOn.slice(0, 4))
  return day.slice(5) < bornOn.slice(5) ? years - 1 : years
}

export const ageOf = ({ bornOn, today }: PatientFacts): number | null => yearsOn(bornOn, today)
