import {
  type changePassword as changeContract,
  type forgotPassword as forgotContract,
  platformTenant,
  problem,
  type resetPassword as resetContract,
} from '@hospital/contracts'
import type { TenantTx } from '@hospital/database'
import { appendAudit, type Input, type PublicInput } from '@hospital/service'
import { contextOf } from '../auth/answers.ts'
import { hashNewPassword } from '../auth/new-password.ts'
import { listCandidates, type NewHash, type PersonRow, setPassword } from '../auth/queries.ts'
import { recordRefusal } from '../auth/record.ts'
import { provePassword } from '../auth/responders.ts'
import type { IdentityDeps } from '../deps.ts'
import { accountOf } from '../guesses/guess.ts'
import { deleteChallenges } from '../mfa/queries.ts'
import { endAllSessions, tellUpdated } from '../users/facts.ts'
import { checkCode } from './check-code.ts'
import { mailCode } from './mail-code.ts'
import { confirmEmail, useCode } from './queries.ts'

/** Answers at once and the same for everybody; who has an account here gets a mail. */
export async function forgotPassword(deps: IdentityDeps, input: PublicInput<typeof forgotContract>): Promise<void> {
  const context = contextOf(input, platformTenant)
  await deps.database.inTenant(context, (tx) =>
    appendAudit(tx, context, { action: 'forgotPassword', outcome: 'success', patientIds: [] }),
  )
  deps.background('mail codes for a new password', async () => {
    const accounts = await deps.database.inGlobal((tx) => listCandidates(tx, accountOf(input.body.email), undefined))
    for (const account of accounts) {
      if (account.status === 'inactive' || account.tenant_status !== 'active') continue
      await mailCode(deps, account, account.status === 'invited' ? 'invitation' : 'reset', input.requestId)
    }
  })
}

/** What a new password ends: every way in that the old one opened. */
async function replacePassword(tx: TenantTx, person: PersonRow, hash: NewHash, now: Date, keepSession?: string) {
  await setPassword(tx, person.id, hash, now)
  await deleteChallenges(tx, person.id)
  await endAllSessions(tx, person.id, 'password changed', keepSession)
}

/** Sets a new password with a mailed code; that the mail arrived also confirms the address. */
export async function resetPassword(deps: IdentityDeps, input: PublicInput<typeof resetContract>): Promise<void> {
  const { body, now } = input
  const action = 'resetPassword'
  const { codeId, person } = await checkCode(deps, input, action, { ...body, type: 'password' })
  const context = contextOf(input, person.tenant_id, person)
  try {
    const use = { pointer: '/password', hasMfa: person.has_mfa, own: [person.email, person.name] }
    const hash = await hashNewPassword(deps.passwords, body.password, use)
    await deps.database.inTenant(context, async (tx) => {
      if (!(await useCode(tx, { id: codeId, userId: person.id, type: 'password' }))) throw problem('invalid-code')
      await replacePassword(tx, person, hash, now)
      await confirmEmail(tx, person.id)
      await tellUpdated(tx, person.id)
      await appendAudit(tx, context, { action, outcome: 'success', patientIds: [] })
    })
  } catch (error) {
    if (error instanceof Error && 'statusCode' in error && Number(error.statusCode) < 500) {
      await recordRefusal(deps, input, action, error as ReturnType<typeof problem>, [person])
    }
    throw error
  }
}

/** Before the transaction: proves the old password and hashes the new one. */
export async function prepareNewPassword(
  deps: IdentityDeps,
  { context, body }: Pick<Input<typeof changeContract>, 'context' | 'body'>,
): Promise<{ person: PersonRow; hash: NewHash }> {
  const person = await provePassword(deps, context, body.current_password)
  const use = { pointer: '/password', hasMfa: person.has_mfa, own: [person.email, person.name] }
  return { person, hash: await hashNewPassword(deps.passwords, body.password, use) }
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
