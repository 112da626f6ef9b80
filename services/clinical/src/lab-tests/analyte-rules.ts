import { convertUnit } from './unit-rules.ts'

// What has to be known of an analyte before two of its numbers may be compared.

/**
 * Charges of the ions whose equivalents are reported, by the word of their name. mmol × valence = mEq holds only where
 * the charge is fixed; phosphate has none. Source: "Milliequivalent and millimole calculations and conversions", table
 * "Valences and atomic weights of selected ions",
 * http://www.healthline.com/natstandardcontent/alt-milliequivalent-and-millimole-calculations-and-conversions
 */
const valences: Readonly<Record<string, number>> = {
  sodium: 1,
  na: 1,
  potassium: 1,
  k: 1,
  chloride: 1,
  cl: 1,
  bicarbonate: 1,
  hco3: 1,
  calcium: 2,
  ca: 2,
  magnesium: 2,
  mg: 2,
}

/** The charge of the ion that a name speaks of; null when it speaks of none, or of two. */
export function valenceOf(name: string): number | null {
  const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? []
  const known = [...new Set(words.flatMap((word) => valences[word] ?? []))]
  return known.length === 1 ? (known[0] ?? null) : null
}

const isGlycatedHaemoglobin = (name: string): boolean =>
  /\b(hb|hgb)? ?a1c\b|\bhba1c\b|gly(c|cosyl)ated ha?emoglobin/i.test(name)

/**
 * HbA1c in the other of its two units: NGSP (%) = 0.09148 × IFCC (mmol/mol) + 2.152. They agree in dimension and are not
 * the same quantity. Per cent are reported with one decimal, mmol/mol whole. Source: NGSP, "IFCC Standardization of
 * HbA1c", http://www.ngsp.org/ifcc.asp
 */
function convertGlycatedHaemoglobin(value: number, from: string, to: string): number | null {
  if (from === to) return value
  if (from === 'mmol/mol' && to === '%') return Math.round((0.09148 * value + 2.152) * 10) / 10
  if (from === '%' && to === 'mmol/mol') return Math.round((value - 2.152) / 0.09148)
  return null
}

const digitsOf = (value: number): number => value.toExponential().replace(/e.*$/, '').replaceAll(/[-.]/g, '').length

/** As many digits as were entered, and three at least: 5.5 mmol/L glucose is 99.1 mg/dL, not 99.0857. */
export const withDigitsOf = (entered: number, converted: number): number =>
  Number(converted.toPrecision(Math.max(3, Math.min(15, digitsOf(entered)))))

/** What the catalogue knows of an analyte that its name may not say. */
export interface Analyte {
  unit: string | null
  molar_mass: number | null
  valence: number | null
  equation: 'hba1c' | null
  plausible_low: number | null
  plausible_high: number | null
}

/**
 * A value of this analyte in another unit; null when there is no way that is certain. Both units are UCUM's. What the
 * catalogue knows of the analyte counts before what its name says.
 */
export function convertValue(
  name: string,
  value: number,
  from: string,
  to: string,
  molarMass: number | null,
  analyte: Analyte | null = null,
): number | null {
  if (from === to) return value
  if (analyte === null ? isGlycatedHaemoglobin(name) : analyte.equation === 'hba1c')
    return convertGlycatedHaemoglobin(value, from, to)
  return convertUnit(value, from, to, molarMass, analyte?.valence ?? valenceOf(name))
}

/** Is it a unit of mere numbers, which may as well be left out: `{INR}`, `[pH]`, `1`? */
export const isPlainNumber = (unit: string): boolean => unit === '[pH]' || convertUnit(1, unit, '1', null) === 1

/** These are differences: they may be below zero. */
const mayBeNegative = /base|excess|deficit|\bbe\b|\bgap\b|differ|delta|balance|change/i

const isConcentration = (unit: string): boolean =>
  ['g/L', 'mol/L', 'eq/L', '/L', 'U/L', '[IU]/L'].some((other) => convertUnit(1, unit, other, null) !== null)

const number = (value: number): string => String(Number(value.toPrecision(4)))

/** Outside of what the catalogue holds possible for this analyte; null where it is not, or cannot be compared. */
function findOutside(name: string, value: number, unit: string | null, analyte: Analyte): string | null {
  const { plausible_low: low, plausible_high: high } = analyte
  if (low === null || high === null || analyte.unit === null) return null
  if (unit === null && !isPlainNumber(analyte.unit)) return value < 0 && low >= 0 ? 'is below zero' : null
  const converted = unit === null ? value : convertValue(name, value, unit, analyte.unit, analyte.molar_mass, analyte)
  if (converted === null || (converted >= low && converted <= high)) return null
  if (converted < 0 && low >= 0) return 'is below zero'
  return `${number(converted)} ${analyte.unit} is outside of what a human may have (${low} to ${high})`
}

/**
 * Why no human can have this value; null when one can. By the catalogue's limits of the analyte; where it knows none: no
 * concentration is below zero; no body fluid holds more than two kilograms in a litre, nor more than the 56 moles in a litre
 * that pure water has.
 */
export function findImplausible(
  name: string,
  value: number,
  unit: string | null,
  analyte: Analyte | null = null,
): string | null {
  const outside = analyte === null ? null : findOutside(name, value, unit, analyte)
  if (outside !== null) return outside
  if (unit === null || !isConcentration(unit)) return null
  const isJudged = analyte !== null && analyte.plausible_low !== null
  if (value < 0 && !isJudged && !mayBeNegative.test(name)) return 'is below zero'
  const [grams, moles] = [convertUnit(value, unit, 'g/L', null), convertUnit(value, unit, 'mol/L', null)]
  const isTooMuch = (grams !== null && grams > 2_000) || (moles !== null && moles > 56)
  return isTooMuch ? `${value} ${unit} is more than any fluid of the body holds` : null
}
