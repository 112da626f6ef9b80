import { problem } from '@hospital/contracts'
import type { TenantTx } from '@hospital/database'
import type { PublicInput } from '@hospital/service'
import type { IdentityDeps } from '../deps.ts'
import { randomToken, tokenHash } from '../keys.ts'
import { insertRefreshToken, insertSession } from '../sessions/queries.ts'
import { type Tokens, toTokens } from './answer-mapping.ts'
import { rememberDevice } from './device-queries.ts'
import { findPerson, recordSignIn, upgradePassword } from './queries.ts'
import { isWelcome } from './rules.ts'

/** How somebody proved who they are. */
interface Proof {
  method: string
  deviceToken: string | undefined
  /** A better hash of the password they proved it with. */
  upgrade?: { before: string; after: string } | null
}

/** Opens a session for a person who has proved who they are, and answers its tokens. */
export async function enter(
  deps: IdentityDeps,
  tx: TenantTx,
  { now, address, userAgent, audit }: Pick<PublicInput<never>, 'now' | 'address' | 'userAgent' | 'audit'>,
  userId: number,
  { method, deviceToken: sent, upgrade }: Proof,
): Promise<Tokens> {
  const person = await findPerson(tx, userId)
  if (!isWelcome(person)) throw problem('invalid-credentials')
  audit.about = [person]
  if (upgrade) await upgradePassword(tx, person.id, upgrade.before, upgrade.after)
  await recordSignIn(tx, person.id, now)
  const refreshToken = randomToken()
  const id = await insertSession(tx, { userId: person.id, method, address, userAgent, now })
  await insertRefreshToken(tx, id, tokenHash(refreshToken), now)
  const deviceToken = await rememberDevice(tx, person.id, sent)
  return toTokens(deps, person, { id, refreshToken, deviceToken }, now)
}
