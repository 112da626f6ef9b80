import { sessionsEnded } from '@hospital/contracts'
import { appendEvent, type TenantTx } from '@hospital/database'
import { signOutExternal } from '../external-identities/queries.ts'
import { linkOfSession } from '../external-identities/rules.ts'
import { endSession, endSessions, isSessionId, listLiveSessions } from './queries.ts'

/** Makes everybody forget what they remember of these sessions of a user; none: there is nothing to forget. */
async function tellEnded(tx: TenantTx, userId: number, sessionIds: readonly string[]): Promise<void> {
  if (sessionIds.length === 0) return
  await appendEvent(tx, sessionsEnded, { id: userId, data: { user_id: userId, session_ids: [...sessionIds] } })
}

/** Makes everybody forget what they remember of the user's sessions, which live on: roles changed. */
export const tellAccessChanged = async (tx: TenantTx, userId: number): Promise<void> =>
  tellEnded(tx, userId, await listLiveSessions(tx, userId))

/** Ends the user's sessions, all or all but one, and tells the gateway, so that their tokens stop at once. */
export async function endAllSessions(tx: TenantTx, userId: number, reason: string, except?: string): Promise<void> {
  const sessionIds = await endSessions(tx, userId, reason, except)
  await signOutExternal(tx, userId)
  await tellEnded(tx, userId, sessionIds)
}

/** Ends one session of a user and tells the gateway; false when there is no such live one. */
export async function endOneSession(tx: TenantTx, userId: number, sessionId: string, reason: string): Promise<boolean> {
  const ended = isSessionId(sessionId) ? await endSession(tx, userId, sessionId, reason) : null
  if (ended !== null) await tellEnded(tx, userId, [ended])
  return ended !== null
}

/** Signs out of the session one is in, ours or that of an identity provider, and tells the gateway in any case. */
export async function signOut(tx: TenantTx, userId: number, sessionId: string): Promise<void> {
  const link = linkOfSession(sessionId)
  if (link !== null) await signOutExternal(tx, userId, link)
  else if (isSessionId(sessionId)) await endSession(tx, userId, sessionId, 'signed out')
  await tellEnded(tx, userId, [sessionId])
}
