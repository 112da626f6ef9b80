import type { Repeat, Scope, Static } from '@hospital/contracts'
import { sql, type TenantTx } from '@hospital/database'
import { Type } from '@sinclair/typebox'
import { AppointmentRow, appointmentColumns, appointmentJoins } from '../appointments/queries.ts'

const IdRow = Type.Object({ id: Type.Integer() })

export const insertSeries = (tx: TenantTx, repeat: Static<typeof Repeat>, start: string): Promise<number> =>
  tx.oneFirst(sql.type(IdRow)`
    INSERT INTO appointment_series (frequency, every, count, starts_at, created_by)
    VALUES (${repeat.frequency}, ${repeat.interval ?? 1}, ${repeat.count}, ${start}::timestamptz, ${tx.context.userId || null})
    RETURNING id`)

/** The other appointments of a series that a change reaches: not begun, and later than this one or still to come. */
export function listOthers(
  tx: TenantTx,
  current: AppointmentRow,
  scope: Static<typeof Scope>,
  now: Date,
  lock: boolean,
): Promise<readonly AppointmentRow[]> {
  const from = scope === 'following' ? current.appointment_date : now.toISOString()
  return tx.any(sql.type(AppointmentRow)`
    SELECT ${appointmentColumns} FROM appointments a ${appointmentJoins}
    WHERE a.series_id = ${current.series_id} AND a.id <> ${current.id} AND a.status IN ('scheduled', 'confirmed')
      AND a.appointment_date > ${from}::timestamptz
    ORDER BY a.appointment_date, a.id ${lock ? sql.fragment`FOR UPDATE OF a` : sql.fragment``}`)
}
