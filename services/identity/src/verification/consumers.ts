import { userCreated } from '@hospital/contracts'
import { type Consuming, consume } from '@hospital/service'
import { findAccount } from '../auth/queries.ts'
import type { IdentityDeps } from '../deps.ts'
import { isMailOutage } from '../mail/mail-adapter.ts'
import { mailCode } from './mail-work.ts'

/**
 * Invites users who were created without a password. From the event, so that a mail server that is away delays the
 * invitation and nothing else; a mail can come twice, but never not at all.
 */
export const consumeInvitations = (deps: IdentityDeps): Consuming =>
  consume(deps, {
    durable: 'identity-invitations',
    stream: 'IDENTITY',
    events: [userCreated],
    isOutage: isMailOutage,
    handle: async (event, context) => {
      if (event.data.status !== 'invited') return
      const user = await deps.database.inTenant(context, (tx) => findAccount(tx, event.data.id))
      if (user?.status === 'invited') await mailCode(deps, user, 'invitation', event.requestid)
    },
  })
