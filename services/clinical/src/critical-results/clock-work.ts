import {
  type CriticalResult,
  criticalResultEscalated,
  criticalResultHandedOver,
  systemContext,
} from '@hospital/contracts'
import { announce, type TenantTx } from '@hospital/database'
import { appendAudit } from '@hospital/service'
import { escalate, getCritical, handOver, lockDeserted, lockOverdue } from './queries.ts'

type Told = typeof criticalResultEscalated | typeof criticalResultHandedOver

async function tell(tx: TenantTx, id: number, event: Told, action: string, purpose: string): Promise<CriticalResult> {
  const result = await getCritical(tx, id)
  await announce(tx, event, { ...result, recipient_id: result.recipient?.id ?? null })
  const system = systemContext(tx.context.tenantId, tx.context.requestId)
  await appendAudit(tx, system, { action, outcome: 'success', patientIds: [result.patient_id], purpose })
  return result
}

/** Where the doctor who is asked has left, another one is: of the same record, else of the care team. Answers how many. */
export async function handOverDeserted(tx: TenantTx, now: Date): Promise<number> {
  const deserted = await lockDeserted(tx)
  for (const one of deserted) {
    await handOver(tx, one, now.toISOString())
    await tell(tx, one.id, criticalResultHandedOver, 'handOverCriticalResult', 'the doctor who was asked has left')
  }
  return deserted.length
}

/** What nobody has acknowledged in time goes to a role that somebody has. It stays open. Answers how many. */
export async function escalateOverdue(tx: TenantTx, now: Date): Promise<number> {
  const overdue = await lockOverdue(tx, now.toISOString())
  for (const one of overdue) {
    await escalate(tx, one, now.toISOString())
    await tell(tx, one.id, criticalResultEscalated, 'escalateCriticalResult', 'not acknowledged in time')
  }
  return overdue.length
}
