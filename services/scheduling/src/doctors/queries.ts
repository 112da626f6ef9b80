import { Doctor, type listDoctors, type QueryOf, type Static, TimeOff, WeeklyRules } from '@hospital/contracts'
import { sql, type TenantTx } from '@hospital/database'
import { Type } from '@sinclair/typebox'

export type DoctorRow = Static<typeof Doctor>
export type TimeOffRow = Static<typeof TimeOff>
export type Rules = Static<typeof WeeklyRules>

const doctorColumns = sql.fragment`id, name, email, status, version`

export const findDoctor = (tx: TenantTx, id: number) =>
  tx.maybeOne(sql.type(Doctor)`SELECT ${doctorColumns} FROM doctors WHERE id = ${id}`)

/** Locks the doctor, so that two changes of what is the doctor's follow each other; bookings go on. */
export const lockDoctor = (tx: TenantTx, id: number) =>
  tx.maybeOne(sql.type(Doctor)`SELECT ${doctorColumns} FROM doctors WHERE id = ${id} FOR NO KEY UPDATE`)

/** Doctors by name, one row more than `limit`; `q` is any part of name or e-mail. */
export function listDoctorRows(
  tx: TenantTx,
  { q, status, limit }: QueryOf<typeof listDoctors>,
  after: readonly [string, number] | null,
) {
  const found = q === undefined ? null : q.trim().toLowerCase()
  return tx.any(sql.type(Doctor)`
    SELECT ${doctorColumns} FROM doctors
    WHERE (${found}::text IS NULL OR strpos(lower(name), ${found}) > 0 OR strpos(lower(email), ${found}) > 0)
      AND (${status ?? null}::text IS NULL OR status = ${status ?? null})
      AND (${after?.[0] ?? null}::text IS NULL OR (name, id) > (${after?.[0] ?? null}, ${after?.[1] ?? null}::int))
    ORDER BY name, id LIMIT ${limit + 1}`)
}

const HoursRow = Type.Object({
  doctor_id: Type.Integer(),
  timezone: Type.String(),
  rules: WeeklyRules,
  source: Type.Union([Type.Literal('doctor'), Type.Literal('hospital'), Type.Literal('around-the-clock')]),
  version: Type.Integer(),
})

const hoursOf = (id: number) => sql.fragment`
  SELECT d.id AS doctor_id, h.timezone, coalesce(w.rules, '[]') AS rules, coalesce(w.version, 0) AS version,
    CASE WHEN coalesce(w.rules, '[]') <> '[]' THEN 'doctor' WHEN h.opening_hours IS NOT NULL THEN 'hospital'
      ELSE 'around-the-clock' END AS source
  FROM doctors d CROSS JOIN hospital h LEFT JOIN working_hours w ON w.doctor_id = d.id
  WHERE d.id = ${id}`

export const findWorkingHours = (tx: TenantTx, doctorId: number) =>
  tx.maybeOne(sql.type(HoursRow)`${hoursOf(doctorId)}`)

/** Locks the doctor, so that two changes of the hours follow each other. */
export const lockWorkingHours = (tx: TenantTx, doctorId: number) =>
  tx.maybeOne(sql.type(HoursRow)`${hoursOf(doctorId)} FOR UPDATE OF d`)

export async function replaceWorkingHours(tx: TenantTx, doctorId: number, rules: Rules): Promise<void> {
  await tx.query(sql.unsafe`
    INSERT INTO working_hours AS w (doctor_id, rules, updated_by)
    VALUES (${doctorId}, ${JSON.stringify(rules)}::jsonb, ${tx.context.userId || null})
    ON CONFLICT (doctor_id) DO UPDATE
      SET rules = excluded.rules, updated_by = excluded.updated_by, updated_at = now(), version = w.version + 1`)
}

const timeOffColumns = sql.fragment`
  id, doctor_id, starts_at AS "from", ends_at AS "to", reason, created_by, created_at, version`

export const listTimeOffRows = (
  tx: TenantTx,
  doctorId: number,
  { from, to, limit }: { from?: string; to?: string; limit: number },
  after: readonly [string, number] | null,
) =>
  tx.any(sql.type(TimeOff)`
    SELECT ${timeOffColumns} FROM time_off
    WHERE doctor_id = ${doctorId}
      AND ends_at > coalesce(${from ?? null}::timestamptz, '-infinity')
      AND starts_at < coalesce(${to ?? null}::timestamptz, 'infinity')
      AND (${after?.[0] ?? null}::timestamptz IS NULL
        OR (starts_at, id) > (${after?.[0] ?? null}::timestamptz, ${after?.[1] ?? null}::int))
    ORDER BY starts_at, id LIMIT ${limit + 1}`)

export const insertTimeOff = (tx: TenantTx, doctorId: number, from: string, to: string, reason: string | null) =>
  tx.one(sql.type(TimeOff)`
    INSERT INTO time_off (doctor_id, starts_at, ends_at, reason, created_by)
    VALUES (${doctorId}, ${from}::timestamptz, ${to}::timestamptz, ${reason}, ${tx.context.userId || null})
    RETURNING ${timeOffColumns}`)

export const findTimeOff = (tx: TenantTx, id: number) =>
  tx.maybeOne(sql.type(TimeOff)`SELECT ${timeOffColumns} FROM time_off WHERE id = ${id}`)

export const lockTimeOff = (tx: TenantTx, id: number) =>
  tx.maybeOne(sql.type(TimeOff)`SELECT ${timeOffColumns} FROM time_off WHERE id = ${id} FOR UPDATE`)

export const deleteTimeOff = (tx: TenantTx, id: number) => tx.query(sql.unsafe`DELETE FROM time_off WHERE id = ${id}`)
