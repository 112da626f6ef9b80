import {
  changeRole as changeContract,
  createRole as createContract,
  deleteRole as deleteContract,
  listRoles as listContract,
  pick,
  platformTenant,
  problem,
  type RequestContext,
  Role,
  type Static,
} from '@hospital/contracts'
import { onConstraint, type TenantTx } from '@hospital/database'
import { decodeCursor, handle, type Route, toPage } from '@hospital/service'
import { tellAccessChanged } from '../sessions/end-work.ts'
import { tellUpdated } from '../users/fact-work.ts'
import { raiseVersion } from '../users/queries.ts'
import { deleteRole, findRole, insertRole, listRoles, listUsersWithRoles, type RoleRow, updateRole } from './queries.ts'
import { holdsAll, isBuiltIn, permissionsOf } from './rules.ts'

const toRole = (row: RoleRow): Static<typeof Role> =>
  pick(Role, { ...row, permissions: permissionsOf(row), built_in: isBuiltIn(row) })

const nameTaken = {
  roles_tenant_id_name_key: () => problem('name-taken'),
  roles_reserved_name: () => problem('name-taken', { detail: 'A built-in role has this name.' }),
}

function assertHolds(context: RequestContext, permissions: readonly string[]): void {
  const lacking = permissions.filter((permission) => !holdsAll(context, [permission]))
  if (lacking.length > 0) {
    const errors = lacking.map((permission) => ({ pointer: '/permissions', detail: `you do not hold ${permission}` }))
    throw problem('privilege-escalation', { errors })
  }
}

/** A built-in role is read-only, and one that holds more than oneself is not one's to change. */
function assertOwn(context: RequestContext, role: RoleRow): void {
  if (isBuiltIn(role)) throw problem('built-in-role')
  assertHolds(context, permissionsOf(role))
}

/** Whoever has the role can do other things from now on: caches forget them, copies hear of it. */
async function tellHolders(tx: TenantTx, roleId: number): Promise<void> {
  for (const userId of await listUsersWithRoles(tx, [roleId])) {
    await raiseVersion(tx, userId)
    await tellAccessChanged(tx, userId)
    await tellUpdated(tx, userId)
  }
}

/** The roles of a hospital: the built-in ones, and its own. */
export const roleRoutes = (): Route[] => [
  handle(listContract, async (tx, { query: { limit, cursor }, context }) => {
    const after = decodeCursor(cursor, ['text', 'number'])
    const rows = await listRoles(tx, { after, limit, platform: context.tenantId === platformTenant })
    return toPage(rows.map(toRole), limit, (role) => [role.name, role.id])
  }),

  handle(createContract, async (tx, { body, context }) => {
    assertHolds(context, body.permissions)
    const role = { name: body.name, description: body.description ?? null, permissions: body.permissions }
    return toRole(await onConstraint(nameTaken, () => insertRole(tx, role)))
  }),

  handle(changeContract, {
    load: (tx, { params }) => findRole(tx, params.id),
    work: async (tx, { body, context, current }) => {
      assertOwn(context, current)
      assertHolds(context, body.permissions ?? [])
      const next = { ...current, ...body }
      const changed = await onConstraint(nameTaken, () => updateRole(tx, current, next))
      await tellHolders(tx, current.id)
      return toRole(changed)
    },
  }),

  handle(deleteContract, {
    load: (tx, { params }) => findRole(tx, params.id),
    work: async (tx, { context, current }) => {
      assertOwn(context, current)
      const inUse = () => problem('role-in-use')
      if ((await listUsersWithRoles(tx, [current.id])).length > 0) throw inUse()
      await onConstraint({ user_roles_role_id_fkey: inUse }, () => deleteRole(tx, current.id))
    },
  }),
]
