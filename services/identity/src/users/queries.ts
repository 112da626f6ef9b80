import { Instant, Nullable, problem, User } from '@hospital/contracts'
import { among, type GlobalTx, sql, type TenantTx, table } from '@hospital/database'
import { type Static, Type } from '@sinclair/typebox'
import { hasFactor } from '../mfa/queries.ts'

export type UserRow = Static<typeof User>

/** What of a user is shown as it is stored; the rest is worked out. */
const AsStored = Type.Omit(User, ['status', 'email_verified', 'mfa_enabled', 'roles', 'created_at'])
const users = table(
  'users',
  Type.Composite([
    AsStored,
    Type.Object({
      status: Type.String(),
      password: Nullable(Type.String()),
      password_changed_at: Nullable(Instant),
      password_needs_mfa: Type.Boolean(),
      email_verified_at: Nullable(Instant),
      created_at: Nullable(Instant),
      updated_at: Nullable(Instant),
    }),
  ]),
  {
    made: ['id', 'last_login_date', 'password_needs_mfa', 'email_verified_at', 'created_at', 'updated_at', 'version'],
  },
)

/** Databases we adopted may say `Active`, or words of their own: what we do not know is not active. */
export const statusOf = (alias: string) => sql.fragment`
  CASE WHEN lower(${sql.identifier([alias, 'status'])}) IN ('active', 'invited')
    THEN lower(${sql.identifier([alias, 'status'])}) ELSE 'inactive' END`

const columns = sql.fragment`
  ${table('users', AsStored, { made: [] }).columns('u')}, ${statusOf('u')} AS status,
  u.email_verified_at IS NOT NULL AS email_verified,
  ${hasFactor} AS mfa_enabled,
  coalesce((SELECT json_agg(json_build_object('id', r.id, 'name', r.name) ORDER BY r.id)
            FROM user_roles ur JOIN roles r ON r.id = ur.role_id WHERE ur.user_id = u.id), '[]'::json) AS roles,
  coalesce(u.created_at, u.updated_at) AS created_at`

interface UserFilters {
  q: string | undefined
  role: string | undefined
  status: string | undefined
  ids: string | undefined
  after: readonly [string, number] | null
  limit: number
}

const pattern = (text: string) => `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`

/** The users of this hospital by name; `q` is any part of name or e-mail. */
export function listUsers(tx: TenantTx, { q, role, status, ids, after, limit }: UserFilters) {
  const where = [
    sql.fragment`u.tenant_id = ${tx.context.tenantId}`,
    ...(q === undefined ? [] : [sql.fragment`(u.name ILIKE ${pattern(q)} OR u.email ILIKE ${pattern(q)})`]),
    ...(status === undefined ? [] : [sql.fragment`${statusOf('u')} = ${status}`]),
    among(ids, 'u'),
    ...(role === undefined
      ? []
      : [
          sql.fragment`EXISTS (SELECT FROM user_roles ur JOIN roles r ON r.id = ur.role_id
                               WHERE ur.user_id = u.id AND lower(r.name) = lower(${role}))`,
        ]),
    ...(after ? [sql.fragment`(u.name, u.id) > (${after[0]}, ${after[1]})`] : []),
  ]
  return tx.any(sql.type(User)`
    SELECT ${columns} FROM users u WHERE ${sql.join(where, sql.fragment` AND `)}
    ORDER BY u.name, u.id LIMIT ${limit + 1}`)
}

export const findUser = (tx: TenantTx, id: number) =>
  tx.maybeOne(sql.type(User)`SELECT ${columns} FROM users u WHERE u.id = ${id}`)

export const getUser = (tx: TenantTx, id: number) =>
  tx.one(sql.type(User)`SELECT ${columns} FROM users u WHERE u.id = ${id}`)

/** The user, held against other changes. NO KEY: signing in meanwhile refers to the row, and may. */
export async function lockUser(tx: TenantTx, id: number): Promise<UserRow | null> {
  const locked = await tx.maybeOne(
    sql.type(Type.Object({ id: Type.Integer() }))`SELECT id FROM users WHERE id = ${id} FOR NO KEY UPDATE`,
  )
  return locked && getUser(tx, id)
}

export interface NewUser {
  tenant_id: string
  name: string
  email: string
  phone_number: string | null
  /** The hash; without it the user is `invited` until they set one. */
  password: string | null
  now: Date
}

/** What it means when another user of the hospital has the e-mail. */
export const emailTaken = { users_tenant_id_email_key: () => problem('email-taken') }

/** Answers the id. */
export async function insertUser(tx: TenantTx | GlobalTx, { now, ...user }: NewUser): Promise<number> {
  const isInvited = user.password === null
  const { id } = await users.insert(tx, {
    ...user,
    profile_picture_url: null,
    status: isInvited ? 'invited' : 'active',
    password_changed_at: isInvited ? null : now.toISOString(),
  })
  return id
}

/** What a change may write; who has a new address has to confirm it again. */
type UserFields = Pick<UserRow, 'name' | 'email' | 'status' | 'phone_number' | 'profile_picture_url' | 'email_verified'>

/** Of a user who is held by `lockUser`. Nobody is active before there is a way for them to come in. */
export async function updateUser(
  tx: TenantTx,
  current: UserRow,
  { name, email, status, phone_number, profile_picture_url, email_verified }: UserFields,
): Promise<void> {
  await users.update(tx, current, {
    name,
    email,
    phone_number,
    profile_picture_url,
    status: sql.fragment`
      CASE WHEN ${status} = 'active' AND users.password IS NULL
             AND NOT EXISTS (SELECT FROM external_identities e WHERE e.user_id = users.id)
           THEN 'invited' ELSE ${status} END`,
    email_verified_at: sql.fragment`CASE WHEN ${email_verified} THEN users.email_verified_at END`,
  })
}

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
