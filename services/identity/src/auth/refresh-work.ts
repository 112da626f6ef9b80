import { problem, type refreshSession } from '@hospital/contracts'
import type { TenantTx } from '@hospital/database'
import { type PublicInput, type PublicSteps, standingRefusal } from '@hospital/service'
import type { IdentityDeps } from '../deps.ts'
import { randomToken, tokenHash } from '../keys.ts'
import { endOneSession } from '../sessions/end-work.ts'
import { findTokenOwner, insertRefreshToken, lockRefreshToken, markRotated } from '../sessions/queries.ts'
import { type Tokens, toTokens } from './answer-mapping.ts'
import { findPerson } from './queries.ts'
import { decideRefresh, isWelcome, type Presentation } from './rules.ts'

/** Counts the requests of each token that are being answered at this moment. */
function createOverlaps() {
  const running = new Map<string, number>()
  return {
    /** One more; true when the same token was in work already. */
    begin(token: string): boolean {
      const others = running.get(token) ?? 0
      running.set(token, others + 1)
      return others > 0
    },
    end(token: string): void {
      const left = (running.get(token) ?? 1) - 1
      if (left > 0) running.set(token, left)
      else running.delete(token)
    },
  }
}

interface Presented {
  owner: { session_id: string; user_id: number } | null
  shown: Presentation
}

/**
 * Trades a refresh token for the next. Parallel uses take turns on the session's row: the first rotates, those beside it
 * are turned away, and one that comes afterwards ends the session.
 */
export function createRefresh(deps: IdentityDeps): PublicSteps<typeof refreshSession, Presented, Tokens> {
  const overlaps = createOverlaps()
  return {
    prepare: async ({ body: { refresh_token: token }, arrivedAt, audit }) => {
      const shown = { arrivedAt, overlaps: overlaps.begin(token) }
      const owner = await deps.database.inGlobal((tx) => findTokenOwner(tx, tokenHash(token)))
      if (owner) audit.about = [{ tenant_id: owner.tenant_id }]
      return { owner, shown }
    },
    work: async (tx, { prepared, ...input }) =>
      (await rotate(deps, tx, input, prepared)) ??
      // It stands: the end of a session must not be rolled back with the refusal.
      standingRefusal(
        problem('unauthenticated', { detail: 'The refresh token is not valid any more. Sign in again.' }),
      ),
    finish: ({ body }) => overlaps.end(body.refresh_token),
  }
}

async function rotate(
  deps: IdentityDeps,
  tx: TenantTx,
  { body, audit }: PublicInput<typeof refreshSession>,
  { owner, shown }: Presented,
): Promise<Tokens | null> {
  if (!owner) return null
  const { session_id: sessionId, user_id: userId } = owner
  const token = await lockRefreshToken(tx, sessionId, tokenHash(body.refresh_token))
  const now = deps.clock()
  const decision = token ? decideRefresh(token, shown, now) : 'ended'
  if (decision === 'reused') await endOneSession(tx, userId, sessionId, 'refresh token used twice')
  const person = decision === 'rotate' ? await findPerson(tx, userId) : null
  if (!token || !isWelcome(person)) return null
  audit.about = [person]
  const next = randomToken()
  await markRotated(tx, token.id, sessionId, now)
  await insertRefreshToken(tx, sessionId, tokenHash(next), now)
  return toTokens(deps, person, { id: sessionId, refreshToken: next }, now)
}
