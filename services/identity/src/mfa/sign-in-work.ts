import { problem, type signInWithMfa as signInContract } from '@hospital/contracts'
import { contextOf, type PublicInput, type PublicSteps } from '@hospital/service'
import type { Tokens } from '../auth/answer-mapping.ts'
import { enter } from '../auth/enter-work.ts'
import { findPerson } from '../auth/queries.ts'
import type { IdentityDeps } from '../deps.ts'
import { hearGuess } from '../guesses/guess-work.ts'
import { tokenHash } from '../keys.ts'
import { finishChallenge, tryChallenge } from './queries.ts'
import { takeSecondFactor } from './totp-work.ts'

const over = () => problem('unauthenticated', { detail: 'This sign-in is over. Begin again with e-mail and password.' })

/** Whose half sign-in it is, when the code is right. A try counts, and a code is used up, whatever comes afterwards. */
async function proveSecondFactor(deps: IdentityDeps, input: PublicInput<typeof signInContract>): Promise<number> {
  const { body, now, audit, address } = input
  const person = await deps.database.inGlobal(async (tx) => {
    const userId = await tryChallenge(tx, tokenHash(body.mfa_token))
    return userId === null ? null : findPerson(tx, userId)
  })
  if (!person) throw over()
  audit.about = [person]
  const guess = { email: person.email, door: 'second-factor', address, deviceToken: body.device_token }
  const right = await hearGuess(deps, guess, () =>
    deps.database.inTenant(contextOf(input, person), async (tx) =>
      (await takeSecondFactor(tx, deps.keys, person.id, body.code, now)) ? true : null,
    ),
  )
  if (!right) throw problem('invalid-credentials', { detail: 'The code is not valid. A code works once.' })
  return person.id
}

/** The second half of a sign-in. */
export const signInWithMfa = (deps: IdentityDeps): PublicSteps<typeof signInContract, number, Tokens> => ({
  prepare: (input) => proveSecondFactor(deps, input),
  work: async (tx, { prepared: userId, ...input }) => {
    const { body } = input
    const tokens = await enter(deps, tx, input, userId, { method: 'password+totp', deviceToken: body.device_token })
    if (!(await finishChallenge(tx, tokenHash(body.mfa_token)))) throw over()
    return tokens
  },
})
