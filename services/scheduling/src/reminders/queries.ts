import { sql, type TenantTx } from '@hospital/database'
import { Type } from '@sinclair/typebox'

const Due = Type.Object({ appointment_id: Type.Integer(), hours_before: Type.Integer() })

/**
 * Claims the reminders that are due: 24 hours before, unless the last two hours have begun, and 2 hours before. Once for
 * each time that an appointment is set to, whoever asks at the same moment; never for a time that was chosen later than
 * the reminder was due.
 */
export const claimReminders = (tx: TenantTx, now: Date) =>
  tx.any(sql.type(Due)`
    INSERT INTO appointment_reminders (appointment_id, hours_before, appointment_date)
    SELECT a.id, due.hours, a.appointment_date
    FROM (VALUES (24, 2), (2, 0)) AS due (hours, until)
    JOIN appointments a ON a.status IN ('scheduled', 'confirmed')
      AND a.appointment_date <= ${now.toISOString()}::timestamptz + make_interval(hours => due.hours)
      AND a.appointment_date > ${now.toISOString()}::timestamptz + make_interval(hours => due.until)
      AND a.scheduled_at <= a.appointment_date - make_interval(hours => due.hours)
    WHERE NOT EXISTS (
      SELECT FROM appointment_reminders r
      WHERE r.appointment_id = a.id AND r.hours_before = due.hours AND r.appointment_date = a.appointment_date
    )
    ORDER BY a.appointment_date LIMIT 200
    ON CONFLICT DO NOTHING
    RETURNING appointment_id, hours_before`)
