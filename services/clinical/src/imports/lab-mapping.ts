import { completeResult } from '../lab-tests/grading-rules.ts'
import type { Bundle } from './bundle-mapping.ts'
import { codesOf, codingsOf, conceptText, cut, nodesAt, type Resource, textAt } from './fhir-mapping.ts'
import { mapResults, observedAt } from './observation-mapping.ts'
import type { ImportedResult, LabTestDraft } from './plan-mapping.ts'
import { sourceOf } from './source-mapping.ts'

/** FHIR status → how far the result is here; null: there is none, or it must not be used. */
export function labStatus(at: Resource): LabTestDraft['status'] | null {
  const status = textAt(at, 'status')
  if (status === 'preliminary' || status === 'partial') return 'resulted'
  return status !== null && ['final', 'amended', 'corrected', 'appended'].includes(status) ? 'verified' : null
}

export const categoriesOf = (at: Resource): string[] => codesOf(nodesAt(at, 'category'))

/** The categories of laboratory work: HL7 v2 table 0074's LAB, and those of its departments that say so. */
export const isLaboratoryReport = (at: Resource): boolean =>
  categoriesOf(at).some((code) => ['LAB', 'laboratory', 'HM', 'CH', 'MB', 'SR', 'TX', 'LP26436-1'].includes(code))

interface Belongs {
  patientKey: string
  recordKey: string | null
}

const codeOf = (at: Resource): string | null => {
  const code = codingsOf(at.node['code']).find((coding) => coding.code !== null)?.code ?? null
  return code !== null && code.length <= 50 ? code : null
}

/** DiagnosticReport with its Observations → one lab test; null when it holds no result. */
export function mapReport(
  bundle: Bundle,
  at: Resource,
  members: readonly Resource[],
  belongs: Belongs,
): LabTestDraft | null {
  const status = labStatus(at)
  const reported = observedAt(at)
  const when = members.map(observedAt).find((found) => found !== null) ?? reported
  const results = members.flatMap(mapResults)
  const conclusion = textAt(at, 'conclusion')
  if (results.length === 0 && conclusion !== null) results.push(conclusionResult(conclusion))
  if (status === null || !when || results.length === 0) return null
  return {
    ...belongs,
    keys: [at.key, ...members.map(({ key }) => key)],
    pointer: at.pointer,
    test_name: cut(conceptText(at.node['code']) ?? 'Laboratory report', 255),
    test_type: 'laboratory',
    code: codeOf(at),
    status,
    observed_at: when.observed,
    results_date: reported && reported.issued > when.issued ? reported.issued : when.issued,
    results,
    notes: conclusion === null ? null : cut(conclusion, 20_000),
    source: sourceOf(bundle, at, ...nodesAt(at, 'performer'), ...nodesAt(at, 'resultsInterpreter')),
  }
}

const conclusionResult = (conclusion: string): ImportedResult =>
  completeResult({ name: 'Conclusion', value: cut(conclusion, 2000) })

/** Observations that stand for themselves → one lab test of the given type. They share visit and instant. */
export function mapObservations(
  bundle: Bundle,
  members: readonly [Resource, ...Resource[]],
  name: string | null,
  type: string,
  belongs: Belongs,
): LabTestDraft | null {
  const [first] = members
  const when = observedAt(first)
  const results = members.flatMap(mapResults)
  if (when === null || results.length === 0) return null
  const statuses = members.map(labStatus)
  return {
    ...belongs,
    keys: members.map(({ key }) => key),
    pointer: first.pointer,
    test_name: cut(name ?? conceptText(first.node['code']) ?? 'Observation', 255),
    test_type: type,
    code: name === null ? codeOf(first) : null,
    status: statuses.includes('resulted') ? 'resulted' : 'verified',
    observed_at: when.observed,
    results_date: when.issued,
    results,
    notes: null,
    source: sourceOf(bundle, first, ...nodesAt(first, 'performer')),
  }
}
