import { type FieldError, problem, type RequestContext } from '@hospital/contracts'
import type { TenantTx } from '@hospital/database'
import { findRoles, listRolesOfUser, type RoleRow } from '../roles/queries.ts'
import { belongsTo, canGrant, canManage, isChiefRole, permissionsOf } from '../roles/rules.ts'
import { countActiveChiefs, lockTenant, type UserRow } from './queries.ts'

/**
 * The roles with these ids, when they can be had in this hospital.
 * @throws problem `unknown-reference` naming each id that cannot
 */
export async function getAssignableRoles(
  tx: TenantTx,
  ids: readonly number[],
  pointerOf: (index: number) => string,
): Promise<readonly RoleRow[]> {
  const found = (await findRoles(tx, ids)).filter((role) => belongsTo(role, tx.context.tenantId))
  const errors: FieldError[] = ids.flatMap((id, i) =>
    found.some((role) => role.id === id) ? [] : [{ pointer: pointerOf(i), detail: 'is no role of this hospital' }],
  )
  if (errors.length > 0) throw problem('unknown-reference', { errors })
  return found
}

/**
 * @param wanted all roles that the person will have then
 * @throws problem `privilege-escalation` when one of the added roles holds more than the granter may give
 */
export function assertCanGrant(
  context: RequestContext,
  userId: number | null,
  added: readonly RoleRow[],
  wanted: readonly RoleRow[],
): void {
  const keepsOffice = wanted.some((role) => permissionsOf(role).includes('hospital.manage'))
  const denied = added.find((role) => !canGrant(context, role, { userId, keepsOffice }))
  if (denied) throw problem('privilege-escalation', { detail: `You cannot grant the role ${denied.name}.` })
}

/** @throws problem `privilege-escalation` when the user holds more than the person could grant */
export async function assertCanManage(
  tx: TenantTx,
  context: RequestContext,
  userId: number,
): Promise<readonly RoleRow[]> {
  const roles = await listRolesOfUser(tx, userId)
  if (!canManage(context, userId, roles)) {
    throw problem('privilege-escalation', { detail: 'This user holds more than you could grant.' })
  }
  return roles
}

/**
 * Does something that may take away an Admin, and undoes it when no active one is left. Those who try at the same time
 * take turns, so that two cannot each see the other still there.
 * @throws problem `last-admin`
 */
export async function keepingAChief(
  tx: TenantTx,
  user: UserRow,
  roles: readonly RoleRow[],
  change: () => Promise<void>,
): Promise<void> {
  const isChief = user.status === 'active' && roles.some(isChiefRole)
  if (isChief) await lockTenant(tx)
  await change()
  if (isChief && (await countActiveChiefs(tx)) === 0) throw problem('last-admin')
}
