import type { SourceName } from './sources.ts'

/** For whom limits hold: everybody unless it says otherwise. Ages are ISO 8601 durations, from `from` on and below `to`. */
export interface Who {
  sex?: 'male' | 'female'
  from?: string
  to?: string
  pregnant?: true
}

/** Reference limits or critical limits of an analyte, in its unit. */
export interface CatalogueLimits extends Who {
  kind: 'normal' | 'critical'
  low: number | null
  high: number | null
  /** Where the figures were read; null: from memory. They may alarm then, and never say normal. */
  source: SourceName | null
}

/** What a laboratory measures or looks for, as every hospital has it on its first day. */
export interface CatalogueAnalyte {
  /** The LOINC code without its hyphen; a number of our own where no code was read in an opened list. */
  id: number
  code: string | null
  /** Codes of the same analyte in other units, or of the neighbouring specimen. */
  otherCodes: readonly string[]
  name: string
  synonyms: readonly string[]
  specimen: string
  /** UCUM; null for what is answered in words. */
  unit: string | null
  /** g/mol of what the unit counts (of phosphorus, for phosphate). */
  molarMass: number | null
  /** Charge of the ion, where it is fixed. */
  valence: number | null
  /** NGSP's equation is the one way between the two units of HbA1c. */
  equation: 'hba1c' | null
  /** What a living human may have, in the unit: wide, from memory; it only asks whoever enters more. */
  plausible: readonly [number, number] | null
  ranges: readonly CatalogueLimits[]
  normalTexts: readonly string[]
  abnormalTexts: readonly string[]
  criticalTexts: readonly string[]
  /** Where it was read that these texts are critical. */
  textSource: SourceName | null
}

export const normal = (low: number | null, high: number | null, source: SourceName | null, who: Who = {}) =>
  ({ kind: 'normal', low, high, source, ...who }) satisfies CatalogueLimits

export const critical = (low: number | null, high: number | null, source: SourceName | null, who: Who = {}) =>
  ({ kind: 'critical', low, high, source, ...who }) satisfies CatalogueLimits

type Required = 'code' | 'name' | 'synonyms' | 'specimen' | 'unit'

/** One row of the catalogue; an `id` of its own where there is no code. */
export const analyte = (
  code: string | null,
  name: string,
  synonyms: readonly string[],
  specimen: string,
  unit: string | null,
  more: Partial<Omit<CatalogueAnalyte, Required>> = {},
): CatalogueAnalyte => ({
  id: Number(code?.replace('-', '')),
  code,
  otherCodes: [],
  name,
  synonyms,
  specimen,
  unit,
  molarMass: null,
  valence: null,
  equation: null,
  plausible: null,
  ranges: [],
  normalTexts: [],
  abnormalTexts: [],
  criticalTexts: [],
  textSource: null,
  ...more,
})
