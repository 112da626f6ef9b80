import type { AnswerOf, getMe, refreshSession } from '@hospital/contracts'
import type { IdentityDeps } from '../deps.ts'
import type { PersonRow } from './queries.ts'
import { needsEnrollment, permissionsNow } from './rules.ts'

export type SignedInUser = AnswerOf<typeof getMe>
export type Tokens = AnswerOf<typeof refreshSession>

/** A person as they see themselves. */
export const toSignedInUser = (person: PersonRow): SignedInUser => ({
  id: person.id,
  name: person.name,
  email: person.email,
  tenant_id: person.tenant_id,
  roles: person.roles.map(({ name }) => name),
  permissions: permissionsNow(person),
  mfa_enrollment_required: needsEnrollment(person),
})

/** The tokens of a session, with who it is. */
export function toTokens(
  { tokens }: Pick<IdentityDeps, 'tokens'>,
  person: PersonRow,
  session: { id: string; refreshToken: string; deviceToken?: string },
  now: Date,
): Tokens {
  const subject = { userId: person.id, tenantId: person.tenant_id, sessionId: session.id }
  return {
    access_token: tokens.issue(subject, now),
    token_type: 'Bearer',
    expires_in: tokens.lifetimeSeconds,
    refresh_token: session.refreshToken,
    ...(session.deviceToken ? { device_token: session.deviceToken } : {}),
    user: toSignedInUser(person),
  }
}
