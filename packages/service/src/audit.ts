import { problem, type RequestContext, type RouteContract } from '@hospital/contracts'
import { appendAuditRows, errorCode, type GlobalTx, type TenantTx } from '@hospital/database'

/** What the audit trail keeps of an operation besides who, when and from where. */
export interface AuditEntry {
  /** The operation's id. */
  action: string
  outcome: 'success' | 'denied' | 'refused'
  /** The problem code of a denial or refusal. */
  problem?: string
  /** One row each; an operation without a patient leaves one row. */
  patientIds: readonly number[]
  /** Why the person says they look (break-glass, override). */
  purpose?: string
  details?: Record<string, unknown>
}

/** The patients an answer speaks of, as the contract says where to look; each once. */
export function patientsOf(contract: RouteContract, answer: unknown, pathId: unknown): number[] {
  if (contract.patient === 'none') return []
  if (contract.patient === 'path.id') return typeof pathId === 'number' ? [pathId] : []
  const field = contract.patient === 'answer.id' ? 'id' : 'patient_id'
  const isPage = typeof answer === 'object' && answer !== null && 'data' in answer && Array.isArray(answer.data)
  const items: unknown[] = isPage ? (answer as { data: unknown[] }).data : [answer]
  const ids = items.map((item) => (item as Record<string, unknown> | null)?.[field])
  return [...new Set(ids.filter((id): id is number => typeof id === 'number'))]
}

/** Only these let a transaction be tried again as a whole; every other failure of the trail ends the operation. */
const isRetryable = (error: unknown) => errorCode(error)?.startsWith('40') ?? false

/**
 * Appends to the hospital's trail, in the caller's transaction: what is not recorded does not happen.
 * @throws problem `audit-unavailable`
 */
export async function appendAudit(tx: TenantTx | GlobalTx, who: RequestContext, entry: AuditEntry): Promise<void> {
  const patients = entry.patientIds.length > 0 ? entry.patientIds : [null]
  const row = {
    actor_id: who.userId || null,
    actor_name: who.userName || null,
    roles: who.roles,
    action: entry.action,
    outcome: entry.outcome,
    problem: entry.problem ?? null,
    request_id: who.requestId,
    address: who.address ?? null,
    purpose: entry.purpose ?? null,
    details: entry.details ?? null,
  }
  try {
    await appendAuditRows(
      tx,
      who.tenantId,
      patients.map((patient_id) => ({ ...row, patient_id })),
    )
  } catch (error) {
    throw isRetryable(error) ? error : problem('audit-unavailable', { retryAfterSeconds: 5, cause: error })
  }
}
