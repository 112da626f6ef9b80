import type { Test } from 'tap'
import type { TestSystem } from '../../src/index.ts'
import type { Aviary } from './aviary.ts'

/** What planting needs: the system, the birds that are planted, and the people who plant them. */
export interface Scene {
  t: Test
  system: TestSystem
  birds: Aviary
  /** The access token of a role's demo person. */
  tokenOf: (role: string) => string
}
