import {
  confirmTotp as confirmContract,
  enrollTotp as enrollContract,
  problem,
  removeTotp as removeContract,
  resetUserMfa as resetContract,
  signInWithMfa as signInContract,
} from '@hospital/contracts'
import type { TenantTx } from '@hospital/database'
import { handle, handlePublic, type Input, type Route } from '@hospital/service'
import { findPerson } from '../auth/queries.ts'
import { provePassword } from '../auth/responders.ts'
import type { IdentityDeps } from '../deps.ts'
import { hearGuess } from '../guesses/guess-work.ts'
import { endAllSessions, tellAccessChanged } from '../sessions/end-work.ts'
import { tellUpdated } from '../users/fact-work.ts'
import { assertCanManage } from '../users/grant-work.ts'
import { getUser, lockUser, raiseVersion } from '../users/queries.ts'
import { confirmTotp, deleteTotp, getLabels, lockTotp, putTotp, replaceRecoveryCodes } from './queries.ts'
import { signInWithMfa } from './sign-in-work.ts'
import { checkApp, makeRecoveryCodes, newSecret, recoveryHash } from './totp-work.ts'

/** Having a second factor shows in the user, and decides what they may do where a hospital asks for one. */
async function tellFactorChanged(tx: TenantTx, userId: number): Promise<void> {
  await raiseVersion(tx, userId)
  await tellAccessChanged(tx, userId)
  await tellUpdated(tx, userId)
}

/** The time step of the first code. Wrong ones count like wrong sign-ins. */
async function checkFirstCode(deps: IdentityDeps, input: Input<typeof confirmContract>): Promise<number> {
  const { context, body, now } = input
  const { userId, address } = context
  const person = await deps.database.inTenant(context, (tx) => findPerson(tx, userId))
  if (!person) throw problem('unauthenticated')
  if (person.has_mfa) throw problem('mfa-enrolled')
  const step = await hearGuess(deps, { email: person.email, door: 'totp-setup', address }, () =>
    deps.database.inTenant(context, (tx) => checkApp(tx, deps.keys, userId, body.code, now)),
  )
  if (step === null) throw problem('invalid-code')
  return step
}

/** The second factor: signing in with it, setting it up, taking it away. */
export const mfaRoutes = (deps: IdentityDeps): Route[] => [
  handlePublic(signInContract, signInWithMfa(deps)),

  handle(enrollContract, async (tx, { context: { userId } }) => {
    if ((await lockTotp(tx, userId))?.confirmed) throw problem('mfa-enrolled')
    const { answer, sealed } = newSecret(deps.keys, userId, await getLabels(tx, userId))
    await putTotp(tx, userId, sealed)
    return answer
  }),

  handle(confirmContract, {
    prepare: (input) => checkFirstCode(deps, input),
    work: async (tx, { context: { userId }, prepared: step }) => {
      if (!(await confirmTotp(tx, userId, step))) throw problem('mfa-enrolled')
      const codes = makeRecoveryCodes()
      await replaceRecoveryCodes(
        tx,
        userId,
        codes.map((code) => recoveryHash(deps.keys, userId, code)),
      )
      await tellFactorChanged(tx, userId)
      return { recovery_codes: codes }
    },
  }),

  handle(removeContract, {
    prepare: async ({ context, body }) => {
      const person = await provePassword(deps, context, body.password)
      if (!person.has_mfa) throw problem('not-found')
    },
    work: async (tx, { context: { userId } }) => {
      await deleteTotp(tx, userId)
      await tellFactorChanged(tx, userId)
    },
  }),

  handle(resetContract, {
    load: (tx, { params }) => lockUser(tx, params.id),
    work: async (tx, { context, current }) => {
      await assertCanManage(tx, context, current.id)
      if (current.mfa_enabled) {
        await deleteTotp(tx, current.id)
        await raiseVersion(tx, current.id)
        await endAllSessions(tx, current.id, 'second factor reset')
        await tellUpdated(tx, current.id)
      }
      return getUser(tx, current.id)
    },
  }),
]
