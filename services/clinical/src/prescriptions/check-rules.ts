import type { Check, Conflict } from '@hospital/contracts'
import { checkAllergies, type RecordedAllergy } from './allergy-rules.ts'
import type { Drug } from './drug-name-rules.ts'
import type { Findings } from './findings-rules.ts'
import { checkDuplicates, checkInteractions, type OtherDrug } from './interaction-rules.ts'
import { ruleSetVersion } from './knowledge/rule-set.ts'

/** What a drug is checked against. */
export interface Chart {
  allergies: readonly RecordedAllergy[]
  /** The free-text columns of the patient. */
  allergyText: string | null
  medicationText: string | null
  /** The other prescriptions in use. */
  others: readonly OtherDrug[]
}

/** Identifies a conflict, so that an override or an alert about it counts once. */
export const findingOf = (conflict: Pick<Conflict, 'rule' | 'with'>): string =>
  `${conflict.rule}:${conflict.with.kind}:${conflict.with.id ?? ''}`

type Told = Required<Pick<Check, 'conflicts' | 'unchecked' | 'not_covered'>>

function outcomeOf({ conflicts, unchecked, not_covered }: Told): Check['outcome'] {
  if (conflicts.length > 0) return 'conflict'
  if (unchecked.length > 0) return 'could-not-check'
  return not_covered.length > 0 ? 'not-covered' : 'passed'
}

function toCheck(check: Check['check'], drug: Drug, { conflicts, unchecked, notCovered = [] }: Findings): Check {
  const each = new Map(conflicts.map((conflict) => [findingOf(conflict), { ...conflict, version: ruleSetVersion }]))
  const notKnown = drug.unknown.map((part) => `“${part}” is not in the drug table`)
  const gaps = [...new Set([...notKnown, ...unchecked])]
  const told = { conflicts: [...each.values()], unchecked: gaps, not_covered: [...new Set(notCovered)] }
  return { check, outcome: outcomeOf(told), version: ruleSetVersion, ...told }
}

/** Every check of one drug for one patient; each says what it found and what it could not look at. */
export function checkDrug(drug: Drug, chart: Chart): Check[] {
  return [
    toCheck('allergy', drug, checkAllergies(drug, chart.allergies, chart.allergyText)),
    toCheck('duplicate-therapy', drug, checkDuplicates(drug, chart.others)),
    toCheck('interaction', drug, checkInteractions(drug, chart.others, chart.medicationText)),
  ]
}

export const conflictsOf = (checks: readonly Check[]): Conflict[] => checks.flatMap(({ conflicts }) => conflicts)

/** The conflicts that nobody has answered for yet. */
export function unansweredConflicts(checks: readonly Check[], answered: ReadonlySet<string>): Conflict[] {
  return conflictsOf(checks).filter((conflict) => !answered.has(findingOf(conflict)))
}
