import type { Conflict, UndecidedPart } from '@hospital/contracts'

/** Something entered that the allergy check did not understand. */
export type Ask = Pick<UndecidedPart, 'part' | 'detail' | 'entry'>

/** What one check found, before it is put into words for the answer. */
export interface Findings {
  conflicts: Omit<Conflict, 'version'>[]
  /** What was entered and not understood, in words. */
  unchecked: string[]
  /** What we hold no rule or measurement for: told, never asked. */
  notCovered?: string[]
  /** What of the unchecked a person decides before the drug is given. */
  asks?: Ask[]
}
