import { ucum } from '@atomic-ehr/ucum'

// Units of measure by UCUM (https://ucum.org). Pure: the library is a table and arithmetic.

/** Is this a unit as UCUM writes it? `mg/dL` is, `x10^9/L` is not. */
export function isUnit(unit: string): boolean {
  try {
    return ucum.validate(unit).valid
  } catch {
    // The library throws at characters that no unit has.
    return false
  }
}

/** Conversion is floating point: 5.000000000000001 is 5. */
const significantDigits = 12

/** Null when the dimensions differ. */
function convert(value: number, from: string, to: string): number | null {
  try {
    const converted = ucum.convert(value, from, to)
    return Number.isFinite(converted) ? Number(converted.toPrecision(significantDigits)) : null
  } catch {
    return null
  }
}

/**
 * The value in another unit; null when there is no way from one to the other. Between mass and amount of substance the
 * molar mass (g/mol) is needed: nothing is guessed.
 */
export function convertUnit(value: number, from: string, to: string, molarMass: number | null): number | null {
  if (from === to) return value
  if (!isUnit(from) || !isUnit(to)) return null
  const direct = convert(value, from, to)
  if (direct !== null || molarMass === null) return direct
  return convert(value / molarMass, `(${from}).mol/g`, to) ?? convert(value * molarMass, `(${from}).g/mol`, to)
}
