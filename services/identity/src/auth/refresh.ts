import { platformTenant, problem, type refreshSession, sessionsEnded } from '@hospital/contracts'
import { appendEvent, type TenantTx } from '@hospital/database'
import { appendAudit, type PublicInput } from '@hospital/service'
import type { IdentityDeps } from '../deps.ts'
import { randomToken, tokenHash } from '../keys.ts'
import { endSession, findTokenOwner, insertRefreshToken, lockRefreshToken, markRotated } from '../sessions/queries.ts'
import { contextOf, type Tokens, toTokens } from './answers.ts'
import { findPerson } from './queries.ts'
import { decideRefresh } from './rules.ts'

const action = 'refreshSession'

/**
 * Trades a refresh token for the next. Parallel uses take turns on the session's row: the first rotates, those that
 * were here already are turned away, and one that comes afterwards ends the session.
 */
export async function refresh(deps: IdentityDeps, input: PublicInput<typeof refreshSession>): Promise<Tokens> {
  const hash = tokenHash(input.body.refresh_token)
  const owner = await deps.database.inGlobal((tx) => findTokenOwner(tx, hash))
  const context = contextOf(input, owner?.tenant_id ?? platformTenant)
  const tokens = await deps.database.inTenant(context, async (tx) => {
    const issued = owner && (await rotate(deps, tx, owner, hash, input))
    if (!issued) {
      await appendAudit(tx, context, { action, outcome: 'refused', problem: 'unauthenticated', patientIds: [] })
    }
    return issued
  })
  // Thrown here, after the commit: the end of a session must not be rolled back with the refusal.
  if (!tokens) throw problem('unauthenticated', { detail: 'The refresh token is not valid any more. Sign in again.' })
  return tokens
}

async function rotate(
  deps: IdentityDeps,
  tx: TenantTx,
  owner: { session_id: string; user_id: number },
  hash: Buffer,
  input: PublicInput<typeof refreshSession>,
): Promise<Tokens | null> {
  const { session_id: sessionId, user_id: userId } = owner
  const token = await lockRefreshToken(tx, sessionId, hash)
  const now = deps.clock()
  const decision = token ? decideRefresh(token, input.now, now) : 'ended'
  if (decision === 'reused') {
    await endSession(tx, userId, sessionId, 'refresh token used twice')
    await appendEvent(tx, sessionsEnded, { id: userId, data: { user_id: userId, session_ids: [sessionId] } })
  }
  const person = decision === 'rotate' ? await findPerson(tx, userId) : null
  if (!token || person?.status !== 'active' || person.tenant_status !== 'active') return null
  const next = randomToken()
  await markRotated(tx, token.id, sessionId, now)
  await insertRefreshToken(tx, sessionId, tokenHash(next), now)
  const who = contextOf(input, person.tenant_id, person)
  await appendAudit(tx, who, { action, outcome: 'success', patientIds: [] })
  return toTokens(deps, person, { id: sessionId, refreshToken: next }, now)
}
