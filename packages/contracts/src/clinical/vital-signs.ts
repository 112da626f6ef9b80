import { Type } from '@sinclair/typebox'
import { Closed, Nullable, OneOf } from '../kernel/schema.ts'

const limits = {
  /** mmHg */
  systolic: Type.Number({ minimum: 20, maximum: 350 }),
  /** mmHg */
  diastolic: Type.Number({ minimum: 0, maximum: 250 }),
  /** Beats a minute */
  heart_rate: Type.Number({ minimum: 0, maximum: 350 }),
  /** Breaths a minute */
  respiratory_rate: Type.Number({ minimum: 0, maximum: 120 }),
  temperature_c: Type.Number({ minimum: 14, maximum: 46 }),
  /** Per cent */
  oxygen_saturation: Type.Number({ minimum: 0, maximum: 100 }),
  on_oxygen: Type.Boolean(),
  /** Alert, (new) Confusion, Voice, Pain, Unresponsive */
  consciousness: OneOf(['A', 'C', 'V', 'P', 'U']),
  /** SpO2 scale of NEWS2; 2 only when a clinician prescribed it (hypercapnic respiratory failure). */
  spo2_scale: Type.Unsafe<1 | 2>({ type: 'integer', enum: [1, 2] }),
  weight_kg: Type.Number({ minimum: 0.2, maximum: 650 }),
  height_cm: Type.Number({ minimum: 15, maximum: 280 }),
  pain_score: Type.Integer({ minimum: 0, maximum: 10 }),
}

/** Vital signs with physiological limits: what is outside them was mistyped, not measured. */
export const VitalSigns = Type.Partial(
  // An imported pain score can be an average; here it is asked for as a whole number.
  Closed({ ...limits, pain_score: Type.Number({ minimum: 0, maximum: 10 }) }),
)

/** The same as input: null means not measured, or takes the value away in a change. */
export const VitalSignsInput = Type.Partial(
  Closed({
    systolic: Nullable(limits.systolic),
    diastolic: Nullable(limits.diastolic),
    heart_rate: Nullable(limits.heart_rate),
    respiratory_rate: Nullable(limits.respiratory_rate),
    temperature_c: Nullable(limits.temperature_c),
    oxygen_saturation: Nullable(limits.oxygen_saturation),
    on_oxygen: Nullable(limits.on_oxygen),
    consciousness: Nullable(limits.consciousness),
    spo2_scale: Nullable(limits.spo2_scale),
    weight_kg: Nullable(limits.weight_kg),
    height_cm: Nullable(limits.height_cm),
    pain_score: Nullable(limits.pain_score),
  }),
)

const Points = Type.Integer({ minimum: 0, maximum: 3 })

/** National Early Warning Score 2, computed; null when a part is missing, or for a patient under 16. */
export const News2 = Type.Object({
  score: Type.Integer({ minimum: 0, maximum: 20 }),
  risk: OneOf(['low', 'low_medium', 'medium', 'high']),
  parts: Type.Object({
    respiratory_rate: Points,
    oxygen_saturation: Points,
    on_oxygen: Points,
    systolic: Points,
    heart_rate: Points,
    consciousness: Points,
    temperature_c: Points,
  }),
})
