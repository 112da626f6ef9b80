import { Instant, Nullable, Role } from '@hospital/contracts'
import { type GlobalTx, sql, type TenantTx, table } from '@hospital/database'
import { type Static, Type } from '@sinclair/typebox'

/** As it is stored: a built-in role has its permissions in the code. */
const RoleRow = Type.Composite([
  Type.Omit(Role, ['permissions', 'built_in']),
  Type.Object({ tenant_id: Nullable(Type.String()), permissions: Type.Array(Type.String()), updated_at: Instant }),
])
export type RoleRow = Static<typeof RoleRow>

const roles = table('roles', RoleRow, { made: ['id', 'created_at', 'updated_at', 'version'] })
const columns = roles.columns()

interface RolePage {
  after: readonly [string, number] | null
  limit: number
  /** Only roles of the platform, or only those a hospital can have. */
  platform: boolean
}

/** The roles that can be had here, by name. */
export const listRoles = (tx: TenantTx, { after, limit, platform }: RolePage) =>
  tx.any(sql.type(RoleRow)`
    SELECT ${columns} FROM roles
    WHERE (tenant_id IS NOT DISTINCT FROM 'platform') = ${platform}
      AND ${after ? sql.fragment`(name, id) > (${after[0]}, ${after[1]})` : sql.fragment`TRUE`}
    ORDER BY name, id LIMIT ${limit + 1}`)

/** Read without a lock: row-level security would hide built-in roles, which are not ours to lock. */
export const findRole = (tx: TenantTx, id: number) =>
  tx.maybeOne(sql.type(RoleRow)`SELECT ${columns} FROM roles WHERE id = ${id}`)

export const findRoles = (tx: TenantTx | GlobalTx, ids: readonly number[]) =>
  tx.any(sql.type(RoleRow)`SELECT ${columns} FROM roles WHERE id = ANY(${sql.array([...ids], 'int4')}) ORDER BY id`)

export const listRolesOfUser = (tx: TenantTx | GlobalTx, userId: number) =>
  tx.any(sql.type(RoleRow)`
    SELECT ${roles.columns('r')}
    FROM user_roles ur JOIN roles r ON r.id = ur.role_id WHERE ur.user_id = ${userId} ORDER BY r.id`)

interface RoleFields {
  name: string
  description: string | null
  permissions: readonly string[]
}

export const insertRole = (tx: TenantTx, { name, description, permissions }: RoleFields) =>
  roles.insert(tx, { tenant_id: tx.context.tenantId, name, description, permissions: [...permissions] })

/** @throws problem `stale-version` when somebody changed it since `current` was read */
export const updateRole = (tx: TenantTx, current: RoleRow, { name, description, permissions }: RoleFields) =>
  roles.update(tx, current, { name, description, permissions: [...permissions] })

export const deleteRole = (tx: TenantTx, id: number) => tx.query(sql.unsafe`DELETE FROM roles WHERE id = ${id}`)

const UserId = Type.Object({ user_id: Type.Integer() })

export const listUsersWithRoles = (tx: TenantTx, roleIds: readonly number[]) =>
  tx.anyFirst(sql.type(UserId)`
    SELECT DISTINCT user_id FROM user_roles WHERE role_id = ANY(${sql.array([...roleIds], 'int4')}) ORDER BY user_id`)
