import { platformTenant, problem, type refreshSession, sessionsEnded } from '@hospital/contracts'
import { appendEvent, type TenantTx } from '@hospital/database'
import { appendAudit, type PublicInput } from '@hospital/service'
import type { IdentityDeps } from '../deps.ts'
import { randomToken, tokenHash } from '../keys.ts'
import { endSession, findTokenOwner, insertRefreshToken, lockRefreshToken, markRotated } from '../sessions/queries.ts'
import { contextOf, type Tokens, toTokens } from './answers.ts'
import { findPerson } from './queries.ts'
import { decideRefresh, type Presentation } from './rules.ts'

const action = 'refreshSession'

type RefreshInput = PublicInput<typeof refreshSession>

/** Counts the requests of each token that are being answered at this moment. */
function createOverlaps() {
  const running = new Map<string, number>()
  return {
    /** Does `work`, told whether the same token was in work already. */
    async during<T>(token: string, work: (overlaps: boolean) => Promise<T>): Promise<T> {
      const others = running.get(token) ?? 0
      running.set(token, others + 1)
      try {
        return await work(others > 0)
      } finally {
        const left = (running.get(token) ?? 1) - 1
        if (left > 0) running.set(token, left)
        else running.delete(token)
      }
    },
  }
}

/**
 * Trades a refresh token for the next. Parallel uses take turns on the session's row: the first rotates, those beside it
 * are turned away, and one that comes afterwards ends the session.
 */
export function createRefresh(deps: IdentityDeps) {
  const overlaps = createOverlaps()
  return (input: RefreshInput): Promise<Tokens> => {
    const { refresh_token: token } = input.body
    return overlaps.during(token, (overlapping) =>
      refresh(deps, input, tokenHash(token), { arrivedAt: input.arrivedAt, overlaps: overlapping }),
    )
  }
}

async function refresh(deps: IdentityDeps, input: RefreshInput, hash: Buffer, shown: Presentation): Promise<Tokens> {
  const owner = await deps.database.inGlobal((tx) => findTokenOwner(tx, hash))
  const context = contextOf(input, owner?.tenant_id ?? platformTenant)
  const tokens = await deps.database.inTenant(context, async (tx) => {
    const issued = owner && (await rotate(deps, tx, owner, { input, hash, shown }))
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
  { input, hash, shown }: { input: RefreshInput; hash: Buffer; shown: Presentation },
): Promise<Tokens | null> {
  const { session_id: sessionId, user_id: userId } = owner
  const token = await lockRefreshToken(tx, sessionId, hash)
  const now = deps.clock()
  const decision = token ? decideRefresh(token, shown, now) : 'ended'
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
