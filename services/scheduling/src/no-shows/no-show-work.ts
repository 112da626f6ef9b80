import { systemContext } from '@hospital/contracts'
import { sql, type TenantTx } from '@hospital/database'
import { appendAudit } from '@hospital/service'
import { takeStep } from '../appointments/change-work.ts'
import { AppointmentRow, appointmentColumns, appointmentJoins } from '../appointments/queries.ts'

/**
 * Patients who had not checked in some time after the end of their appointment did not come, where the hospital has set
 * that time. Rows that somebody is working on are left for the next round. Answers how many.
 */
export async function markMissed(tx: TenantTx, now: Date): Promise<number> {
  const missed = await tx.any(sql.type(AppointmentRow)`
    SELECT ${appointmentColumns} FROM appointments a ${appointmentJoins} CROSS JOIN hospital h
    WHERE a.status IN ('scheduled', 'confirmed') AND a.appointment_date < ${now.toISOString()}::timestamptz
      AND upper(a.period) + make_interval(mins => h.no_show_after_minutes) < ${now.toISOString()}::timestamptz
    ORDER BY a.appointment_date LIMIT 200 FOR UPDATE OF a SKIP LOCKED`)
  const system = systemContext(tx.context.tenantId, tx.context.requestId)
  for (const appointment of missed) {
    await takeStep(tx, appointment, 'no-show', now)
    await appendAudit(tx, system, {
      action: 'markNoShow',
      outcome: 'success',
      patientIds: [appointment.patient_id],
      purpose: 'not checked in in time',
    })
  }
  return missed.length
}
