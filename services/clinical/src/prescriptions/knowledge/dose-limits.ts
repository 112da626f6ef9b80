import { fdaDoseLimits } from './fda-dose-limits.ts'
import { formularyOralLimits, formularyParenteralLimits } from './formulary-dose-limits.ts'
import { hospitalFormularyLimits } from './hospital-formulary-limits.ts'
import type { Opened } from './interaction.ts'
import { unverifiedDoseLimits, unverifiedParenteralLimits } from './unverified-dose-limits.ts'

export { childLimits } from './child-dose-limits.ts'

/**
 * The most that each source names for an adult. A dose is a conflict above the highest of them all, and passes where a
 * verified one covers it; between the two it is said that no verified figure covers it.
 */
export const adultDoseLimits = [
  ...fdaDoseLimits,
  ...formularyOralLimits,
  ...hospitalFormularyLimits,
  ...formularyParenteralLimits,
  ...unverifiedDoseLimits,
  ...unverifiedParenteralLimits,
]

interface Told {
  source: string
  opened: Opened | null
}

/** Drugs that are taken on so many days of the week and no more; `fromMg`: of a strength that is meant for that. */
export const weeklyOnly: ReadonlyMap<string, Told & { timesAWeek: number; words: string; fromMg?: number }> = new Map([
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
  [
    'alendronate',
    {
      timesAWeek: 1,
      fromMg: 70,
      words: 'once a week at this strength',
      source: 'USPI Binosto (alendronate 70 mg), 2.1',
      opened: {
        address: 'https://themeditary.com/dosage-information/binosto-dosage-1865.html',
        passage: '“The recommended dosage is one 70 mg effervescent tablet once weekly”',
      },
    },
  ],
  [
    'risedronate',
    {
      timesAWeek: 1,
      fromMg: 35,
      words: 'once a week at this strength',
      source: 'Guideline on osteoporosis, as quoted',
      opened: {
        address:
          'https://www.droracle.ai/articles/748937/what-is-the-recommended-dosing-frequency-for-bisphosphonates-such',
        passage: '“Risedronate 35 mg once weekly is an alternative bisphosphonate option for weekly dosing”',
      },
    },
  ],
  [
    'ibandronate',
    {
      timesAWeek: 0.25,
      fromMg: 100,
      words: 'once a month at this strength',
      source: 'National Neuroscience Institute, Risedronate and Ibandronate (Monthly)',
      opened: {
        address: 'https://www.nni.com.sg/patient-care/medicine/risedronate-and-ibandronate-monthly/dosage',
        passage: '“Take 1 tablet ONCE A MONTH”',
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
