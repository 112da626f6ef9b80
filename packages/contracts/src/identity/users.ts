import { Type } from '@sinclair/typebox'
import { event } from '../kernel/event.ts'
import { route } from '../kernel/route.ts'
import {
  Closed,
  Email,
  Id,
  IdParams,
  Ids,
  Instant,
  Line,
  ListQuery,
  MergePatch,
  Nullable,
  OneOf,
  Page,
} from '../kernel/schema.ts'
import { sessionsEnded } from './sessions.ts'

export const UserStatus = OneOf(['active', 'inactive', 'invited'])

/** 8 to 128 characters here; the password policy itself answers 422 `weak-password`. */
export const NewPassword = Type.String({ minLength: 8, maxLength: 128 })

export const User = Type.Object({
  id: Id,
  name: Type.String(),
  email: Type.String(),
  status: UserStatus,
  phone_number: Nullable(Type.String()),
  profile_picture_url: Nullable(Type.String()),
  last_login_date: Nullable(Instant),
  email_verified: Type.Boolean(),
  mfa_enabled: Type.Boolean(),
  tenant_id: Type.String(),
  roles: Type.Array(Type.Object({ id: Id, name: Type.String() })),
  created_at: Instant,
  version: Type.Integer(),
})

/** What other services copy of a user. */
export const UserFacts = Type.Object({
  id: Id,
  name: Type.String(),
  email: Type.String(),
  status: UserStatus,
  is_doctor: Type.Boolean(),
  /** The names of the roles; messages of older programs leave them out. */
  roles: Type.Optional(Type.Array(Type.String())),
  version: Type.Integer(),
})

export const userCreated = event({ service: 'identity', entity: 'user', verb: 'created', version: 1, data: UserFacts })
/** Name, status or roles changed: the facts as they are now. */
export const userUpdated = event({ service: 'identity', entity: 'user', verb: 'updated', version: 1, data: UserFacts })

const editable = {
  name: Line(255),
  email: Email,
  phone_number: Nullable(Line(50)),
  profile_picture_url: Nullable(Type.String({ format: 'uri', maxLength: 2000, pattern: '^https://' })),
}

export const listUsers = route({
  service: 'identity',
  operationId: 'listUsers',
  method: 'GET',
  path: '/api/users',
  summary: 'The users of this hospital, by name',
  access: 'users.read',
  query: ListQuery({
    q: Type.Optional(Line(200)),
    role: Type.Optional(Line(100)),
    status: Type.Optional(UserStatus),
    ids: Type.Optional(Ids),
  }),
  status: 200,
  answer: Page(User),
})

export const createUser = route({
  service: 'identity',
  operationId: 'createUser',
  method: 'POST',
  path: '/api/users',
  summary: 'Create a user; without a password an invitation is mailed',
  access: 'users.manage',
  body: Closed({
    name: editable.name,
    email: Email,
    password: Type.Optional(NewPassword),
    role_id: Type.Optional(Id),
    role_ids: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: 20, uniqueItems: true })),
    phone_number: Type.Optional(editable.phone_number),
  }),
  status: 201,
  answer: User,
  problems: ['validation-failed', 'email-taken', 'unknown-reference', 'weak-password', 'privilege-escalation'],
  events: [userCreated],
})

export const getUser = route({
  service: 'identity',
  operationId: 'getUser',
  method: 'GET',
  path: '/api/users/:id',
  summary: 'One user',
  access: 'users.read',
  params: IdParams,
  status: 200,
  answer: User,
})

export const changeUser = route({
  service: 'identity',
  operationId: 'changeUser',
  method: 'PATCH',
  path: '/api/users/:id',
  summary: 'Change a user; status `active` or `inactive` (re)activates or deactivates',
  access: 'users.manage',
  params: IdParams,
  body: MergePatch(Closed({ ...editable, status: OneOf(['active', 'inactive']) })),
  status: 200,
  answer: User,
  problems: ['email-taken', 'last-admin', 'privilege-escalation'],
  events: [userUpdated, sessionsEnded],
})

export const deactivateUser = route({
  service: 'identity',
  operationId: 'deactivateUser',
  method: 'DELETE',
  path: '/api/users/:id',
  summary: 'Deactivate a user and end their sessions',
  access: 'users.manage',
  params: IdParams,
  status: 200,
  answer: User,
  problems: ['last-admin', 'privilege-escalation'],
  events: [userUpdated, sessionsEnded],
})

export const setUserRoles = route({
  service: 'identity',
  operationId: 'setUserRoles',
  method: 'PUT',
  path: '/api/users/:id/roles',
  summary: 'Replace the roles of a user',
  access: 'users.manage',
  params: IdParams,
  body: Closed({ role_ids: Type.Array(Id, { minItems: 1, maxItems: 20, uniqueItems: true }) }),
  status: 200,
  answer: User,
  problems: ['last-admin', 'unknown-reference', 'privilege-escalation'],
  events: [userUpdated, sessionsEnded],
})

export const resetUserMfa = route({
  service: 'identity',
  operationId: 'resetUserMfa',
  method: 'DELETE',
  path: '/api/users/:id/mfa',
  summary: 'Remove the second factor of a user who lost it; ends their sessions',
  access: 'users.manage',
  params: IdParams,
  status: 200,
  answer: User,
  problems: ['privilege-escalation'],
  events: [userUpdated, sessionsEnded],
})
