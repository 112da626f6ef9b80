import { type DataOf, DateOnly, Hospital, Nullable, type Static, type tenantUpdated } from '@hospital/contracts'
import { sql, type TenantTx, table } from '@hospital/database'
import { Type } from '@sinclair/typebox'

type HospitalRow = Static<typeof Hospital>

/** What the one row of `hospital` keeps of it; closing days are a table of their own. */
const Settings = Type.Omit(Hospital, ['tenant_id', 'closing_days'])
const settings = sql.join(
  Object.keys(Settings.properties).map((column) => sql.identifier([column])),
  sql.fragment`, `,
)
const Row = Type.Omit(Hospital, ['tenant_id'])

const columns = sql.fragment`
  ${settings},
  (SELECT coalesce(jsonb_agg(jsonb_strip_nulls(to_jsonb(c)) ORDER BY c.date), '[]') FROM closing_days c) AS closing_days`

export async function getHospitalRow(tx: TenantTx): Promise<HospitalRow> {
  const row = await tx.one(sql.type(Row)`SELECT ${columns} FROM hospital`)
  return { ...row, tenant_id: tx.context.tenantId }
}

/** Locks the settings as well. */
export async function lockHospital(tx: TenantTx): Promise<HospitalRow> {
  const row = await tx.one(sql.type(Row)`SELECT ${columns} FROM hospital FOR UPDATE`)
  return { ...row, tenant_id: tx.context.tenantId }
}

/** Writes every setting, one version on; the row is locked. */
export async function updateHospital(tx: TenantTx, next: HospitalRow): Promise<HospitalRow> {
  const row = JSON.stringify({ ...next, version: next.version + 1 })
  await tx.query(sql.unsafe`
    UPDATE hospital SET (${settings}) = (SELECT ${settings} FROM jsonb_populate_record(NULL::hospital, ${row}::jsonb))`)
  return getHospitalRow(tx)
}

const ClosingDayRow = Type.Object({ date: DateOnly, name: Nullable(Type.String()) })
const closingDays = table('closing_days', ClosingDayRow, { made: [] })

export async function replaceClosingDays(tx: TenantTx, days: HospitalRow['closing_days']): Promise<void> {
  await tx.query(sql.unsafe`DELETE FROM closing_days`)
  await closingDays.insertMany(
    tx,
    days.map(({ date, name = null }) => ({ date, name })),
  )
}

/** What identity says of the hospital; its time zone counts here when it changes there, if it is one that exists. */
export async function storeTenant(tx: TenantTx, tenant: DataOf<typeof tenantUpdated>, isZone: boolean): Promise<void> {
  const zone = isZone ? tenant.timezone : null
  await tx.query(sql.unsafe`
    UPDATE hospital SET
      timezone = CASE WHEN tenant_timezone IS DISTINCT FROM ${zone} THEN coalesce(${zone}, timezone) ELSE timezone END,
      version = version + CASE WHEN tenant_timezone IS DISTINCT FROM coalesce(${zone}, tenant_timezone) THEN 1 ELSE 0 END,
      tenant_timezone = coalesce(${zone}, tenant_timezone), tenant_status = ${tenant.status}, tenant_version = ${tenant.version}
    WHERE tenant_version < ${tenant.version}`)
}
