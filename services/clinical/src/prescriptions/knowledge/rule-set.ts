import { antiInfectives } from './anti-infectives.ts'
import { cardiovascular } from './cardiovascular.ts'
import { enzymeInteractions } from './enzyme-interactions.ts'
import { heartAndBloodInteractions } from './heart-and-blood-interactions.ts'
import type { Ingredient } from './ingredient.ts'
import { interactingDrugs } from './interacting-drugs.ts'
import type { InteractionRule } from './interaction.ts'
import { nervousSystem } from './nervous-system.ts'
import { nervousSystemInteractions } from './nervous-system-interactions.ts'
import { otherDrugs } from './other-drugs.ts'
import { otherInteractions } from './other-interactions.ts'

/**
 * Changes with every change in this folder; stored with each check. The rules are written by hand; each names the public source
 * it follows, and what of it was opened (docs/decisions/0009). They help the prescriber and are not complete: what they do not
 * know is said, never passed.
 */
export const ruleSetVersion = '2026.11.7'

export const allIngredients: readonly Ingredient[] = [
  ...cardiovascular,
  ...antiInfectives,
  ...nervousSystem,
  ...otherDrugs,
  ...interactingDrugs,
]

export const interactionRules: readonly InteractionRule[] = [
  ...heartAndBloodInteractions,
  ...nervousSystemInteractions,
  ...otherInteractions,
  ...enzymeInteractions,
]

/** How many rules were read in an opened publication, and how many are from knowledge of one that was not opened. */
export const interactionCounts = {
  verified: interactionRules.filter(({ opened }) => opened !== null).length,
  unverified: interactionRules.filter(({ opened }) => opened === null).length,
}
