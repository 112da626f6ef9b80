import {
  Doctor,
  type listDoctors,
  type QueryOf,
  type Static,
  TimeOff,
  type WeeklyRules,
  WorkingHours,
} from '@hospital/contracts'
import { sql, type TenantTx, table } from '@hospital/database'
import { Type } from '@sinclair/typebox'

export type Rules = Static<typeof WeeklyRules>

/** Copies of identity's users: written by `storeUser`, read here. */
const doctorColumns = table('doctors', Doctor, { made: [] }).columns()

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

const hoursOf = (id: number) => sql.fragment`
  SELECT d.id AS doctor_id, h.timezone, coalesce(w.rules, '[]') AS rules, coalesce(w.version, 0) AS version,
    CASE WHEN coalesce(w.rules, '[]') <> '[]' THEN 'doctor' WHEN h.opening_hours IS NOT NULL THEN 'hospital'
      ELSE 'around-the-clock' END AS source
  FROM doctors d CROSS JOIN hospital h LEFT JOIN working_hours w ON w.doctor_id = d.id
  WHERE d.id = ${id}`

export const findWorkingHours = (tx: TenantTx, doctorId: number) =>
  tx.maybeOne(sql.type(WorkingHours)`${hoursOf(doctorId)}`)

/** Locks the doctor, so that two changes of the hours follow each other. */
export const lockWorkingHours = (tx: TenantTx, doctorId: number) =>
  tx.maybeOne(sql.type(WorkingHours)`${hoursOf(doctorId)} FOR UPDATE OF d`)

export async function replaceWorkingHours(tx: TenantTx, doctorId: number, rules: Rules): Promise<void> {
  await tx.query(sql.unsafe`
    INSERT INTO working_hours AS w (doctor_id, rules, updated_by)
    VALUES (${doctorId}, ${JSON.stringify(rules)}::jsonb, ${tx.context.userId || null})
    ON CONFLICT (doctor_id) DO UPDATE
      SET rules = excluded.rules, updated_by = excluded.updated_by, updated_at = now(), version = w.version + 1`)
}

const StoredTimeOff = Type.Composite([
  Type.Omit(TimeOff, ['from', 'to']),
  Type.Object({ starts_at: Type.String(), ends_at: Type.String() }),
])
const timeOff = table('time_off', StoredTimeOff, { made: ['id', 'created_by', 'created_at', 'version'] })
type TimeOffRow = Static<typeof StoredTimeOff> & Static<typeof TimeOff>

const toTimeOff = (row: Static<typeof StoredTimeOff>): TimeOffRow => ({ ...row, from: row.starts_at, to: row.ends_at })

export const listTimeOffRows = async (
  tx: TenantTx,
  doctorId: number,
  { from, to, limit }: { from?: string; to?: string; limit: number },
  after: readonly [string, number] | null,
): Promise<TimeOffRow[]> => {
  const rows = await tx.any(sql.type(StoredTimeOff)`
    SELECT ${timeOff.columns()} FROM time_off
    WHERE doctor_id = ${doctorId}
      AND ends_at > coalesce(${from ?? null}::timestamptz, '-infinity')
      AND starts_at < coalesce(${to ?? null}::timestamptz, 'infinity')
      AND (${after?.[0] ?? null}::timestamptz IS NULL
        OR (starts_at, id) > (${after?.[0] ?? null}::timestamptz, ${after?.[1] ?? null}::int))
    ORDER BY starts_at, id LIMIT ${limit + 1}`)
  return rows.map(toTimeOff)
}

type NewTimeOff = Pick<TimeOffRow, 'doctor_id' | 'starts_at' | 'ends_at' | 'reason'>

export const insertTimeOff = async (tx: TenantTx, made: NewTimeOff): Promise<TimeOffRow> =>
  toTimeOff(await timeOff.insert(tx, { ...made, created_by: tx.context.userId || null }))

export const findTimeOff = async (tx: TenantTx, id: number): Promise<TimeOffRow | null> => {
  const row = await tx.maybeOne(sql.type(StoredTimeOff)`SELECT ${timeOff.columns()} FROM time_off WHERE id = ${id}`)
  return row && toTimeOff(row)
}

export const lockTimeOff = async (tx: TenantTx, id: number): Promise<TimeOffRow | null> => {
  const row = await tx.maybeOne(
    sql.type(StoredTimeOff)`SELECT ${timeOff.columns()} FROM time_off WHERE id = ${id} FOR UPDATE`,
  )
  return row && toTimeOff(row)
}

export const deleteTimeOff = (tx: TenantTx, id: number) => tx.query(sql.unsafe`DELETE FROM time_off WHERE id = ${id}`)
