import {
  permissions as allPermissions,
  hospitalRoles,
  operatorRole,
  type Permission,
  platformTenant,
} from '@hospital/contracts'

/** A role as the database holds it; a built-in one has its permissions in the code. */
export interface StoredRole {
  id: number
  name: string
  tenant_id: string | null
  permissions: readonly string[]
}

export const isBuiltIn = (role: Pick<StoredRole, 'tenant_id'>): boolean =>
  role.tenant_id === null || role.tenant_id === platformTenant

/** What a role allows. */
export function permissionsOf(role: StoredRole): Permission[] {
  if (role.tenant_id === null) return [...(hospitalRoles.find(({ name }) => name === role.name)?.permissions ?? [])]
  if (role.tenant_id === platformTenant) return role.name === operatorRole.name ? [...operatorRole.permissions] : []
  return allPermissions.filter((known) => known !== 'tenants.manage' && role.permissions.includes(known))
}

/** What somebody with these roles may do: sorted as the table of permissions is, each once. */
export function permissionsOfAll(roles: readonly StoredRole[]): Permission[] {
  const held = new Set(roles.flatMap(permissionsOf))
  return allPermissions.filter((permission) => held.has(permission))
}

/** A hospital hands out its own and the built-in roles; the platform only its operators'. */
export const belongsTo = (role: Pick<StoredRole, 'tenant_id'>, tenantId: string): boolean =>
  tenantId === platformTenant ? role.tenant_id === platformTenant : role.tenant_id !== platformTenant

/** The role that a hospital, or the platform, never runs out of. */
export const isChiefRole = (role: Pick<StoredRole, 'tenant_id' | 'name'>): boolean =>
  (role.tenant_id === null && role.name === 'Admin') ||
  (role.tenant_id === platformTenant && role.name === operatorRole.name)

const adminPermissions = hospitalRoles.find(({ name }) => name === 'Admin')?.permissions ?? []

/** Signing, prescribing, verifying …: acts of a profession, which no Admin holds. */
const professionalActs = new Set(
  hospitalRoles.flatMap((role) => role.permissions).filter((permission) => !adminPermissions.includes(permission)),
)

/** Who grants. */
interface Granter {
  userId: number
  permissions: readonly Permission[]
}

/**
 * Nobody grants what they do not hold. One exception, without which no hospital could have a doctor: who manages the
 * hospital appoints to the built-in professions; others, or themselves when they step down (`keepsOffice` is false).
 */
export function canGrant(
  granter: Granter,
  role: StoredRole,
  to: { userId: number | null; keepsOffice: boolean },
): boolean {
  const toOneself = granter.userId === to.userId && to.keepsOffice
  const appoints = isBuiltIn(role) && granter.permissions.includes('hospital.manage') && !toOneself
  return permissionsOf(role).every(
    (permission) => granter.permissions.includes(permission) || (appoints && professionalActs.has(permission)),
  )
}

/** To change somebody's account one must be able to grant all they have: else a new e-mail would be a way to more power. */
export function canManage(granter: Granter, userId: number, roles: readonly StoredRole[]): boolean {
  return granter.userId === userId || roles.every((role) => canGrant(granter, role, { userId, keepsOffice: true }))
}

/** A hospital's own role: made and changed only by those who hold all of it. */
export const holdsAll = (granter: Granter, wanted: readonly string[]): boolean =>
  wanted.every((permission) => granter.permissions.includes(permission as Permission))
