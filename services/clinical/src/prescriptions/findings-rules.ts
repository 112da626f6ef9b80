import type { Conflict } from '@hospital/contracts'

/** What one check found, before it is put into words for the answer. */
export interface Findings {
  conflicts: Omit<Conflict, 'version'>[]
  unchecked: string[]
}
