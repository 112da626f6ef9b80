import { Nullable, UserStatus } from '@hospital/contracts'
import { type GlobalTx, sql, type TenantTx } from '@hospital/database'
import { type Static, Type } from '@sinclair/typebox'

const Text = Nullable(Type.String())

export const UserRow = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  email: Type.String(),
  status: UserStatus,
  phone_number: Text,
  profile_picture_url: Text,
  last_login_date: Text,
  email_verified: Type.Boolean(),
  mfa_enabled: Type.Boolean(),
  tenant_id: Type.String(),
  roles: Type.Array(Type.Object({ id: Type.Integer(), name: Type.String() })),
  created_at: Type.String(),
  version: Type.Integer(),
})
export type UserRow = Static<typeof UserRow>

/** Databases we adopted may say `Active`, or words of their own: what we do not know is not active. */
export const statusOf = (alias: string) => sql.fragment`
  CASE WHEN lower(${sql.identifier([alias, 'status'])}) IN ('active', 'invited')
    THEN lower(${sql.identifier([alias, 'status'])}) ELSE 'inactive' END`

const columns = sql.fragment`
  u.id, u.name, u.email, ${statusOf('u')} AS status, u.phone_number, u.profile_picture_url, u.last_login_date,
  u.email_verified_at IS NOT NULL AS email_verified,
  EXISTS (SELECT FROM mfa_totp m WHERE m.user_id = u.id AND m.confirmed_at IS NOT NULL) AS mfa_enabled,
  u.tenant_id,
  coalesce((SELECT json_agg(json_build_object('id', r.id, 'name', r.name) ORDER BY r.id)
            FROM user_roles ur JOIN roles r ON r.id = ur.role_id WHERE ur.user_id = u.id), '[]'::json) AS roles,
  coalesce(u.created_at, u.updated_at) AS created_at, u.version`

export interface UserFilters {
  q: string | undefined
  role: string | undefined
  status: string | undefined
  after: readonly [string, number] | null
  limit: number
}

const pattern = (text: string) => `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`

/** The users of this hospital by name; `q` is any part of name or e-mail. */
export function listUsers(tx: TenantTx, { q, role, status, after, limit }: UserFilters) {
  const where = [
    sql.fragment`u.tenant_id = ${tx.context.tenantId}`,
    ...(q === undefined ? [] : [sql.fragment`(u.name ILIKE ${pattern(q)} OR u.email ILIKE ${pattern(q)})`]),
    ...(status === undefined ? [] : [sql.fragment`${statusOf('u')} = ${status}`]),
    ...(role === undefined
      ? []
      : [
          sql.fragment`EXISTS (SELECT FROM user_roles ur JOIN roles r ON r.id = ur.role_id
                               WHERE ur.user_id = u.id AND lower(r.name) = lower(${role}))`,
        ]),
    ...(after ? [sql.fragment`(u.name, u.id) > (${after[0]}, ${after[1]})`] : []),
  ]
  return tx.any(sql.type(UserRow)`
    SELECT ${columns} FROM users u WHERE ${sql.join(where, sql.fragment` AND `)}
    ORDER BY u.name, u.id LIMIT ${limit + 1}`)
}

export const findUser = (tx: TenantTx, id: number) =>
  tx.maybeOne(sql.type(UserRow)`SELECT ${columns} FROM users u WHERE u.id = ${id}`)

export const getUser = (tx: TenantTx, id: number) =>
  tx.one(sql.type(UserRow)`SELECT ${columns} FROM users u WHERE u.id = ${id}`)

/** The user, held against other changes. NO KEY: signing in meanwhile refers to the row, and may. */
export async function lockUser(tx: TenantTx, id: number): Promise<UserRow | null> {
  const locked = await tx.maybeOne(
    sql.type(Type.Object({ id: Type.Integer() }))`SELECT id FROM users WHERE id = ${id} FOR NO KEY UPDATE`,
  )
  return locked && getUser(tx, id)
}

export interface NewUser {
  tenantId: string
  name: string
  email: string
  passwordHash: string | null
  phoneNumber: string | null
  now: Date
}

const IdRow = Type.Object({ id: Type.Integer() })

/** Without a password the user is `invited` until they set one. */
export const insertUser = (tx: TenantTx | GlobalTx, user: NewUser) =>
  tx.oneFirst(sql.type(IdRow)`
    INSERT INTO users (tenant_id, name, email, password, status, phone_number, password_changed_at)
    VALUES (${user.tenantId}, ${user.name}, ${user.email}, ${user.passwordHash},
            ${user.passwordHash === null ? 'invited' : 'active'}, ${user.phoneNumber},
            ${user.passwordHash === null ? null : user.now.toISOString()})
    RETURNING id`)

export interface UserFields {
  name: string
  email: string
  status: string
  phone_number: string | null
  profile_picture_url: string | null
  /** Whoever has a new address has to confirm it again. */
  email_verified: boolean
}

export const updateUser = (tx: TenantTx, id: number, user: UserFields) =>
  tx.query(sql.unsafe`
    UPDATE users SET name = ${user.name}, email = ${user.email}, phone_number = ${user.phone_number},
      profile_picture_url = ${user.profile_picture_url},
      status = CASE WHEN ${user.status} = 'active' AND password IS NULL
                      AND NOT EXISTS (SELECT FROM external_identities e WHERE e.user_id = users.id)
                    THEN 'invited' ELSE ${user.status} END,
      email_verified_at = CASE WHEN ${user.email_verified} THEN email_verified_at END,
      version = version + 1, updated_at = now()
    WHERE id = ${id}`)

/** Rises when what others copy or cache of the user changes. */
export const raiseVersion = (tx: TenantTx, id: number) =>
  tx.query(sql.unsafe`UPDATE users SET version = version + 1, updated_at = now() WHERE id = ${id}`)

export const addRoles = (tx: TenantTx | GlobalTx, userId: number, roleIds: readonly number[]) =>
  tx.query(sql.unsafe`
    INSERT INTO user_roles (user_id, role_id)
    SELECT ${userId}, role_id FROM unnest(${sql.array([...roleIds], 'int4')}) AS role_id`)

export const removeRoles = (tx: TenantTx, userId: number, roleIds: readonly number[]) =>
  tx.query(sql.unsafe`
    DELETE FROM user_roles WHERE user_id = ${userId} AND role_id = ANY(${sql.array([...roleIds], 'int4')})`)

/** One at a time may take away an Admin: both would otherwise see the other one still there. */
export const lockTenant = (tx: TenantTx) =>
  tx.query(sql.unsafe`SELECT id FROM tenants WHERE id = ${tx.context.tenantId} FOR NO KEY UPDATE`)

const Count = Type.Object({ count: Type.Integer() })

/** Active holders of the role that a hospital, or the platform, never runs out of; who cannot come in holds nothing. */
export const countActiveChiefs = (tx: TenantTx) =>
  tx.oneFirst(sql.type(Count)`
    SELECT count(*) AS count FROM chiefs()
    WHERE tenant_id = ${tx.context.tenantId} AND status = 'active' AND can_sign_in`)
