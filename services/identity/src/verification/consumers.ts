import { systemContext, userCreated } from '@hospital/contracts'
import { DatabaseUnavailable } from '@hospital/database'
import type { Running } from '@hospital/service'
import { findAddressee } from '../auth/queries.ts'
import type { IdentityDeps } from '../deps.ts'
import { isMailOutage } from '../mail/mailer.ts'
import { mailCode } from './mail-code.ts'

/**
 * Invites users who were created without a password. From the event, so that a mail server that is away delays the
 * invitation and nothing else; a mail can come twice, but never not at all.
 */
export const consumeInvitations = (deps: IdentityDeps): Running =>
  deps.messaging.consume({
    durable: 'identity-invitations',
    stream: 'IDENTITY',
    events: [userCreated],
    isOutage: (error) => error instanceof DatabaseUnavailable || isMailOutage(error),
    handle: async (event) => {
      if (event.data.status !== 'invited') return
      const context = systemContext(event.tenantid, event.requestid, event.traceparent)
      const user = await deps.database.inTenant(context, (tx) => findAddressee(tx, event.data.id))
      if (user?.status === 'invited') await mailCode(deps, user, 'invitation', event.requestid)
    },
  })
