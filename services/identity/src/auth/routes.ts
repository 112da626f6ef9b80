import {
  getJwks,
  getMe,
  problem,
  refreshSession,
  signIn as signInContract,
  signOut as signOutContract,
} from '@hospital/contracts'
import { handle, handleConstant, handlePublic, type Route } from '@hospital/service'
import type { IdentityDeps } from '../deps.ts'
import { signOut } from '../sessions/end-work.ts'
import { toSignedInUser } from './answer-mapping.ts'
import { findPerson } from './queries.ts'
import { createRefresh } from './refresh-work.ts'
import { signIn } from './sign-in-work.ts'

/** Signing in, going on, signing out. */
export const authRoutes = (deps: IdentityDeps): Route[] => [
  handlePublic(signInContract, signIn(deps)),
  handlePublic(refreshSession, createRefresh(deps)),
  handleConstant(getJwks, () => deps.tokens.jwks),
  handle(signOutContract, (tx, { context: { userId, sessionId } }) => signOut(tx, userId, sessionId)),
  handle(getMe, async (tx, { context }) => {
    const person = await findPerson(tx, context.userId)
    if (!person) throw problem('unauthenticated')
    return toSignedInUser(person)
  }),
]
