import {
  getJwks,
  getMe,
  problem,
  refreshSession,
  sessionsEnded,
  signIn as signInContract,
  signOut,
} from '@hospital/contracts'
import { appendEvent } from '@hospital/database'
import { handle, handlePublic, type Route } from '@hospital/service'
import type { IdentityDeps } from '../deps.ts'
import { signOutExternal } from '../external-identities/queries.ts'
import { linkOfSession } from '../external-identities/rules.ts'
import { endSession, isSessionId } from '../sessions/queries.ts'
import { toSignedInUser } from './answers.ts'
import { findPerson } from './queries.ts'
import { createRefresh } from './refresh.ts'
import { signIn } from './sign-in.ts'

/** Signing in, going on, signing out. */
export const authRoutes = (deps: IdentityDeps): Route[] => [
  handlePublic(signInContract, (input) => signIn(deps, input)),
  handlePublic(refreshSession, createRefresh(deps)),
  handlePublic(getJwks, async () => deps.tokens.jwks),
  handle(signOut, async (tx, { context: { userId, sessionId } }) => {
    const link = linkOfSession(sessionId)
    if (link !== null) await signOutExternal(tx, userId, link)
    else if (isSessionId(sessionId)) await endSession(tx, userId, sessionId, 'signed out')
    await appendEvent(tx, sessionsEnded, { id: userId, data: { user_id: userId, session_ids: [sessionId] } })
  }),
  handle(getMe, async (tx, { context }) => {
    const person = await findPerson(tx, context.userId)
    if (!person) throw problem('unauthenticated')
    return toSignedInUser(person)
  }),
]
