import type { Check, Conflict } from '@hospital/contracts'
import { checkAge } from './age-rules.ts'
import { checkAllergies, type RecordedAllergy } from './allergy-rules.ts'
import { checkDose } from './dose-rules.ts'
import type { Drug } from './drug-name-rules.ts'
import type { Findings } from './findings-rules.ts'
import { checkDuplicates, checkInteractions, type OtherDrug } from './interaction-rules.ts'
import { ruleSetVersion } from './knowledge/rule-set.ts'
import type { PatientFacts } from './patient-facts-rules.ts'

/** What a drug is checked against. */
export interface Chart {
  allergies: readonly RecordedAllergy[]
  /** The free-text columns of the patient. */
  allergyText: string | null
  medicationText: string | null
  /** The other prescriptions in use. */
  others: readonly OtherDrug[]
  /** Absent: nothing is known of the patient, so the checks that need it cover nothing. */
  patient?: PatientFacts
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

/** A name that is not in the table is what allergies and interactions could not check. */
function toCheck(check: Check['check'], drug: Drug, { unchecked, ...found }: Findings): Check {
  const notKnown = drug.unknown.map((part) => `“${part}” is not in the drug table`)
  return tell(check, { ...found, unchecked: [...notKnown, ...unchecked] })
}

function tell(check: Check['check'], { conflicts, unchecked, notCovered = [] }: Findings): Check {
  const each = new Map(conflicts.map((conflict) => [findingOf(conflict), { ...conflict, version: ruleSetVersion }]))
  const told = {
    conflicts: [...each.values()],
    unchecked: [...new Set(unchecked)],
    not_covered: [...new Set(notCovered)],
  }
  return { check, outcome: outcomeOf(told), version: ruleSetVersion, ...told }
}

/** Every check of one drug for one patient; each says what it found and what it could not look at. */
export function checkDrug(drug: Drug, chart: Chart): Check[] {
  return [
    toCheck('allergy', drug, checkAllergies(drug, chart.allergies, chart.allergyText)),
    toCheck('duplicate-therapy', drug, checkDuplicates(drug, chart.others)),
    toCheck('interaction', drug, checkInteractions(drug, chart.others, chart.medicationText)),
    tell('dose', checkDose(drug, chart.patient)),
    tell('age', checkAge(drug, chart.patient)),
  ]
}

export const conflictsOf = (checks: readonly Check[]): Conflict[] => checks.flatMap(({ conflicts }) => conflicts)

/** The conflicts that nobody has answered for yet. */
export function unansweredConflicts(checks: readonly Check[], answered: ReadonlySet<string>): Conflict[] {
  return conflictsOf(checks).filter((conflict) => !answered.has(findingOf(conflict)))
}
