import type { Conflict } from '@hospital/contracts'

/** What one check found, before it is put into words for the answer. */
export interface Findings {
  conflicts: Omit<Conflict, 'version'>[]
  /** What was entered and not understood: a person decides. */
  unchecked: string[]
  /** What we hold no rule or measurement for: told, never asked. */
  notCovered?: string[]
}
