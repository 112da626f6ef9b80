import { problem, type RequestOf, resolveExternal, systemContext } from '@hospital/contracts'
import type { GlobalTx } from '@hospital/database'
import { appendAudit, type Running } from '@hospital/service'
import { findPerson } from '../auth/queries.ts'
import { toBearer } from '../auth/responders.ts'
import type { IdentityDeps } from '../deps.ts'
import { accountOf } from '../guesses/guess-work.ts'
import { tellUpdated } from '../users/fact-work.ts'
import { activateInvited, insertLink, listByEmail, listLinked, lockNewcomer } from './queries.ts'
import { chooseUser, externalSessionId, isSignedOut } from './rules.ts'

type Question = RequestOf<typeof resolveExternal>

interface Link {
  id: number
  user_id: number
  tenant_id: string
  signed_out_at: string | null
}

/** The first time a person comes, a verified e-mail says who they are; from then on only (issuer, subject) counts. */
async function linkByEmail(tx: GlobalTx, question: Question): Promise<(Link & { isNew: true }) | null> {
  if (!question.email || !question.email_verified) return null
  const users = await listByEmail(tx, accountOf(question.email), question.issuer)
  const user = chooseUser(users, question.tenant_id)
  if (!user) return null
  return {
    ...user,
    isNew: true,
    signed_out_at: null,
    id: await insertLink(tx, user.user_id, question.issuer, question.subject),
  }
}

async function findKnown(tx: GlobalTx, question: Question): Promise<(Link & { isNew: false }) | null> {
  const known = chooseUser(await listLinked(tx, question.issuer, question.subject), question.tenant_id)
  return known && { ...known, isNew: false }
}

/** Whoever is not known takes the newcomers' lock and looks again: another first token may have been faster. */
async function findLink(tx: GlobalTx, question: Question): Promise<(Link & { isNew: boolean }) | null> {
  const known = await findKnown(tx, question)
  if (known) return known
  await lockNewcomer(tx, question.issuer, question.subject)
  return (await findKnown(tx, question)) ?? linkByEmail(tx, question)
}

async function welcome(deps: IdentityDeps, link: Link, requestId: string): Promise<void> {
  const context = { ...systemContext(link.tenant_id, requestId), userId: link.user_id }
  await deps.database.inTenant(context, (tx) =>
    appendAudit(tx, context, { action: 'linkExternalIdentity', outcome: 'success', patientIds: [] }),
  )
}

/** Answers the gateway who a person of a trusted identity provider is here, and what they may do. */
export const respondAboutExternal = (deps: IdentityDeps): Running =>
  deps.messaging.respond(resolveExternal, async (question, { requestId = '' }) => {
    const found = await deps.database.inGlobal(async (tx) => {
      const link = await findLink(tx, question)
      if (!link) return null
      if (link.isNew && (await activateInvited(tx, link.user_id))) {
        await tellUpdated(tx, link.user_id, systemContext(link.tenant_id, requestId))
      }
      return { link, person: await findPerson(tx, link.user_id) }
    })
    if (!found) return null
    const bearer = toBearer(found.person)
    if (!bearer.active) return null
    if (isSignedOut(found.link.signed_out_at, question.issued_at)) throw problem('unauthenticated')
    if (found.link.isNew) await welcome(deps, found.link, requestId)
    const { id, user_id, tenant_id } = found.link
    return { ...bearer, session_id: externalSessionId(id), user_id, tenant_id }
  })
