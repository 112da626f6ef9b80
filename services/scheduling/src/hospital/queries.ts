import { type DataOf, Hospital, type Static, type tenantUpdated } from '@hospital/contracts'
import { sql, type TenantTx } from '@hospital/database'
import { Type } from '@sinclair/typebox'

export type HospitalRow = Static<typeof Hospital>

const Row = Type.Omit(Hospital, ['tenant_id'])

const columns = sql.fragment`
  timezone, opening_hours, no_show_after_minutes, offer_minutes, version,
  (
    SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('date', date::text, 'name', name)) ORDER BY date), '[]')
    FROM closing_days
  ) AS closing_days`

export async function getHospitalRow(tx: TenantTx): Promise<HospitalRow> {
  const row = await tx.one(sql.type(Row)`SELECT ${columns} FROM hospital`)
  return { ...row, tenant_id: tx.context.tenantId }
}

/** Locks the settings as well. */
export async function lockHospital(tx: TenantTx): Promise<HospitalRow> {
  const row = await tx.one(sql.type(Row)`SELECT ${columns} FROM hospital FOR UPDATE`)
  return { ...row, tenant_id: tx.context.tenantId }
}

export async function updateHospital(tx: TenantTx, next: HospitalRow): Promise<HospitalRow> {
  await tx.query(sql.unsafe`
    UPDATE hospital SET timezone = ${next.timezone}, no_show_after_minutes = ${next.no_show_after_minutes},
      opening_hours = ${next.opening_hours === null ? null : JSON.stringify(next.opening_hours)}::jsonb,
      offer_minutes = ${next.offer_minutes}, version = version + 1`)
  return getHospitalRow(tx)
}

type ClosingDays = HospitalRow['closing_days']

export async function replaceClosingDays(tx: TenantTx, days: ClosingDays): Promise<void> {
  await tx.query(sql.unsafe`DELETE FROM closing_days`)
  await tx.query(sql.unsafe`
    INSERT INTO closing_days (date, name)
    SELECT * FROM ${sql.unnest(
      days.map(({ date, name }) => [date, name ?? null]),
      ['date', 'text'],
    )} AS d (date, name)`)
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
