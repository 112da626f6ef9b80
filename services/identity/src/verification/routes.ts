import {
  changePassword as changeContract,
  forgotPassword as forgotContract,
  problem,
  requestEmailVerification as requestContract,
  resetPassword as resetContract,
  verifyEmail as verifyContract,
} from '@hospital/contracts'
import { handle, handlePublic, type PublicSteps, type Route } from '@hospital/service'
import { findAccount } from '../auth/queries.ts'
import type { IdentityDeps } from '../deps.ts'
import { tellUpdated } from '../users/fact-work.ts'
import { type Checked, checkCode } from './code-work.ts'
import { mailCode } from './mail-work.ts'
import { changePassword, forgotPassword, prepareNewPassword, resetPassword } from './password-work.ts'
import { confirmEmail, useCode } from './queries.ts'

const verifyEmail = (deps: IdentityDeps): PublicSteps<typeof verifyContract, Checked, void> => ({
  prepare: (input) => checkCode(deps, input, { ...input.body, type: 'email' }),
  work: async (tx, { prepared: { codeId, person } }) => {
    if (!(await useCode(tx, { id: codeId, userId: person.id, type: 'email' }))) throw problem('invalid-code')
    if (await confirmEmail(tx, person.id)) await tellUpdated(tx, person.id)
  },
})

/** Passwords and addresses proved by mail, and changing one's password. */
export const verificationRoutes = (deps: IdentityDeps): Route[] => [
  handlePublic(forgotContract, forgotPassword(deps)),
  handlePublic(resetContract, resetPassword(deps)),
  handlePublic(verifyContract, verifyEmail(deps)),

  handle(changeContract, {
    prepare: (input) => prepareNewPassword(deps, input),
    work: (tx, { prepared, now, context }) => changePassword(tx, prepared, { now, sessionId: context.sessionId }),
  }),

  handle(requestContract, {
    prepare: async ({ context }) => {
      const person = await deps.database.inTenant(context, (tx) => findAccount(tx, context.userId))
      if (!person) throw problem('unauthenticated')
      const sent = await mailCode(deps, person, 'verification', context.requestId)
      if (!sent) throw problem('too-many-attempts', { retryAfterSeconds: 15 * 60 })
    },
    work: async () => {},
  }),
]
