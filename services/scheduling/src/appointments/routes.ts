import {
  bookAppointment,
  cancelAppointment,
  checkInAppointment,
  completeAppointment,
  confirmAppointment,
  getAppointment,
  listAppointments,
  markNoShow,
  startAppointment,
} from '@hospital/contracts'
import { decodeCursor, handle, type Route, toPage } from '@hospital/service'
import { book } from './booking-work.ts'
import { lockForChange, takeStep } from './change-work.ts'
import { claimTime } from './claim-work.ts'
import { findAppointment, listAppointmentRows } from './queries.ts'

/** The steps that need nothing but themselves. */
const plainSteps = [confirmAppointment, checkInAppointment, startAppointment, completeAppointment, markNoShow] as const

export const appointmentRoutes = (): Route[] => [
  handle(listAppointments, async (tx, { query }) => {
    const rows = await listAppointmentRows(tx, query, decodeCursor(query.cursor, ['instant', 'number']))
    return toPage(rows, query.limit, (row) => [row.appointment_date, row.id])
  }),

  handle(getAppointment, {
    load: (tx, { params }) => findAppointment(tx, params.id),
    work: async (_tx, { current }) => current,
  }),

  handle(bookAppointment, {
    work: async (tx, { body, context, now, audit }) => {
      audit.patientIds.push(body.patient_id)
      const asked = {
        doctorId: body.doctor_id,
        patientId: body.patient_id,
        start: Date.parse(body.appointment_date),
        durationMinutes: body.duration_minutes ?? 30,
        overbookReason: body.overbook_reason ?? null,
        except: [],
      }
      const wish = await claimTime(tx, asked, context, now)
      return book(tx, {
        askedFor: body.patient_id,
        patient_id: wish.patientId,
        doctor_id: wish.doctorId,
        appointment_date: new Date(wish.start).toISOString(),
        duration_minutes: wish.durationMinutes,
        appointment_type: body.appointment_type ?? null,
        notes: body.notes ?? null,
        overbook_reason: wish.overbookReason,
        series_id: null,
        scheduled_at: now.toISOString(),
      })
    },
  }),

  ...plainSteps.map((contract) =>
    handle(contract, {
      load: (tx, { params }) => lockForChange(tx, params.id),
      work: (tx, { current, now }) => takeStep(tx, current, contract.step.name, now),
    }),
  ),
  handle(cancelAppointment, {
    load: (tx, { params }) => lockForChange(tx, params.id),
    work: (tx, { current, body, now }) => takeStep(tx, current, cancelAppointment.step.name, now, body.reason),
  }),
]
