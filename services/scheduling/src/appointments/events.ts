import type { appointmentBooked, DataOf, EventContract } from '@hospital/contracts'
import { appendEvent, type TenantTx } from '@hospital/database'
import type { AppointmentRow } from './queries.ts'

type Facts = DataOf<typeof appointmentBooked>

/** What others may know of an appointment: ids, times, status. */
export const factsOf = (appointment: AppointmentRow): Facts => ({
  id: appointment.id,
  patient_id: appointment.patient_id,
  doctor_id: appointment.doctor_id,
  appointment_date: appointment.appointment_date,
  duration_minutes: appointment.duration_minutes,
  status: appointment.status,
  series_id: appointment.series_id,
  version: appointment.version,
})

/** Tells what happened to an appointment, in the transaction in which it happens. */
export const tell = (tx: TenantTx, happened: typeof appointmentBooked | EventContract, appointment: AppointmentRow) =>
  appendEvent(tx, happened as typeof appointmentBooked, { id: appointment.id, data: factsOf(appointment) })
