import {
  changePassword as changeContract,
  forgotPassword as forgotContract,
  problem,
  requestEmailVerification as requestContract,
  resetPassword as resetContract,
  verifyEmail as verifyContract,
} from '@hospital/contracts'
import { appendAudit, handle, handlePublic, type PublicInput, type Route } from '@hospital/service'
import { contextOf } from '../auth/answers.ts'
import { findAddressee } from '../auth/queries.ts'
import type { IdentityDeps } from '../deps.ts'
import { tellUpdated } from '../users/facts.ts'
import { checkCode } from './check-code.ts'
import { mailCode } from './mail-code.ts'
import { changePassword, forgotPassword, prepareNewPassword, resetPassword } from './password.ts'
import { confirmEmail, useCode } from './queries.ts'

async function verifyEmail(deps: IdentityDeps, input: PublicInput<typeof verifyContract>): Promise<void> {
  const action = 'verifyEmail'
  const { codeId, person } = await checkCode(deps, input, action, { ...input.body, type: 'email' })
  const context = contextOf(input, person.tenant_id, person)
  await deps.database.inTenant(context, async (tx) => {
    if (!(await useCode(tx, { id: codeId, userId: person.id, type: 'email' }))) throw problem('invalid-code')
    if (await confirmEmail(tx, person.id)) await tellUpdated(tx, person.id)
    await appendAudit(tx, context, { action, outcome: 'success', patientIds: [] })
  })
}

/** Passwords and addresses proved by mail, and changing one's password. */
export const verificationRoutes = (deps: IdentityDeps): Route[] => [
  handlePublic(forgotContract, (input) => forgotPassword(deps, input)),
  handlePublic(resetContract, (input) => resetPassword(deps, input)),
  handlePublic(verifyContract, (input) => verifyEmail(deps, input)),

  handle(changeContract, {
    prepare: (input) => prepareNewPassword(deps, input),
    work: (tx, { prepared, now, context }) => changePassword(tx, prepared, { now, sessionId: context.sessionId }),
  }),

  handle(requestContract, {
    prepare: async ({ context }) => {
      const person = await deps.database.inTenant(context, (tx) => findAddressee(tx, context.userId))
      if (!person) throw problem('unauthenticated')
      const sent = await mailCode(deps, person, 'verification', context.requestId)
      if (!sent) throw problem('too-many-attempts', { retryAfterSeconds: 15 * 60 })
    },
    work: async () => {},
  }),
]
