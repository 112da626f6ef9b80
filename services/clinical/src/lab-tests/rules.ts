import type { LabCritical, LabTest, Static } from '@hospital/contracts'
import { Value } from '@sinclair/typebox/value'
import { type Asking, decideAsking } from '../critical-results/rules.ts'
import type { Result } from './grading-rules.ts'

/** Is one of the results beyond a critical limit, or critical by what it says? */
export const isCritical = (results: readonly Result[]): boolean =>
  results.some(({ flag }) => flag === 'LL' || flag === 'HH' || flag === 'AA')

type Analyte = Pick<Result, 'name' | 'code'>
const nameOf = ({ name }: Analyte) => name.trim().toLowerCase()

/** Do two results speak of the same analyte? By code where both have one, else by name. */
const isSameAnalyte = (a: Analyte, b: Analyte): boolean =>
  a.code !== null && b.code !== null ? a.code === b.code : nameOf(a) === nameOf(b)

/** The place of the first entry whose analyte stands before it in the same list; -1 when each is there once. */
export const findRepeated = (entered: readonly Analyte[]): number =>
  entered.findIndex((result, i) => entered.slice(0, i).some((before) => isSameAnalyte(before, result)))

/**
 * The test's notes after results were entered with these: the first take the place of the order's (which stay in its
 * step), those of later parts are added, none replaces another part's.
 */
export function notesAfter(
  { notes, results_version }: Pick<Static<typeof LabTest>, 'notes' | 'results_version'>,
  entered: string | null | undefined,
): string | null {
  if (entered === undefined) return notes
  if (results_version === 0 || notes === null) return entered
  return entered === null || notes.split('\n').includes(entered) ? notes : `${notes}\n${entered}`
}

/** What entering results makes of those that are there. */
export interface Entry extends Asking {
  /** All results of the test from now on. */
  results: Result[]
  /** Those that were not there, or not so. */
  changed: Result[]
  isCorrection: boolean
}

/**
 * Entering adds: the parts of a panel come one after the other, and none takes another's place. An analyte that is there
 * already is corrected where it stands; the same again changes nothing. A critical value stays open until a person has
 * acknowledged it, whatever is entered after it; a new one opens the test again, and so does a correction of it.
 */
export function decideEntry(
  present: readonly Result[],
  critical: Static<typeof LabCritical> | null,
  entered: readonly Result[],
  wasVerified = false,
): Entry {
  const standing = (result: Result) => present.find((other) => isSameAnalyte(other, result))
  const changed = entered.filter((result) => {
    const before = standing(result)
    return before === undefined || !Value.Equal(before, result)
  })
  const results = [
    ...present.map((before) => changed.find((result) => isSameAnalyte(result, before)) ?? before),
    ...changed.filter((result) => standing(result) === undefined),
  ]
  const changes = changed.map((result) => {
    const before = standing(result)
    return { isCritical: isCritical([result]), before: before ? { isCritical: isCritical([before]) } : null }
  })
  return {
    results,
    changed,
    isCorrection: changed.some((result) => standing(result) !== undefined),
    ...decideAsking(critical, wasVerified, changes),
  }
}
