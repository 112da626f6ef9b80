import {
  addTimeOff,
  getDoctor,
  getWorkingHours,
  listAffectedAppointments,
  listDoctors,
  listTimeOff,
  problem,
  removeTimeOff,
  setWorkingHours,
  timeOffAdded,
  timeOffRemoved,
  workingHoursChanged,
} from '@hospital/contracts'
import { announce } from '@hospital/database'
import { decodeCursor, handle, type Route, toPage } from '@hospital/service'
import { lockCalendars } from '../appointments/queries.ts'
import { iso } from '../availability/interval-rules.ts'
import { findRuleErrors } from '../availability/rules.ts'
import { getHospitalRow } from '../hospital/queries.ts'
import { offerFreedTime } from '../waitlist/offer-work.ts'
import { listAffected, listComing, withSuggestions } from './affected-work.ts'
import {
  deleteTimeOff,
  findDoctor,
  findTimeOff,
  findWorkingHours,
  insertTimeOff,
  listDoctorRows,
  listTimeOffRows,
  lockTimeOff,
  lockWorkingHours,
  replaceWorkingHours,
} from './queries.ts'
import { timeOffSpan } from './rules.ts'

const workingHourRoutes = (): Route[] => [
  handle(getWorkingHours, {
    load: (tx, { params }) => findWorkingHours(tx, params.id),
    work: async (_tx, { current }) => current,
  }),

  handle(setWorkingHours, {
    load: (tx, { params }) => lockWorkingHours(tx, params.id),
    work: async (tx, { current, body }) => {
      const errors = findRuleErrors(body.rules)
      if (errors.length > 0) {
        throw problem('validation-failed', {
          errors: errors.map(({ index, detail }) => ({ pointer: `/rules/${index}`, detail })),
        })
      }
      await replaceWorkingHours(tx, current.doctor_id, body.rules)
      const changed = (await findWorkingHours(tx, current.doctor_id)) ?? current
      await announce(tx, workingHoursChanged, { ...changed, id: changed.doctor_id })
      return changed
    },
  }),
]

const timeOffRoutes = (): Route[] => [
  handle(listTimeOff, {
    load: (tx, { params }) => findDoctor(tx, params.id),
    work: async (tx, { params, query }) => {
      const rows = await listTimeOffRows(tx, params.id, query, decodeCursor(query.cursor, ['instant', 'number']))
      return toPage(rows, query.limit, (row) => [row.from, row.id])
    },
  }),

  handle(addTimeOff, {
    load: (tx, { params }) => findDoctor(tx, params.id),
    work: async (tx, { current, body, now, audit }) => {
      const { timezone } = await getHospitalRow(tx)
      const span = timeOffSpan(timezone, body.from, body.to)
      if ('pointer' in span) throw problem('validation-failed', { errors: [span] })
      // Whoever books now either sees the absence or is in the list.
      await lockCalendars(tx, { doctors: [current.id], patients: [] })
      const away = await insertTimeOff(tx, {
        doctor_id: current.id,
        starts_at: iso(span.start),
        ends_at: iso(span.end),
        reason: body.reason ?? null,
      })
      await announce(tx, timeOffAdded, away)
      const coming = { start: Math.max(span.start, now.getTime()), end: span.end }
      const appointments = await listComing(tx, current.id, coming, null, 1000)
      audit.patientIds.push(...appointments.map(({ patient_id }) => patient_id))
      return { ...away, affected: await withSuggestions(tx, appointments, now) }
    },
  }),

  handle(removeTimeOff, {
    load: async (tx, { params }) => {
      const seen = await findTimeOff(tx, params.id)
      if (seen === null) return null
      await lockCalendars(tx, { doctors: [seen.doctor_id], patients: [] })
      return lockTimeOff(tx, params.id)
    },
    work: async (tx, { current, now }) => {
      await deleteTimeOff(tx, current.id)
      await announce(tx, timeOffRemoved, { ...current, version: current.version + 1 })
      const freed = { start: Date.parse(current.from), end: Date.parse(current.to) }
      await offerFreedTime(tx, current.doctor_id, freed, now)
    },
  }),
]

export const doctorRoutes = (): Route[] => [
  handle(listDoctors, async (tx, { query }) => {
    const rows = await listDoctorRows(tx, query, decodeCursor(query.cursor, ['text', 'number']))
    return toPage(rows, query.limit, (row) => [row.name, row.id])
  }),

  handle(getDoctor, {
    load: (tx, { params }) => findDoctor(tx, params.id),
    work: async (_tx, { current }) => current,
  }),

  handle(listAffectedAppointments, {
    load: (tx, { params }) => findDoctor(tx, params.id),
    work: async (tx, { params, query, now }) => {
      const after = decodeCursor(query.cursor, ['instant', 'number'])
      const rows = await listAffected(tx, params.id, after, query.limit + 1, now)
      const { data, page } = toPage(rows, query.limit, (row) => [row.appointment_date, row.id])
      return { data: await withSuggestions(tx, data, now), page }
    },
  }),

  ...workingHourRoutes(),
  ...timeOffRoutes(),
]
