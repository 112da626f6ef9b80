import { bookSeries, cancelAppointments, changeAppointment } from '@hospital/contracts'
import { handle, type Route } from '@hospital/service'
import { changeOne } from '../appointments/change-work.ts'
import { bookAll } from './booking-work.ts'
import { cancelTogether, changeTogether, lockScope } from './change-work.ts'

/** Series, and the changes that can reach a whole series. */
export const seriesRoutes = (): Route[] => [
  handle(bookSeries, {
    work: (tx, { body, now, audit }) => {
      audit.patientIds.push(body.patient_id)
      return bookAll(tx, body, now)
    },
  }),

  handle(changeAppointment, {
    load: (tx, { params, query, body, now }) => lockScope(tx, params.id, query.scope ?? 'this', now, body.doctor_id),
    work: (tx, { current, body, context, now }) =>
      current.others.length === 0 ? changeOne(tx, current, body, context, now) : changeTogether(tx, current, body, now),
  }),

  handle(cancelAppointments, {
    load: (tx, { params, query, now }) => lockScope(tx, params.id, query.scope ?? 'this', now),
    work: (tx, { current, query, now }) => cancelTogether(tx, current, query.reason ?? null, now),
  }),
]
