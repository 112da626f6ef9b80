import { Instant, SecuritySettings, Tenant } from '@hospital/contracts'
import { type GlobalTx, sql, type TenantTx, table } from '@hospital/database'
import { type Static, Type } from '@sinclair/typebox'

export type TenantRow = Static<typeof Tenant>

const tenants = table('tenants', Type.Composite([Tenant, Type.Object({ updated_at: Instant })]), {
  made: ['created_at', 'updated_at', 'version'],
})
const asStored = table('tenants', Type.Omit(Tenant, ['name', 'status']), { made: [] }).columns()

/** Adopted rows may lack a name or a status, or write it in capitals. */
export const tenantNameOf = (alias: string) =>
  sql.fragment`coalesce(${sql.identifier([alias, 'name'])}, ${sql.identifier([alias, 'id'])})`
export const tenantStatusOf = (alias: string) =>
  sql.fragment`lower(coalesce(${sql.identifier([alias, 'status'])}, 'active'))`

// The platform of the operators is no hospital.
const columns = sql.fragment`${asStored}, ${tenantNameOf('tenants')} AS name, ${tenantStatusOf('tenants')} AS status`
const isHospital = sql.fragment`id <> 'platform'`

interface TenantFilters {
  status: string | undefined
  after: string | null
  limit: number
}

export const listTenants = (tx: GlobalTx, { status, after, limit }: TenantFilters) =>
  tx.any(sql.type(Tenant)`
    SELECT ${columns} FROM tenants
    WHERE ${isHospital}
      AND ${status === undefined ? sql.fragment`TRUE` : sql.fragment`${tenantStatusOf('tenants')} = ${status}`}
      AND ${after === null ? sql.fragment`TRUE` : sql.fragment`id > ${after}`}
    ORDER BY id LIMIT ${limit + 1}`)

export const findTenant = (tx: GlobalTx, id: string) =>
  tx.maybeOne(sql.type(Tenant)`SELECT ${columns} FROM tenants WHERE ${isHospital} AND id = ${id}`)

export const lockTenantRow = (tx: GlobalTx, id: string) =>
  tx.maybeOne(sql.type(Tenant)`
    SELECT ${columns} FROM tenants WHERE ${isHospital} AND id = ${id} FOR NO KEY UPDATE`)

export const insertTenant = (tx: GlobalTx, tenant: { id: string; name: string; timezone: string }) =>
  tenants.insert(tx, { ...tenant, status: 'provisioning' })

/** Of a row that is held by `lockTenantRow`. */
export const updateTenant = (
  tx: GlobalTx,
  current: TenantRow,
  { name, timezone, status }: { name: string; timezone: string; status: string },
) => tenants.update(tx, current, { name, timezone, status })

const IdRow = Type.Object({ id: Type.Integer() })

export const findAdminRoleId = (tx: GlobalTx) =>
  tx.oneFirst(sql.type(IdRow)`SELECT id FROM roles WHERE tenant_id IS NULL AND name = 'Admin'`)

/** Notes that a service has its schema. Waits for whoever notes another one. */
export const markProvisioned = (tx: GlobalTx, id: string, service: string) =>
  tx.query(sql.unsafe`
    UPDATE tenants SET settings = jsonb_set(settings, '{provisioned}',
      coalesce(settings -> 'provisioned', '{}') || jsonb_build_object(${service}::text, true))
    WHERE id = ${id}`)

/** The hospital, now active, if this was the last schema it waited for. */
export const activateIfProvisioned = (tx: GlobalTx, id: string) =>
  tx.maybeOne(sql.type(Tenant)`
    UPDATE tenants SET status = 'active', version = version + 1, updated_at = now()
    WHERE id = ${id} AND status = 'provisioning'
      AND settings -> 'provisioned' @> '{"clinical": true, "scheduling": true}'
    RETURNING ${columns}`)

/** When a service was last asked for a schema that is late. */
const askedAt = sql.fragment`coalesce((settings ->> 'asked_at')::timestamptz, created_at)`

// After 1, 2, 4 … minutes, then every hour: whoever is asked goes on trying, too.
const isLate = sql.fragment`
  ${isHospital} AND status = 'provisioning'
  AND now() - ${askedAt} > least(greatest(${askedAt} - created_at, interval '1 minute'), interval '1 hour')`

const TenantId = Type.Object({ id: Type.String() })

/** Hospitals whose schemas are late: the event, or its answer, was lost. */
export const listLateTenants = (tx: GlobalTx) =>
  tx.anyFirst(sql.type(TenantId)`SELECT id FROM tenants WHERE ${isLate} ORDER BY ${askedAt} LIMIT 100`)

/** The same for one, which nobody else changes until the commit. */
export const findLateTenant = (tx: GlobalTx, id: string) =>
  tx.maybeOne(sql.type(Tenant)`SELECT ${columns} FROM tenants WHERE id = ${id} AND ${isLate} FOR NO KEY UPDATE`)

export const noteAsked = (tx: GlobalTx, id: string) =>
  tx.query(sql.unsafe`
    UPDATE tenants SET settings = jsonb_set(settings, '{asked_at}', to_jsonb(now())) WHERE id = ${id}`)

const settings = sql.fragment`coalesce(settings -> 'mfa_required_role_ids', '[]') AS mfa_required_role_ids, version`

export const getSecuritySettings = (tx: TenantTx) =>
  tx.one(sql.type(SecuritySettings)`SELECT ${settings} FROM tenants WHERE id = ${tx.context.tenantId}`)

export const lockSecuritySettings = (tx: TenantTx) =>
  tx.one(
    sql.type(SecuritySettings)`SELECT ${settings} FROM tenants WHERE id = ${tx.context.tenantId} FOR NO KEY UPDATE`,
  )

export const updateSecuritySettings = (tx: TenantTx, roleIds: readonly number[]) =>
  tx.one(sql.type(SecuritySettings)`
    UPDATE tenants
    SET settings = settings || jsonb_build_object('mfa_required_role_ids', ${JSON.stringify(roleIds)}::jsonb),
      version = version + 1, updated_at = now()
    WHERE id = ${tx.context.tenantId} RETURNING ${settings}`)
