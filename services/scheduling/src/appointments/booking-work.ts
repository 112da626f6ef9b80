import { appointmentBooked } from '@hospital/contracts'
import { announce, type TenantTx } from '@hospital/database'
import { rememberAskedId } from '../patient-copies/merge-work.ts'
import { withdrawOffers } from '../waitlist/offer-work.ts'
import { type AppointmentRow, insertAppointment, type NewAppointment, periodOf } from './queries.ts'

/** A booking whose time is claimed: `patient_id` is who stands for the `askedFor` of the request now. */
export type Booking = Omit<NewAppointment, 'merged_from'> & { askedFor: number }

/** Writes a booking, takes back offers of its time (not of the entry that accepts it), and tells. */
export async function book(
  tx: TenantTx,
  { askedFor, ...made }: Booking,
  acceptedBy: number | null = null,
): Promise<AppointmentRow> {
  const wasMerged = askedFor !== made.patient_id
  const appointment = await insertAppointment(tx, { ...made, merged_from: wasMerged ? askedFor : null })
  if (wasMerged) await rememberAskedId(tx, 'appointments', appointment.id, askedFor)
  await withdrawOffers(tx, appointment.doctor_id, periodOf(appointment), acceptedBy)
  return announce(tx, appointmentBooked, appointment)
}
