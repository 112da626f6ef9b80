import { Type } from '@sinclair/typebox'
import { event } from '../kernel/event.ts'
import { route } from '../kernel/route.ts'
import { Closed, Email, Instant, Line, ListQuery, MergePatch, Nullable, OneOf, Page } from '../kernel/schema.ts'
import { steps } from '../kernel/steps.ts'
import { NewPassword, userCreated } from './users.ts'

/** Also the name of the hospital's schema in clinical and scheduling. */
export const TenantId = Type.String({ pattern: '^[a-z][a-z0-9_]{2,62}$' })
/** IANA time zone, e.g. `Europe/London`; that it exists is checked where it is set. */
export const TimeZone = Line(64)
export const TenantStatus = OneOf(['provisioning', 'active', 'suspended'])

export const Tenant = Type.Object({
  id: Type.String(),
  name: Type.String(),
  status: Type.String(),
  timezone: Type.String(),
  created_at: Nullable(Instant),
  version: Type.Integer(),
})

const facts = Type.Object({
  id: TenantId,
  name: Type.String(),
  status: Type.String(),
  timezone: Type.String(),
  version: Type.Integer(),
})

/** Clinical and scheduling answer with `provisioned` when their schema stands. */
export const tenantCreated = event({ service: 'identity', entity: 'tenant', verb: 'created', version: 1, data: facts })
export const tenantUpdated = event({ service: 'identity', entity: 'tenant', verb: 'updated', version: 1, data: facts })

/** What operators do; `provisioning` ends by itself when every service has its schema. */
export const tenantSteps = steps(TenantStatus, {
  suspend: { from: ['active'], to: 'suspended', event: tenantUpdated },
  reactivate: { from: ['suspended'], to: 'active', event: tenantUpdated },
})

const provisioned = Type.Object({ id: TenantId })
export const clinicalProvisioned = event({
  service: 'clinical',
  entity: 'tenant',
  verb: 'provisioned',
  version: 1,
  data: provisioned,
})
export const schedulingProvisioned = event({
  service: 'scheduling',
  entity: 'tenant',
  verb: 'provisioned',
  version: 1,
  data: provisioned,
})

export const TenantParams = Closed({ id: Type.String({ minLength: 1, maxLength: 255 }) })

export const listTenants = route({
  service: 'identity',
  operationId: 'listTenants',
  method: 'GET',
  path: '/api/tenants',
  summary: 'The hospitals of this installation (operators)',
  access: 'tenants.manage',
  query: ListQuery({ status: Type.Optional(TenantStatus) }),
  status: 200,
  answer: Page(Tenant),
})

export const createTenant = route({
  service: 'identity',
  operationId: 'createTenant',
  method: 'POST',
  path: '/api/tenants',
  summary: 'Create a hospital with its first Admin; it becomes `active` when every service has its schema (operators)',
  access: 'tenants.manage',
  body: Closed({
    id: Type.Optional(TenantId),
    name: Line(255),
    timezone: Type.Optional(TimeZone),
    admin: Closed({ name: Line(255), email: Email, password: Type.Optional(NewPassword) }),
  }),
  status: 201,
  answer: Tenant,
  problems: ['validation-failed', 'tenant-exists', 'weak-password'],
  events: [tenantCreated, userCreated],
})

export const getTenant = route({
  service: 'identity',
  operationId: 'getTenant',
  method: 'GET',
  path: '/api/tenants/:id',
  summary: 'One hospital (operators)',
  access: 'tenants.manage',
  params: TenantParams,
  status: 200,
  answer: Tenant,
})

export const changeTenant = route({
  service: 'identity',
  operationId: 'changeTenant',
  method: 'PATCH',
  path: '/api/tenants/:id',
  summary: 'Rename, suspend or reactivate a hospital; suspension stops its tokens within 5 s (operators)',
  access: 'tenants.manage',
  params: TenantParams,
  body: MergePatch(Closed({ name: Line(255), timezone: TimeZone, status: OneOf(['active', 'suspended']) })),
  status: 200,
  answer: Tenant,
  problems: ['validation-failed', 'illegal-transition'],
  events: [tenantUpdated],
})
