import { VitalSigns } from '@hospital/contracts'
import type { Static } from '@sinclair/typebox'
import type { ImportedResult } from './plan-mapping.ts'

type Signs = Static<typeof VitalSigns>
type Measured =
  | 'systolic'
  | 'diastolic'
  | 'heart_rate'
  | 'respiratory_rate'
  | 'temperature_c'
  | 'oxygen_saturation'
  | 'weight_kg'
  | 'height_cm'
  | 'pain_score'

/** LOINC code → the field it is, and the units in which the field counts. */
const fields: Record<string, readonly [Measured, readonly string[]]> = {
  '8480-6': ['systolic', ['mm[Hg]', 'mmHg']],
  '8462-4': ['diastolic', ['mm[Hg]', 'mmHg']],
  '8867-4': ['heart_rate', ['/min', '{beats}/min', 'beats/min', 'beats/minute']],
  '9279-1': ['respiratory_rate', ['/min', '{breaths}/min', 'breaths/min', 'breaths/minute']],
  '8310-5': ['temperature_c', ['Cel', '°C']],
  '8331-1': ['temperature_c', ['Cel', '°C']],
  '2708-6': ['oxygen_saturation', ['%']],
  '59408-5': ['oxygen_saturation', ['%']],
  '29463-7': ['weight_kg', ['kg']],
  '3141-9': ['weight_kg', ['kg']],
  '8302-2': ['height_cm', ['cm']],
  '72514-3': ['pain_score', ['{score}', '1']],
}

interface Limits {
  type: string
  minimum: number
  maximum: number
}
const limitsOf = (field: Measured): Limits => VitalSigns.properties[field] as unknown as Limits

function fits(field: Measured, { value, comparator }: ImportedResult): boolean {
  const { type, minimum, maximum } = limitsOf(field)
  if (typeof value !== 'number' || comparator !== null) return false
  return value >= minimum && value <= maximum && (type !== 'integer' || Number.isInteger(value))
}

/**
 * Puts results into the typed vital signs of a visit when every one of them is such a sign, in the field's own unit and
 * limits, and not measured already; otherwise changes nothing and says false, and they are kept as they are elsewhere.
 */
export function addVitalSigns(signs: Signs, results: readonly ImportedResult[]): boolean {
  const found: [Measured, number][] = []
  for (const result of results) {
    const [field, units] = fields[result.code ?? ''] ?? [null, []]
    if (field === null || !units.includes(result.unit ?? '') || !fits(field, result)) return false
    if (signs[field] !== undefined || found.some(([other]) => other === field)) return false
    found.push([field, result.value as number])
  }
  Object.assign(signs, Object.fromEntries(found))
  return found.length > 0
}
