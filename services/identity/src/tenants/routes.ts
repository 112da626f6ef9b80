import { isDeepStrictEqual } from 'node:util'
import {
  changeTenant as changeContract,
  createTenant as createContract,
  getTenant as getContract,
  illegalTransition,
  listTenants as listContract,
  problem,
  type RequestContext,
  tenantCreated,
  tenantSteps,
  tenantUpdated,
} from '@hospital/contracts'
import { announce, type GlobalTx, onConstraint } from '@hospital/database'
import { decodeCursor, handleGlobal, type Route, toPage } from '@hospital/service'
import { hashNewPassword } from '../auth/new-password-work.ts'
import type { IdentityDeps } from '../deps.ts'
import { randomToken } from '../keys.ts'
import { tellCreated } from '../users/fact-work.ts'
import { addRoles, insertUser, type NewUser } from '../users/queries.ts'
import { findAdminRoleId, findTenant, insertTenant, listTenants, lockTenantRow, updateTenant } from './queries.ts'
import { canChangeStatus, isReservedId, isTimeZone } from './rules.ts'

const refuse = (pointer: string, detail: string) =>
  problem('validation-failed', { detail, errors: [{ pointer, detail }] })

function assertTimeZone(timezone: string | undefined): void {
  if (timezone !== undefined && !isTimeZone(timezone))
    throw refuse('/timezone', 'is no IANA time zone, e.g. Europe/London')
}

/** As hospitals before us were named. */
const madeId = (now: Date) =>
  `tenant_${now.getTime()}_${randomToken()
    .replaceAll(/[^a-z]/g, '')
    .slice(0, 6)}`

/** What is told of a hospital is told in its own name. */
const inNameOf = (context: RequestContext, tenantId: string): RequestContext => ({ ...context, tenantId })

type FirstAdmin = Pick<NewUser, 'name' | 'email' | 'password' | 'now'>

async function insertFirstAdmin(tx: GlobalTx, context: RequestContext, admin: FirstAdmin): Promise<void> {
  const id = await insertUser(tx, { ...admin, tenant_id: context.tenantId, phone_number: null })
  await addRoles(tx, id, [await findAdminRoleId(tx)])
  await tellCreated(tx, id, context)
}

/** The hospitals of the installation, for its operators. */
export const tenantRoutes = (deps: IdentityDeps): Route[] => [
  handleGlobal(listContract, {
    work: async (tx, { query: { status, limit, cursor } }) => {
      const after = decodeCursor(cursor, ['text'])
      const rows = await listTenants(tx, { status, after: after?.[0] ?? null, limit })
      return toPage(rows, limit, (tenant) => [tenant.id])
    },
  }),

  handleGlobal(getContract, {
    work: async (tx, { params }) => {
      const tenant = await findTenant(tx, params.id)
      if (!tenant) throw problem('not-found')
      return tenant
    },
  }),

  handleGlobal(createContract, {
    prepare: async ({ body: { admin } }) =>
      admin.password === undefined
        ? null
        : hashNewPassword(deps.passwords, admin.password, {
            pointer: '/admin/password',
            hasMfa: false,
            own: [admin.email, admin.name],
          }),
    work: async (tx, { body, context, prepared, now }) => {
      const id = body.id ?? madeId(now)
      if (isReservedId(id)) throw problem('tenant-exists', { detail: 'This id is reserved.' })
      assertTimeZone(body.timezone)
      const taken = { tenants_pkey: () => problem('tenant-exists') }
      const tenant = await onConstraint(taken, () =>
        insertTenant(tx, { id, name: body.name, timezone: body.timezone ?? 'UTC' }),
      )
      const own = inNameOf(context, id)
      await announce(tx, tenantCreated, tenant, own)
      const { name, email } = body.admin
      await insertFirstAdmin(tx, own, { name, email, password: prepared?.hash ?? null, now })
      return tenant
    },
  }),

  handleGlobal(changeContract, {
    load: (tx, { params }) => lockTenantRow(tx, params.id),
    work: async (tx, { body, context, current }) => {
      assertTimeZone(body.timezone)
      const next = { ...current, ...body }
      // Saying again what is so takes no step.
      if (isDeepStrictEqual(next, current)) return current
      if (!canChangeStatus(current.status, next.status)) {
        const detail = `A hospital that is ${current.status} cannot become ${next.status}.`
        throw illegalTransition(tenantSteps, current.status, detail)
      }
      const tenant = await updateTenant(tx, current, next)
      return announce(tx, tenantUpdated, tenant, inNameOf(context, tenant.id))
    },
  }),
]
