import ucum from '@lhncbc/ucum-lhc'

// Units of measure by UCUM (https://ucum.org). Pure: the library is a table and arithmetic.

const table = ucum.UcumLhcUtils.getInstance()

/** Is this a unit as UCUM writes it? `mg/dL` is, `x10^9/L` is not. */
export const isUnit = (unit: string): boolean => table.validateUnitString(unit).status === 'valid'

/** Conversion is floating point: 5.000000000000001 is 5. */
const significantDigits = 12

/**
 * The value in another unit; null when there is no way from one to the other. Between mass and amount of substance the
 * molar mass (g/mol) is needed: nothing is guessed.
 */
export function convertUnit(value: number, from: string, to: string, molarMass: number | null): number | null {
  if (from === to) return value
  const { status, toVal } = table.convertUnitTo(from, value, to, false, molarMass)
  if (status !== 'succeeded' || toVal === null || !Number.isFinite(toVal)) return null
  return Number(toVal.toPrecision(significantDigits))
}
