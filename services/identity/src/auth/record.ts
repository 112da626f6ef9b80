import { type Problem, platformTenant, problem } from '@hospital/contracts'
import { appendAudit } from '@hospital/service'
import type { IdentityDeps } from '../deps.ts'
import { type Caller, contextOf } from './answers.ts'

/** An account that an operation before sign-in was about. */
export interface Account {
  id: number
  name: string
  tenant_id: string
}

/**
 * Puts a refusal before sign-in on record: in the trail of every hospital whose account was meant, or of the platform
 * when nobody here is meant. What cannot be recorded is not answered either.
 */
export async function recordRefusal(
  { database }: Pick<IdentityDeps, 'database'>,
  caller: Caller,
  action: string,
  refusal: Problem,
  accounts: readonly Account[],
): Promise<void> {
  const contexts =
    accounts.length > 0
      ? accounts.map((account) => contextOf(caller, account.tenant_id, account))
      : [contextOf(caller, platformTenant)]
  const outcome = refusal.statusCode === 403 ? 'denied' : 'refused'
  try {
    for (const context of contexts) {
      await database.inTenant(context, (tx) =>
        appendAudit(tx, context, { action, outcome, problem: refusal.code, patientIds: [] }),
      )
    }
  } catch {
    throw problem('audit-unavailable', { retryAfterSeconds: 5 })
  }
}
