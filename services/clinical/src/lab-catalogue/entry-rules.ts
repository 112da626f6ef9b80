import type { LabCatalogueInput, Static } from '@hospital/contracts'
import { roughHours } from '../lab-reference-ranges/age-rules.ts'
import { type Breach, inOrder } from '../lab-reference-ranges/rules.ts'
import { readUnit } from '../lab-tests/unit-rules.ts'
import { type Catalogue, type Entry, type EntryRange, wordOf } from './rules.ts'

export type EntryInput = Static<typeof LabCatalogueInput>
/** What a hospital says of an entry. */
export type EntryContent = Omit<Entry, 'id' | 'origin' | 'updated_at' | 'version'>

type RangeInput = NonNullable<EntryInput['ranges']>[number]

/** A whole range: what is left out holds for everybody, and the hospital stands for it. */
export const wholeRange = (range: RangeInput): EntryRange => ({
  sex: range.sex ?? null,
  age_min: range.age_min ?? null,
  age_max: range.age_max ?? null,
  pregnant: range.pregnant ?? false,
  reference_low: range.reference_low ?? null,
  reference_high: range.reference_high ?? null,
  critical_low: range.critical_low ?? null,
  critical_high: range.critical_high ?? null,
  verified: range.verified ?? true,
  source: range.source ?? null,
})

const inUcum = (unit: string | null | undefined): string | null => (unit ? (readUnit(unit) ?? unit) : null)

/** A whole entry, its unit as UCUM writes it. */
export const wholeEntry = (input: EntryInput, status: Entry['status'] = 'active'): EntryContent => ({
  kind: input.kind ?? 'analyte',
  name: input.name,
  code: input.code ?? null,
  other_codes: input.other_codes ?? [],
  synonyms: input.synonyms ?? [],
  specimen: input.specimen ?? null,
  unit: inUcum(input.unit),
  molar_mass: input.molar_mass ?? null,
  valence: input.valence ?? null,
  equation: input.equation ?? null,
  plausible_low: input.plausible_low ?? null,
  plausible_high: input.plausible_high ?? null,
  normal_texts: input.normal_texts ?? [],
  abnormal_texts: input.abnormal_texts ?? [],
  critical_texts: input.critical_texts ?? [],
  analytes: input.analytes ?? [],
  ranges: (input.ranges ?? []).map(wholeRange),
  status,
})

/** What a change makes of an entry. */
export const changedEntry = (
  current: Entry,
  changes: Partial<EntryInput> & { status?: Entry['status'] },
): EntryContent => wholeEntry({ ...current, ...changes }, changes.status ?? current.status)

const limitsOf = ({ reference_low, reference_high, critical_low, critical_high }: EntryRange) => [
  critical_low,
  reference_low,
  reference_high,
  critical_high,
]

function rangeBreaches(range: EntryRange, at: string): Breach[] {
  const limits = limitsOf(range)
  const breaches: Breach[] = []
  if (limits.every((limit) => limit === null))
    breaches.push({ pointer: `${at}/reference_low`, detail: 'one of the four limits is needed' })
  if (!inOrder(...limits))
    breaches.push({
      pointer: `${at}/reference_low`,
      detail: 'must be critical_low ≤ reference_low ≤ reference_high ≤ critical_high',
    })
  const { age_min, age_max } = range
  if (age_min !== null && age_max !== null && roughHours(age_min) >= roughHours(age_max))
    breaches.push({ pointer: `${at}/age_max`, detail: 'must be after age_min' })
  return breaches
}

function panelBreaches(entry: EntryContent, { byWord }: Catalogue): Breach[] {
  const breaches: Breach[] = []
  if (entry.unit !== null) breaches.push({ pointer: '/unit', detail: 'a panel has none' })
  if (entry.ranges.length > 0) breaches.push({ pointer: '/ranges', detail: 'a panel has none' })
  if (entry.analytes.length === 0) breaches.push({ pointer: '/analytes', detail: 'a panel expects one at least' })
  entry.analytes.forEach((name, i) => {
    if (byWord.get(wordOf(name))?.kind !== 'analyte')
      breaches.push({ pointer: `/analytes/${i}`, detail: 'is no analyte of the catalogue' })
  })
  return breaches
}

/** What the fields of an entry must be to each other and to the catalogue. */
export function findEntryBreaches(entry: EntryContent, catalogue: Catalogue): Breach[] {
  const breaches = entry.ranges.flatMap((range, i) => rangeBreaches(range, `/ranges/${i}`))
  if (entry.unit !== null && readUnit(entry.unit) === null)
    breaches.push({ pointer: '/unit', detail: 'is not a unit of UCUM' })
  const { plausible_low: low, plausible_high: high } = entry
  if ((low === null) !== (high === null) || (low !== null && high !== null && low >= high))
    breaches.push({ pointer: '/plausible_low', detail: 'both limits or none, the lower one first' })
  if (entry.equation === 'hba1c' && entry.unit !== '%' && entry.unit !== 'mmol/mol')
    breaches.push({ pointer: '/equation', detail: 'is between % and mmol/mol' })
  if (entry.kind === 'panel') return [...breaches, ...panelBreaches(entry, catalogue)]
  if (entry.analytes.length > 0) breaches.push({ pointer: '/analytes', detail: 'only a panel expects analytes' })
  return breaches
}

/** The entry that has this name, synonym or code already; null when none but itself has. */
export function findClaimed(
  {
    id,
    kind,
    name,
    synonyms,
    code,
    other_codes,
  }: Pick<Entry, 'kind' | 'name' | 'synonyms' | 'code' | 'other_codes'> & {
    id?: number
  },
  { byWord, byCode }: Catalogue,
): { entry: Entry; what: string } | null {
  const words = [name, ...synonyms].map((what) => ({ what, entry: byWord.get(wordOf(what)) }))
  const codes = [code, ...other_codes].flatMap((what) => (what === null ? [] : { what, entry: byCode.get(what) }))
  const taken = [...words, ...codes].find(({ entry }) => entry?.kind === kind && entry.id !== id)
  return taken?.entry ? { entry: taken.entry, what: taken.what } : null
}
