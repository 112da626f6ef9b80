import { problem, type RouteContract } from '@hospital/contracts'
import type { TenantTx } from '@hospital/database'
import { patientsOf } from './audit.ts'
import type { CareGuard, Input } from './route.ts'

/**
 * Holds a chart read to the hospital's rule: one chart without a care relation is refused; a list over many patients
 * leaves out those without. What was seen through broken glass is flagged in the audit row.
 * @throws problem `care-relation-required`
 */
export async function guardChart(
  guard: CareGuard,
  tx: TenantTx,
  contract: RouteContract,
  input: Input<RouteContract>,
  answer: unknown,
): Promise<unknown> {
  const asked = (input.query as { patient_id?: number } | undefined)?.patient_id
  const pathId = (input.params as { id?: unknown } | undefined)?.id
  const patients = [...new Set([...patientsOf(contract, answer, pathId), ...(asked === undefined ? [] : [asked])])]
  if (patients.length === 0) return answer
  const { allowed, brokenGlass } = await guard(tx, input.context, patients)
  if (brokenGlass.size > 0) input.audit.details = { ...input.audit.details, break_glass: [...brokenGlass] }
  const refused = patients.filter((id) => !allowed.has(id))
  if (refused.length === 0) return answer
  const isWideList = asked === undefined && contract.patient === 'answer.patient_id' && hasData(answer)
  if (!isWideList) {
    input.audit.patientIds.push(...refused)
    throw problem('care-relation-required')
  }
  return { ...answer, data: answer.data.filter(({ patient_id }) => allowed.has(patient_id)) }
}

const hasData = (answer: unknown): answer is { data: { patient_id: number }[] } =>
  typeof answer === 'object' && answer !== null && 'data' in answer && Array.isArray(answer.data)
