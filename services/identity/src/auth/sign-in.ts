import { setTimeout as sleep } from 'node:timers/promises'
import { demoPassword, type Problem, problem, type signIn as signInContract } from '@hospital/contracts'
import type { TenantTx } from '@hospital/database'
import { appendAudit, type PublicInput } from '@hospital/service'
import type { IdentityDeps } from '../deps.ts'
import { accountOf, hearGuess } from '../guesses/guess.ts'
import { randomToken, tokenHash } from '../keys.ts'
import { insertChallenge } from '../mfa/queries.ts'
import { insertRefreshToken, insertSession } from '../sessions/queries.ts'
import { type Caller, contextOf, type Tokens, toTokens } from './answers.ts'
import { rememberDevice } from './devices.ts'
import { isCurrentHash } from './passwords.ts'
import { type Candidate, findPerson, listCandidates, recordSignIn, upgradePassword } from './queries.ts'
import { recordRefusal } from './record.ts'
import { decideSignIn } from './rules.ts'

/** Every refusal takes at least this long, so that its time does not tell which kind of account, if any, it was about. */
const slowestComparisonMs = 350

/**
 * The accounts whose password it is; compares with nobody's when the e-mail means none. The turn in the queue comes
 * before the guess is counted: signing in rightly many times at once must not look like guessing.
 */
function findMatches(
  deps: IdentityDeps,
  { body, address }: PublicInput<typeof signInContract>,
  candidates: readonly Candidate[],
): Promise<readonly Candidate[]> {
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
async function upgradeFor(deps: IdentityDeps, stored: string | null, password: string) {
  if (stored === null || isCurrentHash(stored)) return {}
  return { upgrade: { before: stored, after: await deps.passwords.hash(password) } }
}

/**
 * Opens a session for a person who has proved who they are, and answers its tokens. `also` is done in the same
 * transaction.
 */
export async function enter(
  deps: IdentityDeps,
  caller: Caller & { now: Date },
  account: { id: number; name: string; tenant_id: string },
  how: { method: string; action: string; deviceToken: string | undefined; upgrade?: { before: string; after: string } },
  also: (tx: TenantTx) => Promise<void> = async () => {},
): Promise<Tokens> {
  const { now } = caller
  const context = contextOf(caller, account.tenant_id, account)
  return deps.database.inTenant(context, async (tx) => {
    const person = await findPerson(tx, account.id)
    if (person?.status !== 'active' || person.tenant_status !== 'active') throw problem('invalid-credentials')
    await also(tx)
    if (how.upgrade) await upgradePassword(tx, person.id, how.upgrade.before, how.upgrade.after)
    await recordSignIn(tx, person.id, now)
    const refreshToken = randomToken()
    const session = { tenantId: person.tenant_id, userId: person.id, method: how.method, now }
    const id = await insertSession(tx, { ...session, address: caller.address, userAgent: caller.userAgent })
    await insertRefreshToken(tx, id, tokenHash(refreshToken), now)
    const deviceToken = await rememberDevice(tx, person.id, how.deviceToken)
    const who = contextOf(caller, person.tenant_id, person)
    await appendAudit(tx, who, { action: how.action, outcome: 'success', patientIds: [] })
    return toTokens(deps, person, { id, refreshToken, deviceToken }, now)
  })
}

/** The password was right, the second factor is still missing: a token to send it with. */
async function challenge(deps: IdentityDeps, caller: Caller & { now: Date }, match: Candidate): Promise<Problem> {
  const token = randomToken()
  await deps.database.inTenant(contextOf(caller, match.tenant_id, match), (tx) =>
    insertChallenge(tx, match.id, tokenHash(token), caller.now),
  )
  return problem('mfa-required', { extensions: { mfa_token: token } })
}

async function decide(
  deps: IdentityDeps,
  input: PublicInput<typeof signInContract>,
  candidates: readonly Candidate[],
): Promise<Tokens | { refusal: Problem; about: readonly Candidate[] }> {
  const { body } = input
  const matches = await findMatches(deps, input, candidates)
  const decision = decideSignIn(matches)
  switch (decision.outcome) {
    case 'invalid-credentials':
      return { refusal: problem(decision.outcome), about: candidates }
    case 'tenant-required':
      return { refusal: problem(decision.outcome, { extensions: { tenants: decision.tenants } }), about: matches }
    case 'enter': {
      const { match } = decision
      if (match.has_mfa) return { refusal: await challenge(deps, input, match), about: [match] }
      const upgrade = await upgradeFor(deps, match.password, body.password)
      const how = { method: 'password', action: 'signIn', deviceToken: body.device_token }
      return enter(deps, input, match, { ...how, ...upgrade })
    }
    default:
      return { refusal: problem(decision.outcome), about: [decision.match] }
  }
}

/** Signs in with e-mail and password: refusals are on record, and tell nothing about who has an account. */
export async function signIn(deps: IdentityDeps, input: PublicInput<typeof signInContract>): Promise<Tokens> {
  const startedAt = performance.now()
  const candidates = await deps.database.inGlobal((tx) =>
    listCandidates(tx, accountOf(input.body.email), input.body.tenant_id),
  )
  const result = await decide(deps, input, candidates).catch((error: Error & { code?: string }) => {
    if (error.code !== 'too-many-attempts' && error.code !== 'invalid-credentials') throw error
    return { refusal: error as Problem, about: candidates }
  })
  if (!('refusal' in result)) return result
  await recordRefusal(deps, input, 'signIn', result.refusal, result.about)
  await sleep(Math.max(0, slowestComparisonMs - (performance.now() - startedAt)))
  throw result.refusal
}
