import { type BodyOf, type callAboutLabTest, type LabCritical, refusedField, type Static } from '@hospital/contracts'

/** A result that was entered, and what stood in its place. */
export interface Change {
  isCritical: boolean
  /** null: nothing stood there. */
  before: { isCritical: boolean } | null
}

/** What an entry of results makes of a test's question to its orderer. */
export interface Asking {
  critical: Static<typeof LabCritical> | null
  /** What was said before was wrong: the doctor who acted on it has to know, whatever the new value is. */
  isCorrected: boolean
}

/**
 * A critical value asks; so does a correction of one, and any correction of what was verified. What asks goes on asking
 * whatever is entered after it, and what has been answered stays answered.
 */
export function decideAsking(
  critical: Static<typeof LabCritical> | null,
  wasVerified: boolean,
  changes: readonly Change[],
): Asking {
  const isCorrected = changes.some(({ before }) => before !== null && (before.isCritical || wasVerified))
  const asks = critical === 'unacknowledged' || isCorrected || changes.some(({ isCritical }) => isCritical)
  return { critical: asks ? 'unacknowledged' : critical, isCorrected }
}

type Call = BodyOf<typeof callAboutLabTest>

/**
 * A call names somebody: a person of this hospital, or whoever answered in words.
 * @throws problem `validation-failed`
 */
export function checkCall({ recipient, spoke_to }: Call): void {
  if ((recipient ?? null) === null && (spoke_to ?? null) === null) {
    throw refusedField('/spoke_to', 'is required where no recipient is named: who was called?')
  }
}
