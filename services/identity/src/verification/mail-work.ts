import { systemContext } from '@hospital/contracts'
import { appendAudit } from '@hospital/service'
import type { IdentityDeps } from '../deps.ts'
import { codeMail, type MailReason } from '../mail/text-mapping.ts'
import { codeHash, makeCode } from './code-adapter.ts'
import { insertCode } from './queries.ts'

/** Who gets a code. */
interface Addressee {
  id: number
  name: string
  email: string
  tenant_id: string
  tenant_name: string
}

const typeOf = { invitation: 'password', reset: 'password', verification: 'email' } as const

/**
 * Makes a code, puts that on record, and mails it. False when the user got several a moment ago. The code is stored
 * before it is sent: a mail that does not arrive does no harm, a code that is not known would.
 */
export async function mailCode(
  deps: IdentityDeps,
  to: Addressee,
  reason: MailReason,
  requestId: string,
): Promise<boolean> {
  const type = typeOf[reason]
  const code = makeCode()
  const context = systemContext(to.tenant_id, requestId)
  const stored = await deps.database.inTenant(context, async (tx) => {
    const hash = codeHash(deps.keys, type, to.id, code)
    if (!(await insertCode(tx, { userId: to.id, email: to.email, type, hash, now: deps.clock() }))) return false
    const details = { reason, user_id: to.id }
    await appendAudit(tx, context, { action: 'mailCode', outcome: 'success', patientIds: [], details })
    return true
  })
  if (stored) await deps.mailer.send(codeMail(reason, to, code))
  return stored
}
