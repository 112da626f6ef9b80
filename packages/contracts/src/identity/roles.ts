import { Type } from '@sinclair/typebox'
import { grantablePermissions, permissions } from '../kernel/permissions.ts'
import { route } from '../kernel/route.ts'
import { Closed, Id, IdParams, Instant, Line, ListQuery, MergePatch, Nullable, OneOf, Page } from '../kernel/schema.ts'
import { sessionsEnded } from './sessions.ts'
import { userUpdated } from './users.ts'

export const Role = Type.Object({
  id: Id,
  name: Type.String(),
  description: Nullable(Type.String()),
  permissions: Type.Array(OneOf(permissions)),
  built_in: Type.Boolean(),
  created_at: Instant,
  version: Type.Integer(),
})

const editable = {
  name: Line(100),
  description: Nullable(Type.String({ maxLength: 1000 })),
  permissions: Type.Array(OneOf(grantablePermissions), { uniqueItems: true, maxItems: 100 }),
}

export const listRoles = route({
  service: 'identity',
  operationId: 'listRoles',
  method: 'GET',
  path: '/api/roles',
  summary: 'The roles of this hospital: the built-in ones and its own',
  access: 'users.read',
  query: ListQuery({}),
  status: 200,
  answer: Page(Role),
})

export const createRole = route({
  service: 'identity',
  operationId: 'createRole',
  method: 'POST',
  path: '/api/roles',
  summary: 'Create a role of this hospital from permissions that you hold yourself',
  access: 'roles.manage',
  body: Closed({
    name: editable.name,
    description: Type.Optional(editable.description),
    permissions: editable.permissions,
  }),
  status: 201,
  answer: Role,
  problems: ['name-taken', 'privilege-escalation'],
})

export const changeRole = route({
  service: 'identity',
  operationId: 'changeRole',
  method: 'PATCH',
  path: '/api/roles/:id',
  summary: 'Change a role of this hospital',
  access: 'roles.manage',
  params: IdParams,
  body: MergePatch(Closed(editable)),
  status: 200,
  answer: Role,
  problems: ['name-taken', 'built-in-role', 'privilege-escalation'],
  events: [userUpdated, sessionsEnded],
})

export const deleteRole = route({
  service: 'identity',
  operationId: 'deleteRole',
  method: 'DELETE',
  path: '/api/roles/:id',
  summary: 'Delete a role that nobody has',
  access: 'roles.manage',
  params: IdParams,
  status: 204,
  answer: null,
  problems: ['role-in-use', 'built-in-role', 'privilege-escalation'],
})
