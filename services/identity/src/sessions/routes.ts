import { endSession as endContract, listSessions as listContract, problem } from '@hospital/contracts'
import { handle, type Route } from '@hospital/service'
import { endOneSession } from './end-work.ts'
import { listSessions } from './queries.ts'

/** Where one is signed in, and ending it from afar. */
export const sessionRoutes = (): Route[] => [
  handle(listContract, async (tx, { context }) => {
    const sessions = await listSessions(tx, context.userId)
    return { data: sessions.map((session) => ({ ...session, current: session.id === context.sessionId })) }
  }),
  handle(endContract, async (tx, { context: { userId }, params: { id } }) => {
    if (!(await endOneSession(tx, userId, id, 'ended by the user'))) throw problem('not-found')
  }),
]
