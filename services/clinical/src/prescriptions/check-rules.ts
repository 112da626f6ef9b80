import type { Check, CheckDecision, Conflict, UndecidedPart } from '@hospital/contracts'
import { checkAge } from './age-rules.ts'
import { type AllergyStatus, checkAllergies, readsAs } from './allergy-rules.ts'
import { checkDose } from './dose-rules.ts'
import type { Drug } from './drug-name-rules.ts'
import type { Ask, Findings } from './findings-rules.ts'
import { checkDuplicates, checkInteractions, type OtherDrug } from './interaction-rules.ts'
import { ruleSetVersion } from './knowledge/rule-set.ts'
import type { PatientFacts } from './patient-facts-rules.ts'
import { checkPregnancy } from './pregnancy-rules.ts'
import { checkRenal } from './renal-rules.ts'
import { checkWashout, type StoppedDrug } from './washout-rules.ts'

/** A decision, and how the entry read when it was made. */
export type Decision = Pick<CheckDecision, 'part' | 'entry'> & { entry_text: string }

/** Has somebody decided this, and does the entry read as it did then? */
const isDecided = (ask: Ask, chart: Chart): boolean =>
  chart.decisions.some(
    ({ part, entry, entry_text }) =>
      ask.part === part &&
      ask.entry.kind === entry.kind &&
      ask.entry.id === entry.id &&
      entry_text === readsAs(ask, chart),
  )

/** What a drug is checked against. */
export interface Chart extends AllergyStatus {
  /** What was decided about entries that the checks do not understand. */
  decisions: readonly Decision[]
  medicationText: string | null
  /** The other prescriptions in use. */
  others: readonly OtherDrug[]
  /** Prescriptions that ended of late. */
  stopped?: readonly StoppedDrug[]
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

function toCheck(check: Check['check'], { conflicts, unchecked, notCovered = [] }: Findings): Check {
  const each = new Map(conflicts.map((conflict) => [findingOf(conflict), { ...conflict, version: ruleSetVersion }]))
  const told = {
    conflicts: [...each.values()],
    unchecked: [...new Set(unchecked)],
    not_covered: [...new Set(notCovered)],
  }
  return { check, outcome: outcomeOf(told), version: ruleSetVersion, ...told }
}

/** What is not in the drug table cannot be compared with anything. */
const withUnknown = (drug: Drug, findings: Findings): Findings => ({
  ...findings,
  unchecked: [...drug.unknown.map((part) => `“${part}” is not in the drug table`), ...findings.unchecked],
})

function allergyCheck(drug: Drug, chart: Chart): Check {
  const findings = checkAllergies(drug, chart)
  const parts = (findings.asks ?? []).map(
    (ask): UndecidedPart => ({ check: 'allergy', ...ask, decided: isDecided(ask, chart) }),
  )
  return { ...toCheck('allergy', withUnknown(drug, findings)), parts }
}

/** Other drugs in use, and those that were stopped and still act. */
function interactionFindings(drug: Drug, { others, stopped = [], medicationText }: Chart): Findings {
  const findings = checkInteractions(drug, others, medicationText)
  const active = new Set(others.map(({ prescriptionId }) => prescriptionId))
  const ended = stopped.filter(({ prescriptionId }) => !active.has(prescriptionId))
  return { ...findings, conflicts: [...findings.conflicts, ...checkWashout(drug, ended)] }
}

/** Every check of one drug for one patient; each says what it found and what it could not look at. */
export function checkDrug(drug: Drug, chart: Chart): Check[] {
  return [
    allergyCheck(drug, chart),
    toCheck('duplicate-therapy', withUnknown(drug, checkDuplicates(drug, chart.others))),
    toCheck('interaction', withUnknown(drug, interactionFindings(drug, chart))),
    toCheck('dose', checkDose(drug, chart.patient)),
    toCheck('age', checkAge(drug, chart.patient)),
    toCheck('pregnancy', checkPregnancy(drug, chart.patient)),
    toCheck('renal', checkRenal(drug, chart.patient)),
  ]
}

export const conflictsOf = (checks: readonly Check[]): Conflict[] => checks.flatMap(({ conflicts }) => conflicts)

/** The conflicts that nobody has answered for yet. */
export function unansweredConflicts(checks: readonly Check[], answered: ReadonlySet<string>): Conflict[] {
  return conflictsOf(checks).filter((conflict) => !answered.has(findingOf(conflict)))
}

/** What nobody has decided yet. */
export const undecidedParts = (checks: readonly Check[]): UndecidedPart[] =>
  checks.flatMap(({ parts = [] }) => parts).filter(({ decided }) => !decided)
