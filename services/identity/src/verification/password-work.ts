import {
  type changePassword as changeContract,
  type forgotPassword as forgotContract,
  problem,
  type resetPassword as resetContract,
} from '@hospital/contracts'
import type { TenantTx } from '@hospital/database'
import type { AfterCommit, Input, PublicSteps } from '@hospital/service'
import { hashNewPassword } from '../auth/new-password-work.ts'
import { listAccounts, type NewHash, type PersonRow, setPassword } from '../auth/queries.ts'
import { provePassword } from '../auth/responders.ts'
import type { IdentityDeps } from '../deps.ts'
import { accountOf } from '../guesses/guess-work.ts'
import { deleteChallenges } from '../mfa/queries.ts'
import { endAllSessions } from '../sessions/end-work.ts'
import { tellUpdated } from '../users/fact-work.ts'
import { type Checked, checkCode } from './code-work.ts'
import { mailCode } from './mail-work.ts'
import { confirmEmail, useCode } from './queries.ts'

/** Answers at once and the same for everybody, on record with the platform; who has an account here gets a mail. */
export const forgotPassword = (
  deps: IdentityDeps,
): PublicSteps<typeof forgotContract, undefined, undefined> & AfterCommit<typeof forgotContract, undefined> => ({
  work: async () => undefined,
  afterCommit: ({ body, requestId }) =>
    deps.background('mail codes for a new password', async () => {
      const accounts = await deps.database.inGlobal((tx) => listAccounts(tx, accountOf(body.email)))
      for (const account of accounts) {
        if (account.status === 'inactive' || account.tenant_status !== 'active') continue
        await mailCode(deps, account, account.status === 'invited' ? 'invitation' : 'reset', requestId)
      }
    }),
})

/** What a new password ends: every way in that the old one opened. */
async function replacePassword(tx: TenantTx, person: PersonRow, hash: NewHash, now: Date, keepSession?: string) {
  await setPassword(tx, person.id, hash, now)
  await deleteChallenges(tx, person.id)
  await endAllSessions(tx, person.id, 'password changed', keepSession)
}

const passwordUse = (person: PersonRow) => ({
  pointer: '/password',
  hasMfa: person.has_mfa,
  own: [person.email, person.name],
})

/** Sets a new password with a mailed code; that the mail arrived also confirms the address. */
export const resetPassword = (
  deps: IdentityDeps,
): PublicSteps<typeof resetContract, Checked & { hash: NewHash }, void> => ({
  prepare: async (input) => {
    const { body } = input
    const checked = await checkCode(deps, input, { ...body, type: 'password' })
    return { ...checked, hash: await hashNewPassword(deps.passwords, body.password, passwordUse(checked.person)) }
  },
  work: async (tx, { prepared: { codeId, person, hash }, now }) => {
    if (!(await useCode(tx, { id: codeId, userId: person.id, type: 'password' }))) throw problem('invalid-code')
    await replacePassword(tx, person, hash, now)
    await confirmEmail(tx, person.id)
    await tellUpdated(tx, person.id)
  },
})

/** Before the transaction: proves the old password and hashes the new one. */
export async function prepareNewPassword(
  deps: IdentityDeps,
  { context, body }: Pick<Input<typeof changeContract>, 'context' | 'body'>,
): Promise<{ person: PersonRow; hash: NewHash }> {
  const person = await provePassword(deps, context, body.current_password)
  return { person, hash: await hashNewPassword(deps.passwords, body.password, passwordUse(person)) }
}

/** Changes one's own password and ends one's other sessions. */
export async function changePassword(
  tx: TenantTx,
  { person, hash }: { person: PersonRow; hash: NewHash },
  { now, sessionId }: { now: Date; sessionId: string },
): Promise<void> {
  await replacePassword(tx, person, hash, now, sessionId)
  await tellUpdated(tx, person.id)
}
