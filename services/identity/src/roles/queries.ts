import { Nullable } from '@hospital/contracts'
import { type GlobalTx, sql, type TenantTx } from '@hospital/database'
import { type Static, Type } from '@sinclair/typebox'

export const RoleRow = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  description: Nullable(Type.String()),
  tenant_id: Nullable(Type.String()),
  permissions: Type.Array(Type.String()),
  created_at: Type.String(),
  version: Type.Integer(),
})
export type RoleRow = Static<typeof RoleRow>

const columns = sql.fragment`id, name, description, tenant_id, permissions, created_at, version`

export interface RolePage {
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
    SELECT r.id, r.name, r.description, r.tenant_id, r.permissions, r.created_at, r.version
    FROM user_roles ur JOIN roles r ON r.id = ur.role_id WHERE ur.user_id = ${userId} ORDER BY r.id`)

export interface RoleFields {
  name: string
  description: string | null
  permissions: readonly string[]
}

export const insertRole = (tx: TenantTx, role: RoleFields) =>
  tx.one(sql.type(RoleRow)`
    INSERT INTO roles (tenant_id, name, description, permissions)
    VALUES (${tx.context.tenantId}, ${role.name}, ${role.description}, ${sql.array([...role.permissions], 'text')})
    RETURNING ${columns}`)

/** Null when somebody changed it since `current` was read. */
export const updateRole = (tx: TenantTx, current: RoleRow, role: RoleFields) =>
  tx.maybeOne(sql.type(RoleRow)`
    UPDATE roles SET name = ${role.name}, description = ${role.description},
      permissions = ${sql.array([...role.permissions], 'text')}, version = version + 1, updated_at = now()
    WHERE id = ${current.id} AND version = ${current.version} RETURNING ${columns}`)

export const deleteRole = (tx: TenantTx, id: number) => tx.query(sql.unsafe`DELETE FROM roles WHERE id = ${id}`)

const UserId = Type.Object({ user_id: Type.Integer() })

export const listUsersWithRoles = (tx: TenantTx, roleIds: readonly number[]) =>
  tx.anyFirst(sql.type(UserId)`
    SELECT DISTINCT user_id FROM user_roles WHERE role_id = ANY(${sql.array([...roleIds], 'int4')}) ORDER BY user_id`)
