/** A test that is ordered as one and answered by several analytes. */
export interface CataloguePanel {
  id: number
  code: string | null
  name: string
  synonyms: readonly string[]
  specimen: string
  /** Names of analytes, in the order in which they are reported. */
  analytes: readonly string[]
}

/** A panel that LOINC has a code for, read in an opened list. */
export const coded = (
  code: string,
  name: string,
  synonyms: readonly string[],
  specimen: string,
  analytes: readonly string[],
): CataloguePanel => ({ id: Number(code.replace('-', '')), code, name, synonyms, specimen, analytes })

/** One that goes by its name. */
export const named = (
  id: number,
  name: string,
  synonyms: readonly string[],
  specimen: string,
  analytes: readonly string[],
): CataloguePanel => ({ id, code: null, name, synonyms, specimen, analytes })
