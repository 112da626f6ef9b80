import { clinicalProvisioned, schedulingProvisioned, tenantCreated } from '@hospital/contracts'
import { appendEvent, provisionTenant, rolePrefix, sql, translateError } from '@hospital/database'
import { Type } from '@sinclair/typebox'
import { type Consuming, consumeOnce } from './consume.ts'
import type { Deps } from './deps.ts'

export type TenantService = 'clinical' | 'scheduling'
const provisioned = { clinical: clinicalProvisioned, scheduling: schedulingProvisioned } as const

/** A new hospital: makes its schema by the path that migrations take, then tells identity. Doing it twice changes nothing. */
export const consumeTenants = (service: TenantService, ownerUrl: string, deps: Deps): Consuming =>
  consumeOnce(deps, {
    durable: `${service}-tenants`,
    stream: 'IDENTITY',
    events: [tenantCreated],
    prepare: async (event) => {
      const prefix = rolePrefix(deps.database.options.url)
      await provisionTenant(ownerUrl, service, event.tenantid, { prefix }).catch((error: unknown) => {
        throw translateError(error)
      })
    },
    write: (tx, { tenantid }) => appendEvent(tx, provisioned[service], { id: tenantid, data: { id: tenantid } }),
  })

const TenantRow = Type.Object({ id: Type.String() })

/** The hospitals that have a schema in this service. */
export const provisionedTenants = (
  { database }: Pick<Deps, 'database'>,
  service: TenantService,
): Promise<readonly string[]> =>
  database.inGlobal((tx) =>
    tx.anyFirst(sql.type(TenantRow)`SELECT id FROM ${sql.identifier([service, 'tenants'])} ORDER BY id`),
  )
