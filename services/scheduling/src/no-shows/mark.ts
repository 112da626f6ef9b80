import { appointmentMissed, systemContext } from '@hospital/contracts'
import { sql, type TenantTx } from '@hospital/database'
import { appendAudit } from '@hospital/service'
import { Type } from '@sinclair/typebox'
import { tell } from '../appointments/events.ts'
import { findAppointment } from '../appointments/queries.ts'

const Missed = Type.Object({ id: Type.Integer() })

/**
 * Patients who had not checked in some time after the end of their appointment did not come, where the hospital has set
 * that time. Rows that somebody is working on are left for the next round. Answers how many.
 */
export async function markMissed(tx: TenantTx, now: Date): Promise<number> {
  const missed = await tx.any(sql.type(Missed)`
    UPDATE appointments SET status = 'no_show', updated_at = now(), version = version + 1
    WHERE id IN (
      SELECT a.id FROM appointments a CROSS JOIN hospital h
      WHERE a.status IN ('scheduled', 'confirmed') AND a.appointment_date < ${now.toISOString()}::timestamptz
        AND upper(a.period) + make_interval(mins => h.no_show_after_minutes) < ${now.toISOString()}::timestamptz
      ORDER BY a.appointment_date LIMIT 200 FOR UPDATE OF a SKIP LOCKED
    ) RETURNING id`)
  const system = systemContext(tx.context.tenantId, tx.context.requestId)
  for (const { id } of missed) {
    const appointment = await findAppointment(tx, id)
    if (appointment === null) continue
    await tell(tx, appointmentMissed, appointment)
    await appendAudit(tx, system, {
      action: 'markNoShow',
      outcome: 'success',
      patientIds: [appointment.patient_id],
      purpose: 'not checked in in time',
    })
  }
  return missed.length
}
