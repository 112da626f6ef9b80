/** Vital signs that give no points in NEWS2. */
export const calm = {
  systolic: 120,
  diastolic: 80,
  heart_rate: 70,
  respiratory_rate: 16,
  temperature_c: 36.8,
  oxygen_saturation: 98,
  on_oxygen: false,
  consciousness: 'A',
} as const

/** A potassium with its limits. */
export const potassium = <V>(value: V) => ({
  name: 'Potassium',
  value,
  unit: 'mmol/L',
  reference_low: 3.5,
  reference_high: 5.1,
  critical_low: 2.5,
  critical_high: 6.5,
})
