import { Nullable } from '@hospital/contracts'
import { type GlobalTx, sql, type TenantTx } from '@hospital/database'
import { type Static, Type } from '@sinclair/typebox'

export const TenantRow = Type.Object({
  id: Type.String(),
  name: Type.String(),
  status: Type.String(),
  timezone: Type.String(),
  created_at: Nullable(Type.String()),
  version: Type.Integer(),
})
export type TenantRow = Static<typeof TenantRow>

// The platform of the operators is no hospital.
const columns = sql.fragment`
  id, coalesce(name, id) AS name, lower(coalesce(status, 'active')) AS status, timezone, created_at, version`
const isHospital = sql.fragment`id <> 'platform'`

export interface TenantFilters {
  status: string | undefined
  after: string | null
  limit: number
}

export const listTenants = (tx: GlobalTx, { status, after, limit }: TenantFilters) =>
  tx.any(sql.type(TenantRow)`
    SELECT ${columns} FROM tenants
    WHERE ${isHospital}
      AND ${status === undefined ? sql.fragment`TRUE` : sql.fragment`lower(coalesce(status, 'active')) = ${status}`}
      AND ${after === null ? sql.fragment`TRUE` : sql.fragment`id > ${after}`}
    ORDER BY id LIMIT ${limit + 1}`)

export const findTenant = (tx: GlobalTx, id: string) =>
  tx.maybeOne(sql.type(TenantRow)`SELECT ${columns} FROM tenants WHERE ${isHospital} AND id = ${id}`)

export const lockTenantRow = (tx: GlobalTx, id: string) =>
  tx.maybeOne(sql.type(TenantRow)`
    SELECT ${columns} FROM tenants WHERE ${isHospital} AND id = ${id} FOR NO KEY UPDATE`)

export const insertTenant = (tx: GlobalTx, tenant: { id: string; name: string; timezone: string }) =>
  tx.one(sql.type(TenantRow)`
    INSERT INTO tenants (id, name, timezone, status) VALUES (${tenant.id}, ${tenant.name}, ${tenant.timezone}, 'provisioning')
    RETURNING ${columns}`)

export const updateTenant = (tx: GlobalTx, id: string, tenant: { name: string; timezone: string; status: string }) =>
  tx.one(sql.type(TenantRow)`
    UPDATE tenants SET name = ${tenant.name}, timezone = ${tenant.timezone}, status = ${tenant.status},
      version = version + 1, updated_at = now()
    WHERE id = ${id} RETURNING ${columns}`)

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
  tx.maybeOne(sql.type(TenantRow)`
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
  tx.maybeOne(sql.type(TenantRow)`SELECT ${columns} FROM tenants WHERE id = ${id} AND ${isLate} FOR NO KEY UPDATE`)

export const noteAsked = (tx: GlobalTx, id: string) =>
  tx.query(sql.unsafe`
    UPDATE tenants SET settings = jsonb_set(settings, '{asked_at}', to_jsonb(now())) WHERE id = ${id}`)

const Settings = Type.Object({ mfa_required_role_ids: Type.Array(Type.Integer()), version: Type.Integer() })

const settings = sql.fragment`coalesce(settings -> 'mfa_required_role_ids', '[]') AS mfa_required_role_ids, version`

export const getSecuritySettings = (tx: TenantTx) =>
  tx.one(sql.type(Settings)`SELECT ${settings} FROM tenants WHERE id = ${tx.context.tenantId}`)

export const lockSecuritySettings = (tx: TenantTx) =>
  tx.one(sql.type(Settings)`SELECT ${settings} FROM tenants WHERE id = ${tx.context.tenantId} FOR NO KEY UPDATE`)

export const updateSecuritySettings = (tx: TenantTx, roleIds: readonly number[]) =>
  tx.one(sql.type(Settings)`
    UPDATE tenants
    SET settings = settings || jsonb_build_object('mfa_required_role_ids', ${JSON.stringify(roleIds)}::jsonb),
      version = version + 1, updated_at = now()
    WHERE id = ${tx.context.tenantId} RETURNING ${settings}`)
