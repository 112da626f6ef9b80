import { allergyRefusal, mapAllergy } from './allergy-mapping.ts'
import type { Bundle } from './bundle-mapping.ts'
import { conditionRefusal, encounterRefusal, mapEncounter, mapLooseCondition, periodOf } from './encounter-mapping.ts'
import { nodesAt, type Resource } from './fhir-mapping.ts'
import { categoriesOf, isLaboratoryReport, labStatus, mapObservations, mapReport } from './lab-mapping.ts'
import { mapResults, observedAt } from './observation-mapping.ts'
import { mapPatient } from './patient-mapping.ts'
import { createTally, type ImportPlan, type RecordDraft, type Tally } from './plan-mapping.ts'
import { mapPrescription, prescriptionRefusal } from './prescription-mapping.ts'
import { addVitalSigns } from './vital-signs-mapping.ts'

/** Resource types that become rows; whatever is of another type has no place here. */
export const importedTypes = [
  'Patient',
  'Encounter',
  'Condition',
  'Observation',
  'DiagnosticReport',
  'MedicationRequest',
  'AllergyIntolerance',
]
/** Read for what others say through them. */
const readAlongside = ['Practitioner', 'PractitionerRole', 'Medication']

/** What all mappings of one import look at. */
interface Work {
  bundle: Bundle
  /** Not here yet. */
  isNew: (at: Resource) => boolean
  patientKeyOf: (at: Resource) => string | null
  /** The visit a resource belongs to, when it is or will be a record of the same patient. */
  recordKeyOf: (at: Resource) => string | null
  records: Map<string, RecordDraft>
  plan: ImportPlan
  tally: Tally
}

const noPatient = 'belongs to a patient that is not in the bundle'

/** The new resources of a type whose patient is in the bundle; the others are counted as left out. */
function* withPatient(work: Work, type: string): Generator<[Resource, string]> {
  for (const at of work.bundle.ofType(type).filter(work.isNew)) {
    const patientKey = work.patientKeyOf(at)
    if (patientKey === null) work.tally.skip(type, noPatient)
    else yield [at, patientKey]
  }
}

function planEncounters(work: Work): void {
  const byEncounter = Map.groupBy(
    [...withPatient(work, 'Condition')].filter(([at]) => {
      const refusal = conditionRefusal(at)
      if (refusal !== null) work.tally.skip('Condition', refusal)
      return refusal === null
    }),
    ([at]) => work.bundle.resolve(at, at.node['encounter'])?.key,
  )
  for (const [at, patientKey] of withPatient(work, 'Encounter')) {
    const refusal = encounterRefusal(at)
    const period = periodOf(at)
    if (refusal !== null || period === null) {
      work.tally.skip('Encounter', refusal ?? 'without a date')
      continue
    }
    const conditions = (byEncounter.get(at.key) ?? [])
      .filter(([, owner]) => owner === patientKey)
      .map(([condition]) => condition)
    const record = mapEncounter(work.bundle, at, patientKey, conditions, period.start)
    work.records.set(at.key, record)
    work.plan.records.push(record)
  }
  const placed = new Set(work.plan.records.flatMap(({ keys }) => keys))
  for (const [at, patientKey] of [...byEncounter.values()].flat()) {
    if (placed.has(at.key)) continue
    const record = mapLooseCondition(work.bundle, at, patientKey)
    if (record === null) work.tally.skip('Condition', 'without a date')
    else work.plan.records.push(record)
  }
}

/** A panel has one date: that of most of its observations. Those of another date stand for themselves. */
function measuredTogether(members: readonly Resource[]): Resource[] {
  const byInstant = Map.groupBy(members, (member) => observedAt(member)?.observed)
  return [...byInstant.values()].reduce((most, group) => (group.length > most.length ? group : most), [])
}

/** Laboratory panels with their results. Answers the observations that are in one. */
function planReports(work: Work): Set<Resource> {
  const placed = new Set<Resource>()
  for (const [at, patientKey] of withPatient(work, 'DiagnosticReport')) {
    if (!isLaboratoryReport(at)) {
      work.tally.skip('DiagnosticReport', 'not a laboratory report')
      continue
    }
    const members = measuredTogether(
      [...new Set(nodesAt(at, 'result').map((reference) => work.bundle.resolve(at, reference)))].filter(
        (member): member is Resource => member?.type === 'Observation' && isUsable(work, member) && !placed.has(member),
      ),
    )
    const draft = mapReport(work.bundle, at, members, { patientKey, recordKey: work.recordKeyOf(at) })
    if (draft === null) {
      work.tally.skip('DiagnosticReport', 'without a result')
      continue
    }
    for (const member of members) placed.add(member)
    work.plan.labTests.push(draft)
  }
  return placed
}

const isUsable = (work: Work, at: Resource): boolean =>
  work.isNew(at) && labStatus(at) !== null && mapResults(at).length > 0

const isVitalSign = (categories: readonly string[]) =>
  categories.includes('vital-signs') || categories.includes('vital-sign')

/** Measured on the day of the visit, while it lasted: then the visit's date is the sign's. */
function isDuring(encounter: Resource | null, observed: string): boolean {
  const period = encounter && periodOf(encounter)
  if (!period) return false
  return (
    observed.slice(0, 10) === period.start.slice(0, 10) &&
    observed >= period.start &&
    observed <= (period.end ?? observed)
  )
}

interface LooseSign {
  at: Resource
  patientKey: string
  observed: string
}

function planVitalSigns(work: Work, signs: readonly LooseSign[]): void {
  const others = [...signs]
    .sort((a, b) => (a.observed < b.observed ? -1 : a.observed > b.observed ? 1 : 0))
    .filter((sign) => {
      const encounter = work.bundle.resolve(sign.at, sign.at.node['encounter'])
      const record = encounter && work.records.get(encounter.key)
      if (!record || record.patientKey !== sign.patientKey || !isDuring(encounter, sign.observed)) return true
      const typed = { ...record.vital_signs }
      if (!addVitalSigns(typed, mapResults(sign.at))) return true
      record.vital_signs = typed
      record.keys.push(sign.at.key)
      return false
    })
  const together = Map.groupBy(
    others,
    ({ at, patientKey, observed }) => `${patientKey} ${work.recordKeyOf(at)} ${observed}`,
  )
  for (const [first, ...rest] of together.values()) {
    if (first === undefined) continue
    const belongs = { patientKey: first.patientKey, recordKey: work.recordKeyOf(first.at) }
    const draft = mapObservations(
      work.bundle,
      [first.at, ...rest.map(({ at }) => at)],
      'Vital signs',
      'vital-signs',
      belongs,
    )
    if (draft !== null) work.plan.labTests.push(draft)
  }
}

function planObservations(work: Work, placed: ReadonlySet<Resource>): void {
  const signs: LooseSign[] = []
  for (const [at, patientKey] of withPatient(work, 'Observation')) {
    if (placed.has(at)) continue
    const categories = categoriesOf(at)
    const isLaboratory = categories.includes('laboratory')
    const when = observedAt(at)
    if (!isLaboratory && !isVitalSign(categories))
      work.tally.skip('Observation', `category ${categories[0] ?? 'missing'} has no place here`)
    else if (labStatus(at) === null) work.tally.skip('Observation', `status ${String(at.node['status'])}`)
    else if (when === null) work.tally.skip('Observation', 'without a date')
    else if (mapResults(at).length === 0) work.tally.skip('Observation', 'without a value')
    else if (isLaboratory) {
      const draft = mapObservations(work.bundle, [at], null, 'laboratory', {
        patientKey,
        recordKey: work.recordKeyOf(at),
      })
      if (draft !== null) work.plan.labTests.push(draft)
    } else signs.push({ at, patientKey, observed: when.observed })
  }
  planVitalSigns(work, signs)
}

function planPrescriptions(work: Work): void {
  for (const [at, patientKey] of withPatient(work, 'MedicationRequest')) {
    const refusal = prescriptionRefusal(at)
    const draft = refusal === null ? mapPrescription(work.bundle, at, patientKey, work.recordKeyOf(at)) : null
    if (draft === null) work.tally.skip('MedicationRequest', refusal ?? 'without a medication or a date')
    else work.plan.prescriptions.push(draft)
  }
}

function planAllergies(work: Work): void {
  for (const [at, patientKey] of withPatient(work, 'AllergyIntolerance')) {
    const refusal = allergyRefusal(at)
    if (refusal === null) work.plan.allergies.push(mapAllergy(work.bundle, at, patientKey))
    else work.tally.skip('AllergyIntolerance', refusal)
  }
}

function countOthers({ bundle, tally }: Work): void {
  for (const { type } of bundle.resources) {
    if (importedTypes.includes(type) || readAlongside.includes(type)) continue
    tally.skip(type, type === 'Organization' ? 'only its name is kept, as a source' : 'has no place here')
  }
}

/**
 * Decides what a bundle becomes. `known` holds the keys of the resources that are here already: they are not planned
 * again, and what refers to them is attached to what they became.
 */
export function planImport(bundle: Bundle, known: ReadonlySet<string>): ImportPlan {
  const plan: ImportPlan = { patients: [], records: [], prescriptions: [], labTests: [], allergies: [], skipped: [] }
  const tally = createTally()
  const records = new Map<string, RecordDraft>()
  const [only, another] = bundle.ofType('Patient')
  const patientKeyOf = (at: Resource): string | null => {
    const subject = at.node['subject'] ?? at.node['patient']
    if (subject === undefined) return another === undefined && only ? only.key : null
    const patient = bundle.resolve(at, subject)
    return patient?.type === 'Patient' ? patient.key : null
  }
  const recordKeyOf = (at: Resource): string | null => {
    const encounter = bundle.resolve(at, at.node['encounter'])
    if (encounter === null || patientKeyOf(encounter) !== patientKeyOf(at)) return null
    return records.has(encounter.key) || known.has(encounter.key) ? encounter.key : null
  }
  const work: Work = { bundle, isNew: ({ key }) => !known.has(key), patientKeyOf, recordKeyOf, records, plan, tally }
  plan.patients = bundle.ofType('Patient').filter(work.isNew).map(mapPatient)
  planEncounters(work)
  planObservations(work, planReports(work))
  planPrescriptions(work)
  planAllergies(work)
  countOthers(work)
  plan.skipped = tally.lines()
  return plan
}
