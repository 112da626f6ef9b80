import { chooseRanges, type Person, type Range } from '../lab-reference-ranges/rules.ts'
import type { GradingRange } from '../lab-tests/grading-rules.ts'
import { type Entry, limitsFor } from './rules.ts'

/** The catalogue's limits of an analyte for a person, as results are graded by them. */
export const gradingRangesOf = (entry: Entry, person: Person): GradingRange[] =>
  limitsFor(entry, person)
    .filter((limits) =>
      [limits.reference_low, limits.reference_high, limits.critical_low, limits.critical_high].some((x) => x !== null),
    )
    .map(({ verified, ...limits }) => ({
      name: entry.name,
      unit: entry.unit,
      molar_mass: entry.molar_mass,
      ...limits,
      from: verified ? 'catalogue' : 'unverified',
    }))

interface Named {
  name: string
  code: string | null
}

/** The names and codes under which a hospital may have a range of its own for an analyte. */
export const aliasesOf = (analyte: Entry | null): Named[] =>
  analyte === null
    ? []
    : [
        ...[analyte.name, ...analyte.synonyms].map((name) => ({ name, code: null })),
        ...[analyte.code, ...analyte.other_codes].map((code) => ({ name: analyte.name, code })),
      ]

/** The hospital's own ranges: of the code or the name as entered, else of any name or code that the analyte has. */
function ownRanges(ranges: readonly Range[], result: Named, analyte: Entry | null, person: Person): Range[] {
  const asEntered = chooseRanges(ranges, result, person)
  if (asEntered.length > 0 || analyte === null) return asEntered
  const names = new Set([analyte.name, ...analyte.synonyms].map((name) => name.toLowerCase()))
  const codes = new Set([analyte.code, ...analyte.other_codes])
  const same = { name: analyte.name, code: null }
  const alike = ranges
    .filter(({ name, code }) => names.has(name.trim().toLowerCase()) || (code !== null && codes.has(code)))
    .map((range) => ({ ...range, ...same }))
  return chooseRanges(alike, same, person)
}

/** What a result is graded by: the hospital's own ranges for this person where there are any, else its catalogue's. */
export function gradingFor(
  ranges: readonly Range[],
  result: Named,
  analyte: Entry | null,
  person: Person,
): readonly GradingRange[] {
  const own = ownRanges(ranges, result, analyte, person)
  return own.length > 0 || analyte === null ? own : gradingRangesOf(analyte, person)
}
