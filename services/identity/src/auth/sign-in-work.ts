import { demoPassword, problem, type signIn as signInContract } from '@hospital/contracts'
import type { TenantTx } from '@hospital/database'
import { type PublicInput, type PublicSteps, type StandingRefusal, standingRefusal } from '@hospital/service'
import type { IdentityDeps } from '../deps.ts'
import { accountOf, hearGuess } from '../guesses/guess-work.ts'
import { randomToken, tokenHash } from '../keys.ts'
import { insertChallenge } from '../mfa/queries.ts'
import type { Tokens } from './answer-mapping.ts'
import { enter } from './enter-work.ts'
import { isCurrentHash } from './password-adapter.ts'
import { type AccountRow, listAccounts } from './queries.ts'
import { decideSignIn } from './rules.ts'

type SignInInput = PublicInput<typeof signInContract>

/** Every refusal takes at least this long, so that its time does not tell which kind of account, if any, it was about. */
const slowestComparisonMs = 350

/**
 * The accounts whose password it is; compares with nobody's when the e-mail means none. The turn in the queue comes
 * before the guess is counted: signing in rightly many times at once must not look like guessing.
 */
function findMatches(
  deps: IdentityDeps,
  { body, address }: SignInInput,
  candidates: readonly AccountRow[],
): Promise<readonly AccountRow[]> {
  const isDemo = deps.production && body.password === demoPassword
  const open = candidates.filter(({ status }) => status === 'active' && !isDemo)
  const hashes = open.length > 0 ? open.map(({ password }) => password) : [null]
  const guess = { email: body.email, door: 'password', address, deviceToken: body.device_token }
  return deps.passwords.turn(async (verify) => {
    const matches = await hearGuess(deps, guess, async () => {
      const fits = await Promise.all(hashes.map((hash) => verify(body.password, hash)))
      const found = open.filter((_, i) => fits[i])
      return found.length > 0 ? found : null
    })
    return matches ?? []
  })
}

/** A better hash for a password whose stored one is of an old kind. */
async function upgradeFor(deps: IdentityDeps, { password: stored, has_mfa }: AccountRow, password: string) {
  if (stored === null || has_mfa || isCurrentHash(stored)) return null
  return { before: stored, after: await deps.passwords.hash(password) }
}

/** Compares, decides and hashes before the transaction; what is refused tells nothing about who has an account. */
async function findWhoEnters(deps: IdentityDeps, input: SignInInput) {
  const { body, audit } = input
  const candidates = await deps.database.inGlobal((tx) => listAccounts(tx, accountOf(body.email), body.tenant_id))
  audit.about = candidates
  const matches = await findMatches(deps, input, candidates)
  const decision = decideSignIn(matches)
  switch (decision.outcome) {
    case 'invalid-credentials':
      throw problem(decision.outcome)
    case 'tenant-required':
      audit.about = matches
      throw problem(decision.outcome, { extensions: { tenants: decision.tenants } })
    case 'enter':
      audit.about = [decision.match]
      return { match: decision.match, upgrade: await upgradeFor(deps, decision.match, body.password) }
    default:
      audit.about = [decision.match]
      throw problem(decision.outcome)
  }
}

/** The password was right, the second factor is still missing: a token to send it with. */
async function challenge(tx: TenantTx, match: AccountRow, now: Date): Promise<StandingRefusal> {
  const token = randomToken()
  await insertChallenge(tx, match.id, tokenHash(token), now)
  return standingRefusal(problem('mfa-required', { extensions: { mfa_token: token } }))
}

/** Signs in with e-mail and password. */
export const signIn = (
  deps: IdentityDeps,
): PublicSteps<typeof signInContract, Awaited<ReturnType<typeof findWhoEnters>>, Tokens> => ({
  refusalsTakeMs: slowestComparisonMs,
  prepare: (input) => findWhoEnters(deps, input),
  work: async (tx, { prepared: { match, upgrade }, ...input }) =>
    match.has_mfa
      ? challenge(tx, match, input.now)
      : enter(deps, tx, input, match.id, { method: 'password', deviceToken: input.body.device_token, upgrade }),
})
