import {
  changeUser as changeContract,
  createUser as createContract,
  deactivateUser as deactivateContract,
  getUser as getContract,
  listUsers as listContract,
  problem,
  setUserRoles as setRolesContract,
} from '@hospital/contracts'
import { onConstraint } from '@hospital/database'
import { decodeCursor, handle, type Route, toPage } from '@hospital/service'
import { hashNewPassword } from '../auth/new-password-work.ts'
import type { IdentityDeps } from '../deps.ts'
import { changeUser, deactivate, setRoles } from './change-work.ts'
import { tellCreated } from './fact-work.ts'
import { assertCanGrant, getAssignableRoles } from './grant-work.ts'
import { addRoles, emailTaken, findUser, getUser, insertUser, listUsers, lockUser } from './queries.ts'

interface RoleChoice {
  role_id?: number
  role_ids?: readonly number[]
}

function chosenRoles({ role_id, role_ids }: RoleChoice): readonly number[] {
  if (role_id === undefined) return role_ids ?? []
  if (role_ids === undefined) return [role_id]
  const errors = [{ pointer: '/role_id', detail: 'cannot be given together with role_ids' }]
  throw problem('validation-failed', { errors })
}

/** The people of a hospital and what they may do. */
export const userRoutes = (deps: IdentityDeps): Route[] => [
  handle(listContract, async (tx, { query }) => {
    const { q, role, status, ids, limit } = query
    const after = decodeCursor(query.cursor, ['text', 'number'])
    const rows = await listUsers(tx, { q, role, status, ids, after, limit })
    return toPage(rows, limit, (user) => [user.name, user.id])
  }),

  handle(getContract, async (tx, { params }) => {
    const user = await findUser(tx, params.id)
    if (!user) throw problem('not-found')
    return user
  }),

  handle(createContract, {
    prepare: async ({ body }) =>
      body.password === undefined
        ? null
        : hashNewPassword(deps.passwords, body.password, {
            pointer: '/password',
            hasMfa: false,
            own: [body.email, body.name],
          }),
    work: async (tx, { body, context, prepared, now }) => {
      const ids = chosenRoles(body)
      const pointerOf = (i: number) => (body.role_id === undefined ? `/role_ids/${i}` : '/role_id')
      const roles = await getAssignableRoles(tx, ids, pointerOf)
      assertCanGrant(context, null, roles, roles)
      const { name, email, phone_number = null } = body
      const user = { tenant_id: context.tenantId, name, email, phone_number, password: prepared?.hash ?? null, now }
      const id = await onConstraint(emailTaken, () => insertUser(tx, user))
      await addRoles(tx, id, ids)
      await tellCreated(tx, id, context)
      return getUser(tx, id)
    },
  }),

  handle(changeContract, {
    load: (tx, { params }) => lockUser(tx, params.id),
    work: (tx, { body, context, current }) => changeUser(tx, context, current, body),
  }),

  handle(deactivateContract, {
    load: (tx, { params }) => lockUser(tx, params.id),
    work: (tx, { context, current }) => deactivate(tx, context, current),
  }),

  handle(setRolesContract, {
    load: (tx, { params }) => lockUser(tx, params.id),
    work: (tx, { body, context, current }) => setRoles(tx, context, current, body.role_ids),
  }),
]
