import ucum from '@lhncbc/ucum-lhc'

// Units of measure by UCUM (https://ucum.org). Pure: the library is a table and arithmetic.

const table = ucum.UcumLhcUtils.getInstance()

/** Is this a unit as UCUM writes it? `mg/dL` is, `x10^9/L` is not. */
export function isUnit(unit: string): boolean {
  const { status, msg } = table.validateUnitString(unit)
  return status === 'valid' && msg.length === 0
}

/** Conversion is floating point: 5.000000000000001 is 5. */
const significantDigits = 12

/**
 * The value in another unit; null when there is no way from one to the other. Between mass and amount of substance the
 * molar mass (g/mol) is needed: nothing is guessed.
 */
export function convertUnit(value: number, from: string, to: string, molarMass: number | null): number | null {
  if (from === to) return value
  const { status, toVal, msg } = table.convertUnitTo(from, value, to, { molecularWeight: molarMass })
  // A message on success tells that it read another unit than was written.
  if (status !== 'succeeded' || msg.length > 0 || toVal === null || !Number.isFinite(toVal)) return null
  return Number(toVal.toPrecision(significantDigits))
}
