import type { Bundle } from './bundle-mapping.ts'
import {
  codesOf,
  codingsOf,
  conceptText,
  cut,
  dayAt,
  instantAt,
  isNode,
  joinTexts,
  nodeAt,
  nodesAt,
  type Resource,
  textAt,
  textOf,
  toInstant,
} from './fhir-mapping.ts'
import type { RecordDraft } from './plan-mapping.ts'
import { sourceOf } from './source-mapping.ts'

const longest = 20_000
const classes: Record<string, string> = {
  AMB: 'Ambulatory',
  EMER: 'Emergency',
  IMP: 'Inpatient',
  ACUTE: 'Inpatient',
  OBSENC: 'Observation',
  HH: 'Home health',
  VR: 'Virtual',
  WELLNESS: 'Wellness',
  URGENTCARE: 'Urgent care',
}

/** From when to when a visit was; null without a beginning. */
export function periodOf(encounter: Resource): { start: string; end: string | null } | null {
  const period = nodeAt(encounter, 'period')
  if (period?.['start'] === undefined) return null
  const start = toInstant(encounter, 'period/start', period['start'])
  return { start, end: period['end'] === undefined ? null : toInstant(encounter, 'period/end', period['end']) }
}

/** What a Condition says, in one line: name, code, since when, and whether it is over. */
function conditionLine(at: Resource): string {
  const coding = codingsOf(at.node['code']).find(({ code }) => code !== null)
  const day = (...names: string[]) => dayAt(at, ...names)
  const [onset, end] = [day('onsetDateTime', 'recordedDate'), day('abatementDateTime')]
  const [clinical] = codesOf([at.node['clinicalStatus']])
  const [verified] = codesOf([at.node['verificationStatus']])
  return joinTexts(
    [
      conceptText(at.node['code']) ?? 'Condition without a name',
      coding ? `[${coding.system?.split('/').at(-1) ?? 'code'} ${coding.code}]` : null,
      onset ? `since ${onset}` : null,
      end ? `until ${end}` : null,
      clinical ?? null,
      verified && verified !== 'confirmed' ? verified : null,
    ],
    ', ',
  ) as string
}

const conditionNames = (conditions: readonly Resource[]): string | null =>
  joinTexts([...new Set(conditions.map((at) => conceptText(at.node['code'])))], '; ')

/** Encounter with its Conditions → a row of medical_records. Vital signs are added later. */
export function mapEncounter(
  bundle: Bundle,
  at: Resource,
  patientKey: string,
  conditions: readonly Resource[],
  start: string,
): RecordDraft {
  const kind = codingsOf({ coding: [at.node['class']] })[0]
  const reasons = joinTexts(nodesAt(at, 'reasonCode').map(conceptText), '; ')
  const about = joinTexts(nodesAt(at, 'type').map(conceptText), '; ')
  const stay = nodeAt(at, 'hospitalization')
  const end = periodOf(at)?.end
  const notes = joinTexts(
    [
      kind?.code ? (classes[kind.code] ?? kind.display ?? kind.code) : null,
      end ? `Ended ${end}` : null,
      stay && conceptText(stay['dischargeDisposition'])
        ? `Discharge: ${conceptText(stay['dischargeDisposition'])}`
        : null,
      ...conditions.map((condition) => `Condition: ${conditionLine(condition)}`),
    ],
    '\n',
  )
  const diagnosis = conditionNames(conditions)
  const complaint = joinTexts([about, reasons], ': ')
  const participants = nodesAt(at, 'participant').map((participant) => participant['individual'])
  return {
    keys: [at.key, ...conditions.map(({ key }) => key)],
    pointer: at.pointer,
    patientKey,
    visit_date: start,
    chief_complaint: complaint === null ? null : cut(complaint, longest),
    diagnosis: diagnosis === null ? null : cut(diagnosis, longest),
    vital_signs: null,
    notes: notes === null ? null : cut(notes, longest),
    source: sourceOf(bundle, at, ...participants, at.node['serviceProvider']),
  }
}

/** A Condition that belongs to no visit of the bundle becomes an entry of its own. */
export function mapLooseCondition(bundle: Bundle, at: Resource, patientKey: string): RecordDraft | null {
  const when = instantAt(at, 'recordedDate', 'onsetDateTime')
  if (when === null) return null
  return {
    keys: [at.key],
    pointer: at.pointer,
    patientKey,
    visit_date: when,
    chief_complaint: null,
    diagnosis: cut(conditionNames([at]) ?? 'Condition without a name', longest),
    vital_signs: null,
    notes: `Condition: ${conditionLine(at)}`,
    source: sourceOf(bundle, at, at.node['recorder'], at.node['asserter']),
  }
}

/** Why an encounter becomes no record; null when it does. */
export function encounterRefusal(at: Resource): string | null {
  const status = textAt(at, 'status')
  if (status !== null && ['planned', 'cancelled', 'entered-in-error'].includes(status)) return `status ${status}`
  return periodOf(at) === null ? 'without a date' : null
}

/** Why a condition is left out; null when it is not. */
export function conditionRefusal(at: Resource): string | null {
  const [verification] = codesOf([at.node['verificationStatus']])
  if (verification === 'entered-in-error' || verification === 'refuted') return `verification status ${verification}`
  return isNode(at.node['code']) || textOf(at.node['code']) !== null ? null : 'without a code'
}
