import { reminderDue } from '@hospital/contracts'
import { announce, type TenantTx } from '@hospital/database'
import { findAppointment } from '../appointments/queries.ts'
import { claimReminders } from './queries.ts'

/** Tells which reminders are due, as events: whoever sends messages to patients listens. Answers how many. */
export async function remind(tx: TenantTx, now: Date): Promise<number> {
  const due = await claimReminders(tx, now)
  for (const { appointment_id, hours_before } of due) {
    const appointment = await findAppointment(tx, appointment_id)
    if (appointment) await announce(tx, reminderDue, { ...appointment, hours_before })
  }
  return due.length
}
