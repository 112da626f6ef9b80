import { listAvailability, problem } from '@hospital/contracts'
import { handle, type Route } from '@hospital/service'
import { findDoctor } from '../doctors/queries.ts'
import { isInReach } from './interval-rules.ts'
import { loadFreeTime } from './queries.ts'
import { slotsOf, workingIntervals } from './rules.ts'

const dayMs = 86_400_000
const longestMs = 62 * dayMs

export const availabilityRoutes = (): Route[] => [
  handle(listAvailability, {
    load: (tx, { params }) => findDoctor(tx, params.id),
    work: async (tx, { params, query, now }) => {
      const start = query.from === undefined ? now.getTime() : Date.parse(query.from)
      const end = query.to === undefined ? start + 7 * dayMs : Date.parse(query.to)
      if (!isInReach(start)) {
        throw problem('validation-failed', { errors: [{ pointer: 'query:from', detail: 'is too far away' }] })
      }
      if (end <= start || end - start > longestMs) {
        const detail = end <= start ? 'must be after from' : 'must be within 62 days of from'
        throw problem('validation-failed', { errors: [{ pointer: 'query:to', detail }] })
      }
      const who = { doctorId: params.id, patientId: null }
      const span = { start: Math.max(start, now.getTime()), end: Math.max(end, now.getTime()) }
      const { hours, free } = await loadFreeTime(tx, who, span)
      const slots = slotsOf(workingIntervals(hours, span), free, (query.duration_minutes ?? 30) * 60_000)
      return slots.map((slot) => ({
        start: new Date(slot.start).toISOString(),
        end: new Date(slot.end).toISOString(),
      }))
    },
  }),
]
