import { type signInWithMfa as contract, Problem, problem } from '@hospital/contracts'
import type { PublicInput } from '@hospital/service'
import { contextOf, type Tokens } from '../auth/answers.ts'
import { findPerson, type PersonRow } from '../auth/queries.ts'
import { recordRefusal } from '../auth/record.ts'
import { enter } from '../auth/sign-in.ts'
import type { IdentityDeps } from '../deps.ts'
import { hearGuess } from '../guesses/guess.ts'
import { tokenHash } from '../keys.ts'
import { finishChallenge, tryChallenge } from './queries.ts'
import { takeSecondFactor } from './totp.ts'

const action = 'signInWithMfa'
const over = () => problem('unauthenticated', { detail: 'This sign-in is over. Begin again with e-mail and password.' })

async function findChallenged(deps: IdentityDeps, hash: Buffer): Promise<PersonRow | null> {
  return deps.database.inGlobal(async (tx) => {
    const userId = await tryChallenge(tx, hash)
    return userId === null ? null : findPerson(tx, userId)
  })
}

async function finish(deps: IdentityDeps, input: PublicInput<typeof contract>, person: PersonRow): Promise<Tokens> {
  const { body, now } = input
  const context = contextOf(input, person.tenant_id, person)
  const guess = { email: person.email, door: 'second-factor', address: input.address, deviceToken: body.device_token }
  const right = await hearGuess(deps, guess, () =>
    deps.database.inTenant(context, async (tx) =>
      (await takeSecondFactor(tx, deps.keys, person.id, body.code, now)) ? true : null,
    ),
  )
  if (!right) throw problem('invalid-credentials', { detail: 'The code is not valid. A code works once.' })
  const how = { method: 'password+totp', action, deviceToken: body.device_token }
  return enter(deps, input, person, how, async (tx) => {
    if (!(await finishChallenge(tx, tokenHash(body.mfa_token)))) throw over()
  })
}

/** The second half of a sign-in. */
export async function signInWithMfa(deps: IdentityDeps, input: PublicInput<typeof contract>): Promise<Tokens> {
  const person = await findChallenged(deps, tokenHash(input.body.mfa_token))
  try {
    if (!person) throw over()
    return await finish(deps, input, person)
  } catch (error) {
    if (error instanceof Problem) await recordRefusal(deps, input, action, error, person ? [person] : [])
    throw error
  }
}
