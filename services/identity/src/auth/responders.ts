import { checkSession, confirmPassword, problem, type RequestContext, systemContext } from '@hospital/contracts'
import type { Running } from '@hospital/service'
import type { IdentityDeps } from '../deps.ts'
import { hearGuess } from '../guesses/guess-work.ts'
import { isSessionId } from '../sessions/queries.ts'
import { findPerson, findSessionPerson, type PersonRow } from './queries.ts'
import { isWelcome, permissionsNow } from './rules.ts'

const nobody = { active: false, user_name: '', roles: [], permissions: [] }

/** What the gateway may let somebody do at this moment. */
export function toBearer(person: PersonRow | null) {
  if (!isWelcome(person)) return nobody
  return {
    active: true,
    user_name: person.name,
    roles: person.roles.map(({ name }) => name),
    permissions: permissionsNow(person),
  }
}

/**
 * Asks a signed-in person for their password again.
 * @throws problem `wrong-password`, or `too-many-attempts` when the account has used up its guesses
 */
export async function provePassword(
  deps: IdentityDeps,
  context: Pick<RequestContext, 'tenantId' | 'userId' | 'requestId' | 'address'>,
  password: string,
): Promise<PersonRow> {
  const person = await deps.database.inTenant(context, (tx) => findPerson(tx, context.userId))
  if (!person) throw problem('wrong-password')
  const guess = { email: person.email, door: 'confirmation', address: context.address }
  const right = await deps.passwords.turn((verify) =>
    hearGuess(deps, guess, async () => ((await verify(password, person.password)) ? true : null)),
  )
  if (!right) throw problem('wrong-password')
  return person
}

/** Answers the gateway and the services about sessions. */
export const respondAboutSessions = (deps: IdentityDeps): Running[] => [
  deps.messaging.respond(checkSession, async ({ session_id, user_id, tenant_id }) => {
    if (!isSessionId(session_id)) return nobody
    return toBearer(await deps.database.inGlobal((tx) => findSessionPerson(tx, session_id, user_id, tenant_id)))
  }),
  deps.messaging.respond(confirmPassword, async ({ tenant_id, user_id, password }, { requestId }) => {
    const context = { ...systemContext(tenant_id, requestId ?? ''), userId: user_id }
    await provePassword(deps, context, password)
    return { confirmed: true }
  }),
]
