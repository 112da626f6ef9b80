import type { Person } from '../lab-reference-ranges/rules.ts'
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
