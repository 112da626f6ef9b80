import { recordDenial, systemContext } from '@hospital/contracts'
import { appendAudit, type Running } from '@hospital/service'
import type { IdentityDeps } from '../deps.ts'

/** Keeps what the gateway refused to somebody who was signed in. */
export const respondDenials = ({ database, messaging }: IdentityDeps): Running =>
  messaging.respond(recordDenial, async (denial, trace) => {
    const who = {
      ...systemContext(denial.tenant_id, denial.request_id, trace.traceparent),
      userId: denial.user_id,
      userName: denial.user_name,
      roles: denial.roles,
      ...(denial.address === null ? {} : { address: denial.address }),
    }
    const entry = { action: denial.action, outcome: 'denied', problem: denial.problem, patientIds: [] } as const
    await database.inTenant(who, (tx) => appendAudit(tx, who, entry))
    return { recorded: true }
  })
