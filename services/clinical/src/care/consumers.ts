import {
  appointmentBooked,
  appointmentCancelled,
  appointmentRescheduled,
  appointmentUpdated,
  eventType,
} from '@hospital/contracts'
import { type Consuming, consumeOnce, type Deps } from '@hospital/service'
import { storeCareAppointment } from './queries.ts'

/** An appointment is a care relation: keeps who meets whom, from scheduling's events. */
export const consumeCareAppointments = (deps: Deps): Consuming =>
  consumeOnce(deps, {
    durable: 'clinical-care-appointments',
    stream: 'SCHEDULING',
    events: [appointmentBooked, appointmentRescheduled, appointmentUpdated, appointmentCancelled],
    write: (tx, event) => {
      const assigns = event.type === eventType(appointmentBooked) || event.type === eventType(appointmentRescheduled)
      return storeCareAppointment(tx, event.data, assigns ? Number(event.actorid) : null)
    },
  })
