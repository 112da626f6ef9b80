import type { LabCatalogueEntry, LabCatalogueRange, Static } from '@hospital/contracts'
import { chooseFor } from '../lab-reference-ranges/age-rules.ts'
import { type Person, sexesOf } from '../lab-reference-ranges/rules.ts'
import type { CatalogueAnalyte, CatalogueLimits } from './knowledge/analyte.ts'
import { analytes } from './knowledge/catalogue.ts'
import type { CataloguePanel } from './knowledge/panel.ts'
import { panels } from './knowledge/panels.ts'
import { sources } from './knowledge/sources.ts'

export type Entry = Static<typeof LabCatalogueEntry>
export type EntryRange = Static<typeof LabCatalogueRange>

function rangeOf({ kind, low, high, source, sex, from, to, pregnant }: CatalogueLimits): EntryRange {
  const cited = source === null ? null : sources[source]
  return {
    sex: sex ?? null,
    age_min: from ?? null,
    age_max: to ?? null,
    pregnant: pregnant ?? false,
    reference_low: kind === 'normal' ? low : null,
    reference_high: kind === 'normal' ? high : null,
    critical_low: kind === 'critical' ? low : null,
    critical_high: kind === 'critical' ? high : null,
    verified: cited !== null,
    source: cited && `${cited.title}; ${cited.address}`,
  }
}

const unchanged = { status: 'active', origin: 'catalogue', updated_at: null, version: 1 } as const

const entryOf = (analyte: CatalogueAnalyte): Entry => ({
  id: analyte.id,
  kind: 'analyte',
  code: analyte.code,
  other_codes: [...analyte.otherCodes],
  name: analyte.name,
  synonyms: [...analyte.synonyms],
  specimen: analyte.specimen,
  unit: analyte.unit,
  molar_mass: analyte.molarMass,
  valence: analyte.valence,
  equation: analyte.equation,
  plausible_low: analyte.plausible?.[0] ?? null,
  plausible_high: analyte.plausible?.[1] ?? null,
  ranges: analyte.ranges.map(rangeOf),
  normal_texts: [...analyte.normalTexts],
  abnormal_texts: [...analyte.abnormalTexts],
  critical_texts: [...analyte.criticalTexts],
  analytes: [],
  ...unchanged,
})

const panelEntryOf = ({ id, code, name, synonyms, specimen, analytes }: CataloguePanel): Entry => ({
  id,
  kind: 'panel',
  code,
  other_codes: [],
  name,
  synonyms: [...synonyms],
  specimen,
  unit: null,
  molar_mass: null,
  valence: null,
  equation: null,
  plausible_low: null,
  plausible_high: null,
  ranges: [],
  normal_texts: [],
  abnormal_texts: [],
  critical_texts: [],
  analytes: [...analytes],
  ...unchanged,
})

/** The catalogue as every hospital has it on its first day. */
export const catalogueEntries: readonly Entry[] = [...analytes.map(entryOf), ...panels.map(panelEntryOf)]

/** Spelling that does not matter: case, blanks, British or American, the specimen that most have. */
export const wordOf = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/ha?em/g, 'hem')
    .replaceAll('leuco', 'leuko')
    .replaceAll(/\boe(?=strad|stro)/g, 'e')
    .replaceAll(/\s+/g, ' ')
    .trim()

const bareOf = (word: string): string =>
  word
    .replace(/^(?:serum|plasma|blood|venous)[ ,]+/, '')
    .replace(/,? \(?(?:serum|plasma|blood|level)\)?$/, '')
    .trim()

/** A catalogue to look things up in. Of two entries that claim a word or a code, the first keeps it. */
export interface Catalogue {
  entries: readonly Entry[]
  byCode: ReadonlyMap<string, Entry>
  byWord: ReadonlyMap<string, Entry>
}

const wordsOf = ({ name, synonyms }: Entry): string[] => [name, ...synonyms].map(wordOf)

export function catalogueOf(entries: readonly Entry[]): Catalogue {
  const byCode = new Map<string, Entry>()
  const byWord = new Map<string, Entry>()
  const keep = (map: Map<string, Entry>, keys: readonly string[], entry: Entry) => {
    for (const key of keys) if (!map.has(key)) map.set(key, entry)
  }
  const active = entries.filter(({ status }) => status === 'active')
  for (const entry of active) keep(byCode, entry.code === null ? [] : [entry.code], entry)
  for (const entry of active) keep(byCode, entry.other_codes, entry)
  for (const entry of active) keep(byWord, wordsOf(entry), entry)
  return { entries, byCode, byWord }
}

const everywhere = catalogueOf(catalogueEntries)

/** The catalogue of a hospital that changed or added these entries; a changed one takes the place of its original. */
export function catalogueWith(changes: readonly Entry[]): Catalogue {
  if (changes.length === 0) return everywhere
  const changed = new Set(changes.map(({ id }) => id))
  return catalogueOf([...changes, ...catalogueEntries.filter(({ id }) => !changed.has(id))])
}

export interface EntryFilter {
  q?: string
  kind?: Entry['kind']
  status?: Entry['status']
  origin?: Entry['origin']
}

/** By name, after a place in that order; `q` is part of a name or synonym, or a code. */
export function selectEntries(
  entries: readonly Entry[],
  { q, kind, status, origin }: EntryFilter,
  after: { name: string; id: number } | null,
): Entry[] {
  const word = q === undefined ? '' : wordOf(q)
  const isFound = (entry: Entry) =>
    wordsOf(entry).some((other) => other.includes(word)) ||
    [entry.code, ...entry.other_codes].some((code) => code === q)
  const isAfter = (entry: Entry) => {
    if (after === null) return true
    const name = wordOf(entry.name)
    return name > after.name || (name === after.name && entry.id > after.id)
  }
  const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b))
  return entries
    .filter((entry) => (kind ?? entry.kind) === entry.kind && (status ?? entry.status) === entry.status)
    .filter((entry) => (origin ?? entry.origin) === entry.origin && isAfter(entry) && isFound(entry))
    .toSorted((a, b) => compare(wordOf(a.name), wordOf(b.name)) || a.id - b.id)
}

interface Named {
  name: string
  code: string | null
}

const ofKind = (entry: Entry | undefined, kind: Entry['kind']): Entry | null => (entry?.kind === kind ? entry : null)

const findEntry = ({ byCode, byWord }: Catalogue, { name, code }: Named, kind: Entry['kind']): Entry | null => {
  const word = wordOf(name)
  return (
    (code === null ? null : ofKind(byCode.get(code), kind)) ??
    ofKind(byWord.get(word), kind) ??
    ofKind(byWord.get(bareOf(word)), kind)
  )
}

/** The panel that a test's code or name means. */
export const findPanel = (catalogue: Catalogue, test: Named): Entry | null => findEntry(catalogue, test, 'panel')

/** The analytes that a test is answered by: those of the panel, or the one that it is; none for what is not known. */
export function expectedAnalytes(catalogue: Catalogue, test: Named): Entry[] {
  const panel = findPanel(catalogue, test)
  const names = panel === null ? [] : panel.analytes
  const members = names.flatMap((name) => findEntry(catalogue, { name, code: null }, 'analyte') ?? [])
  if (panel !== null) return members
  const single = findEntry(catalogue, test, 'analyte')
  return single === null ? [] : [single]
}

/** `Protein` of a urinalysis is the urine's: within a panel a member is meant before anything else. */
function memberOf(members: readonly Entry[], name: string): Entry | null {
  const word = wordOf(name)
  return (
    members.find((entry) => wordsOf(entry).includes(word)) ??
    members.find((entry) => wordOf(entry.name.split(',')[0] ?? '') === word) ??
    null
  )
}

/** The analyte that a result speaks of: by its code, then by its name, within the test that it answers first. */
export function findAnalyte(catalogue: Catalogue, result: Named, members: readonly Entry[] = []): Entry | null {
  const coded = result.code === null ? undefined : catalogue.byCode.get(result.code)
  return ofKind(coded, 'analyte') ?? memberOf(members, result.name) ?? findEntry(catalogue, result, 'analyte')
}

/** Limits of the catalogue that speak of this person; null for what has none. */
export type CatalogueLimitsFor = Pick<
  EntryRange,
  'reference_low' | 'reference_high' | 'critical_low' | 'critical_high' | 'verified'
>

const hasReference = ({ reference_low, reference_high }: EntryRange): boolean =>
  reference_low !== null || reference_high !== null
const hasCritical = ({ critical_low, critical_high }: EntryRange): boolean =>
  critical_low !== null || critical_high !== null

/**
 * The limits to grade by: reference and critical limits are each the most specific ones that there are. Several where sex
 * or age are not known for certain: the one that alarms counts.
 */
export function limitsFor(entry: Entry, person: Person): CatalogueLimitsFor[] {
  const sets = sexesOf(person).flatMap((sex) => {
    const normal = chooseFor(entry.ranges.filter(hasReference), { ...person, sex })
    const critical = chooseFor(entry.ranges.filter(hasCritical), { ...person, sex })
    return (normal.length > 0 ? normal : [null]).flatMap((of) =>
      (critical.length > 0 ? critical : [null]).map((beyond) => ({
        reference_low: of?.reference_low ?? null,
        reference_high: of?.reference_high ?? null,
        critical_low: beyond?.critical_low ?? null,
        critical_high: beyond?.critical_high ?? null,
        verified: of?.verified ?? true,
      })),
    )
  })
  return sets.filter((set, i) => sets.findIndex((other) => JSON.stringify(other) === JSON.stringify(set)) === i)
}
