import { Type } from '@sinclair/typebox'
import type { Permission } from '../kernel/permissions.ts'
import { rpc } from '../kernel/rpc.ts'
import { Id, Nullable } from '../kernel/schema.ts'
import { UserFacts } from './users.ts'

const Bearer = Type.Object({
  active: Type.Boolean(),
  user_name: Type.String(),
  roles: Type.Array(Type.String()),
  // Words, not one of ours: a service that already knows a new permission answers a gateway that does not.
  permissions: Type.Array(Type.Unsafe<Permission>({ type: 'string' })),
})

/** Are session, user and hospital still alive, and what may the user do now? */
export const checkSession = rpc({
  subject: 'rpc.identity.check_session',
  request: Type.Object({ session_id: Type.String(), user_id: Id, tenant_id: Type.String() }),
  reply: Bearer,
})

/**
 * Which active user is this person of a trusted identity provider? null: nobody here. Refuses with problem
 * `unauthenticated` when the person has signed out since.
 */
export const resolveExternal = rpc({
  subject: 'rpc.identity.resolve_external',
  request: Type.Object({
    issuer: Type.String(),
    subject: Type.String(),
    email: Nullable(Type.String()),
    email_verified: Type.Boolean(),
    /** X-Tenant-ID, to choose when the person works in several hospitals. */
    tenant_id: Nullable(Type.String()),
    /** `iat` of the token, in seconds: one from before the person signed out is not accepted any more. */
    issued_at: Type.Optional(Type.Number()),
  }),
  reply: Nullable(
    Type.Composite([Bearer, Type.Object({ session_id: Type.String(), user_id: Id, tenant_id: Type.String() })]),
  ),
})

/**
 * Is this the user's password? For acts that ask for it again (break-glass). Refuses with problem `wrong-password` or
 * `too-many-attempts`; a wrong one counts like a wrong sign-in.
 */
export const confirmPassword = rpc({
  subject: 'rpc.identity.confirm_password',
  request: Type.Object({
    tenant_id: Type.String(),
    user_id: Id,
    password: Type.String({ minLength: 1, maxLength: 128 }),
  }),
  reply: Type.Object({ confirmed: Type.Boolean() }),
})

/** The facts of one user, asked when a reference copy has not arrived yet. */
export const getUserFacts = rpc({
  subject: 'rpc.identity.get_user',
  request: Type.Object({ tenant_id: Type.String(), user_id: Id }),
  reply: Nullable(UserFacts),
})

/** The facts of many users by id, for the reconciler; `checksum` over (id, version) of all. */
export const listUserFacts = rpc({
  subject: 'rpc.identity.list_users',
  request: Type.Object({ tenant_id: Type.String(), after_id: Type.Integer(), limit: Type.Integer() }),
  reply: Type.Object({ users: Type.Array(UserFacts), checksum: Type.String() }),
})

/** A refusal at the gateway to somebody who is signed in: identity keeps it in the hospital's audit trail. */
export const recordDenial = rpc({
  subject: 'rpc.identity.record_denial',
  request: Type.Object({
    tenant_id: Type.String(),
    user_id: Id,
    user_name: Type.String(),
    roles: Type.Array(Type.String()),
    address: Nullable(Type.String()),
    /** The operation that was asked for. */
    action: Type.String(),
    problem: Type.String(),
    request_id: Type.String(),
  }),
  reply: Type.Object({ recorded: Type.Boolean() }),
})
