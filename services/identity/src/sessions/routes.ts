import {
  endSession as endSessionContract,
  listSessions as listContract,
  problem,
  sessionsEnded,
} from '@hospital/contracts'
import { appendEvent } from '@hospital/database'
import { handle, type Route } from '@hospital/service'
import { endSession, isSessionId, listSessions } from './queries.ts'

/** Where one is signed in, and ending it from afar. */
export const sessionRoutes = (): Route[] => [
  handle(listContract, async (tx, { context }) => {
    const sessions = await listSessions(tx, context.userId)
    return { data: sessions.map((session) => ({ ...session, current: session.id === context.sessionId })) }
  }),
  handle(endSessionContract, async (tx, { context: { userId }, params: { id } }) => {
    const ended = isSessionId(id) ? await endSession(tx, userId, id, 'ended by the user') : null
    if (!ended) throw problem('not-found')
    await appendEvent(tx, sessionsEnded, { id: userId, data: { user_id: userId, session_ids: [ended] } })
  }),
]
