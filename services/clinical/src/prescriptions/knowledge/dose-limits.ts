import { fdaDoseLimits } from './fda-dose-limits.ts'
import { formularyOralLimits, formularyParenteralLimits } from './formulary-dose-limits.ts'
import type { Opened } from './interaction.ts'
import { unverifiedDoseLimits } from './unverified-dose-limits.ts'

export { childLimits } from './child-dose-limits.ts'

/**
 * The most that each source names for an adult. A dose is a conflict above the highest of them all, and passes where a
 * verified one covers it; between the two it is said that no verified figure covers it.
 */
export const adultDoseLimits = [
  ...fdaDoseLimits,
  ...formularyOralLimits,
  ...formularyParenteralLimits,
  ...unverifiedDoseLimits,
]

interface Told {
  source: string
  opened: Opened | null
}

/** Drugs that are taken on so many days of the week and no more. */
export const weeklyOnly: ReadonlyMap<string, Told & { timesAWeek: number; words: string }> = new Map([
  [
    'methotrexate',
    {
      // Psoriasis: three doses at intervals of twelve hours, once a week.
      timesAWeek: 3,
      words: 'once a week',
      source: 'USPI methotrexate tablets, Boxed Warning; NPSA 2006, oral methotrexate',
      opened: {
        address: 'https://resources.time.leeds.ac.uk/pills/prfm_02.html',
        passage:
          '“prescribed as a single weekly dose … Dosing errors were a common cause of severe patient harm, especially when methotrexate was prescribed more frequently than once weekly”',
      },
    },
  ],
])

/** The longest course, in days. */
export const courseLimits: readonly (Told & { name: string; days: number })[] = [
  {
    name: 'ketorolac',
    days: 5,
    source: 'USPI ketorolac tablets, Boxed Warning (not longer than 5 days)',
    opened: null,
  },
]
