import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator'
import type { FeedAppointment } from './queries.ts'

const statusOf = ({ status }: FeedAppointment): ICalEventStatus => {
  if (status === 'cancelled' || status === 'no_show') return ICalEventStatus.CANCELLED
  return status === 'scheduled' ? ICalEventStatus.TENTATIVE : ICalEventStatus.CONFIRMED
}

/** What a calendar on somebody's telephone shows: the kind of visit, and the name only if the doctor asked for it. */
const summaryOf = (appointment: FeedAppointment, withNames: boolean): string => {
  const kind = appointment.appointment_type ?? 'Appointment'
  return withNames ? `${kind}: ${appointment.patient_name}` : kind
}

/** Appointments as iCalendar (RFC 5545), in UTC, which every calendar shows in the time zone of its owner. */
export function renderFeed(
  feed: { tenantId: string; doctorName: string; withNames: boolean; now: Date },
  appointments: readonly FeedAppointment[],
): string {
  const calendar = ical({
    name: `Appointments of ${feed.doctorName}`,
    prodId: { company: 'hospital', product: 'scheduling', language: 'EN' },
    method: ICalCalendarMethod.PUBLISH,
    ttl: 15 * 60,
  })
  for (const appointment of appointments) {
    calendar.createEvent({
      id: `appointment-${appointment.id}@${feed.tenantId}.hospital`,
      start: new Date(appointment.start),
      end: new Date(appointment.end),
      stamp: new Date(appointment.updated_at),
      created: new Date(appointment.created_at),
      lastModified: new Date(appointment.updated_at),
      sequence: appointment.version - 1,
      status: statusOf(appointment),
      summary: summaryOf(appointment, feed.withNames),
    })
  }
  return `${calendar.toString()}\r\n`
}
