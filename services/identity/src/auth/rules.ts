import type { Permission } from '@hospital/contracts'
import { permissionsOfAll, type StoredRole } from '../roles/rules.ts'

/** What of an account whose password was right decides the sign-in. */
export interface Match {
  tenant_id: string
  tenant_name: string
  tenant_status: string
}

type SignInDecision<M extends Match> =
  | { outcome: 'enter'; match: M }
  | { outcome: 'invalid-credentials' }
  | { outcome: 'tenant-required'; tenants: { id: string; name: string }[] }
  | { outcome: 'tenant-suspended' | 'tenant-provisioning'; match: M }

/** Into which hospital does the password lead? Only accounts whose password was right are looked at. */
export function decideSignIn<M extends Match>(matches: readonly M[]): SignInDecision<M> {
  const open = matches.filter(({ tenant_status }) => tenant_status === 'active')
  const [only] = open
  if (only && open.length === 1) return { outcome: 'enter', match: only }
  if (only) {
    const tenants = open.map(({ tenant_id, tenant_name }) => ({ id: tenant_id, name: tenant_name }))
    return { outcome: 'tenant-required', tenants }
  }
  const starting = matches.find(({ tenant_status }) => tenant_status === 'provisioning')
  if (starting) return { outcome: 'tenant-provisioning', match: starting }
  const [closed] = matches
  return closed ? { outcome: 'tenant-suspended', match: closed } : { outcome: 'invalid-credentials' }
}

/** May this person, as they and their hospital are now, be signed in? */
export const isWelcome = <P extends { status: string; tenant_status: string }>(person: P | null): person is P =>
  person?.status === 'active' && person.tenant_status === 'active'

/** Why a refresh token is not accepted. Only `reused` means that somebody else has a copy. */
type RefreshDecision = 'rotate' | 'ended' | 'expired' | 'raced' | 'reused'

/** The facts of a presented refresh token. */
interface PresentedToken {
  used_at: string | null
  expires_at: string
  session_expires_at: string
  session_ended: boolean
}

/** When a refresh token was presented. */
export interface Presentation {
  arrivedAt: Date
  /** Another request with the same token was being answered when this one came. */
  overlaps: boolean
}

/**
 * A token that was rotated already and is presented again was copied: the family ends. Requests that ran beside the one
 * that rotated it were sent before its answer, so they are no proof of a copy, and are only turned away.
 */
export function decideRefresh(
  token: PresentedToken,
  { arrivedAt, overlaps }: Presentation,
  now: Date,
): RefreshDecision {
  if (token.session_ended) return 'ended'
  if (token.used_at !== null) return overlaps || arrivedAt.getTime() <= Date.parse(token.used_at) ? 'raced' : 'reused'
  const expired = [token.expires_at, token.session_expires_at].some((at) => Date.parse(at) <= now.getTime())
  return expired ? 'expired' : 'rotate'
}

/** What decides somebody's permissions at this moment. */
export interface Standing {
  has_mfa: boolean
  password_needs_mfa: boolean
  mfa_required_role_ids: readonly number[]
  roles: readonly StoredRole[]
}

/** Does the hospital, or the person's short password, ask for a second factor that is not set up? */
export const needsEnrollment = ({ has_mfa, password_needs_mfa, mfa_required_role_ids, roles }: Standing): boolean =>
  !has_mfa && (password_needs_mfa || roles.some(({ id }) => mfa_required_role_ids.includes(id)))

/** What somebody may do: what their roles give, and nothing until the second factor that the hospital asks for. */
export const permissionsNow = (standing: Standing): Permission[] =>
  needsEnrollment(standing) ? [] : permissionsOfAll(standing.roles)
