import { type Problem, problem, type RequestContext, type RouteContract } from '@hospital/contracts'
import { type Database, DatabaseUnavailable } from '@hospital/database'
import { type AuditEntry, appendAudit, patientsOf } from './audit.ts'
import type { AuditNotes } from './route.ts'

/** What the trail keeps of an operation that was carried out: what its contract says, and what its handler noted. */
export function successEntry(contract: RouteContract, notes: AuditNotes, body: unknown, pathId: unknown): AuditEntry {
  const { purpose, details, patientIds } = notes
  return {
    action: contract.operationId,
    outcome: 'success',
    patientIds: [...new Set([...patientIds, ...patientsOf(contract, body, pathId)])],
    ...(purpose ? { purpose } : {}),
    ...(details ? { details } : {}),
  }
}

/** What the trail keeps of a refusal; the patient is the one of the path, or whom the handler noted. */
export function refusalEntry(
  contract: RouteContract,
  refusal: Problem,
  pathId: unknown,
  notes?: AuditNotes,
): AuditEntry {
  const named = typeof pathId === 'number' && (contract.patient === 'path.id' || contract.patient === 'answer.id')
  return {
    action: contract.operationId,
    outcome: refusal.statusCode === 403 ? 'denied' : 'refused',
    problem: refusal.code,
    patientIds: [...new Set([...(notes?.patientIds ?? []), ...(named ? [pathId] : [])])],
    ...(notes?.purpose ? { purpose: notes.purpose } : {}),
  }
}

/**
 * A refusal is on record too, in a transaction of its own since the operation's was rolled back.
 * @throws problem `audit-unavailable`: what cannot be recorded is not answered either
 */
export async function recordRefusal(database: Database, context: RequestContext, entry: AuditEntry): Promise<void> {
  try {
    await database.inTenant(context, (tx) => appendAudit(tx, context, entry))
  } catch (cause) {
    if (cause instanceof DatabaseUnavailable) throw cause
    throw problem('audit-unavailable', { retryAfterSeconds: 5, cause })
  }
}
