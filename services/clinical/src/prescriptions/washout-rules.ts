import type { Drug } from './drug-name-rules.ts'
import type { Findings } from './findings-rules.ts'
import { interactionsOf, sourceOf } from './interaction-rules.ts'
import { type Ingredient, keysOf } from './knowledge/ingredient.ts'
import { type Washout, washouts } from './knowledge/washouts.ts'

/** A prescription that ended, and how many days ago. */
export interface StoppedDrug {
  prescriptionId: number
  drug: Drug
  days: number
}

const bySubject = Map.groupBy(washouts, ({ stopped }) => stopped)

/** The window in which the one that was stopped still counts against the other; the longest of those that apply. */
function windowOf(stopped: Ingredient, begun: Ingredient): Washout | undefined {
  const keys = keysOf(begun)
  return keysOf(stopped)
    .flatMap((key) => bySubject.get(key) ?? [])
    .filter((washout) => washout.begun === '*' || keys.includes(washout.begun))
    .toSorted((a, b) => b.days - a.days)[0]
}

/**
 * What was stopped a short while ago and still acts: the same rules as for drugs in use, where a label says that they hold
 * on for a time.
 */
export function checkWashout(drug: Drug, stopped: readonly StoppedDrug[]): Findings['conflicts'] {
  return stopped.flatMap(({ prescriptionId, drug: other, days }) =>
    other.ingredients.flatMap((theirs) =>
      drug.ingredients.flatMap((mine) => {
        const washout = windowOf(theirs, mine)
        if (washout === undefined || days >= washout.days) return []
        const pair = { ...drug, ingredients: [mine] }
        return interactionsOf(pair, { ingredients: [theirs] }, { kind: 'prescription', id: prescriptionId }).map(
          (conflict) => ({
            ...conflict,
            detail: `${conflict.detail}; ${theirs.name} ended ${days} days ago and counts for ${washout.days}`,
            source: `${conflict.source}. After the end: ${sourceOf(washout)}`,
          }),
        )
      }),
    ),
  )
}
