import type { BodyOf, changeUser as changeContract, RequestContext } from '@hospital/contracts'
import { onConstraint, type TenantTx } from '@hospital/database'
import { accountOf } from '../guesses/guess-work.ts'
import { endAllSessions, tellAccessChanged } from '../sessions/end-work.ts'
import { tellUpdated } from './fact-work.ts'
import { assertCanGrant, assertCanManage, getAssignableRoles, keepingAChief } from './grant-work.ts'
import { addRoles, emailTaken, getUser, raiseVersion, removeRoles, type UserRow, updateUser } from './queries.ts'

/** Applies a merge patch to a user; ends their sessions when they are deactivated. */
export async function changeUser(
  tx: TenantTx,
  context: RequestContext,
  user: UserRow,
  patch: BodyOf<typeof changeContract>,
): Promise<UserRow> {
  const roles = await assertCanManage(tx, context, user.id)
  const next = { ...user, ...patch }
  const sameEmail = accountOf(next.email) === accountOf(user.email)
  const fields = { ...next, email_verified: user.email_verified && sameEmail }
  // An invited user stays invited until they set a password.
  if (patch.status === 'active' && user.status === 'invited') fields.status = 'invited'
  await keepingAChief(tx, user, roles, async () => {
    await onConstraint(emailTaken, () => updateUser(tx, user, fields))
  })
  if (next.status === 'inactive' && user.status !== 'inactive') await endAllSessions(tx, user.id, 'deactivated')
  else await tellAccessChanged(tx, user.id)
  await tellUpdated(tx, user.id)
  return getUser(tx, user.id)
}

/** Deactivates a user: they stay, since rows refer to them, and can do nothing. */
export async function deactivate(tx: TenantTx, context: RequestContext, user: UserRow): Promise<UserRow> {
  return user.status === 'inactive' ? user : changeUser(tx, context, user, { status: 'inactive' })
}

/** Replaces the roles of a user. Only what is added is a grant; what stays may stay. */
export async function setRoles(
  tx: TenantTx,
  context: RequestContext,
  user: UserRow,
  roleIds: readonly number[],
): Promise<UserRow> {
  const wanted = await getAssignableRoles(tx, roleIds, (i) => `/role_ids/${i}`)
  const held = await assertCanManage(tx, context, user.id)
  const added = wanted.filter(({ id }) => !held.some((role) => role.id === id))
  const removed = held.filter(({ id }) => !wanted.some((role) => role.id === id))
  if (added.length + removed.length === 0) return user
  await keepingAChief(tx, user, held, async () => {
    await removeRoles(
      tx,
      user.id,
      removed.map(({ id }) => id),
    )
    await addRoles(
      tx,
      user.id,
      added.map(({ id }) => id),
    )
    await raiseVersion(tx, user.id)
  })
  // After the last Admin: who cannot be demoted at all should hear that.
  assertCanGrant(context, user.id, added, wanted)
  await tellAccessChanged(tx, user.id)
  await tellUpdated(tx, user.id)
  return getUser(tx, user.id)
}
