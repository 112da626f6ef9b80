import { getPatientTimeline, listPatientAppointments, Problem, problem, type RequestContext } from '@hospital/contracts'
import { type Deps, decodeCursor, encodeCursor, handle, type Route } from '@hospital/service'
import { requirePatient } from '../references.ts'
import { listStored } from './queries.ts'
import { type Item, isClosed, mergeItems, type Place, placeOf, placeWithin, visibleKinds } from './rules.ts'

const askTimeoutMs = 2000

function decodePlace(cursor: string | undefined): Place | null {
  const position = decodeCursor(cursor, ['instant', 'number', 'number'])
  return position && { at: position[0], rank: position[1], id: position[2] }
}

/** The patient's appointments as scheduling tells them; null when it cannot be asked. */
async function askAppointments(
  { messaging }: Deps,
  { tenantId, requestId, traceparent }: RequestContext,
  patientId: number,
  after: Place | null,
  limit: number,
): Promise<Item[] | null> {
  const question = { tenant_id: tenantId, patient_id: patientId, before: placeWithin('appointment', after), limit }
  try {
    const { appointments } = await messaging.request(listPatientAppointments, question, {
      timeoutMs: askTimeoutMs,
      requestId,
      traceparent,
    })
    return appointments.map(({ id, appointment_date, appointment_type, status, doctor_id }) => ({
      kind: 'appointment',
      id,
      at: new Date(appointment_date).toISOString(),
      summary: appointment_type ?? 'Appointment',
      status,
      doctor_id,
    }))
  } catch (error) {
    if (error instanceof Problem && error.statusCode >= 500) return null
    throw error
  }
}

/** One list of everything that happened with a patient, of the kinds that the person may read. */
export const timelineRoutes = (deps: Deps): Route[] => [
  handle(getPatientTimeline, {
    prepare: async ({ params, query, context }) => {
      const after = decodePlace(query.cursor)
      const kinds = visibleKinds(context.permissions, query.kind)
      const patientId = await deps.database.inTenant(context, (tx) => requirePatient(tx, params.id))
      const asks = kinds.includes('appointment')
      const appointments = asks ? await askAppointments(deps, context, patientId, after, query.limit + 1) : []
      return { after, kinds, patientId, appointments }
    },
    work: async (tx, { prepared, params, query: { limit }, chart, audit }) => {
      const { after, kinds, patientId, appointments } = prepared
      audit.patientIds.push(patientId)
      const open = chart.areasOf(params.id)
      // Half a timeline would read as the whole: whoever may see some kinds only asks for them one by one.
      if (kinds.some((kind) => isClosed(kind, open))) throw problem('care-relation-required')
      const lists: (readonly Item[])[] = [appointments ?? []]
      for (const kind of kinds) {
        if (kind !== 'appointment') lists.push(await listStored(tx, kind, patientId, after, limit + 1))
      }
      const items = mergeItems(lists)
      const data = items.slice(0, limit)
      const last = data.at(-1)
      const place = items.length > limit && last ? placeOf(last) : null
      return {
        data,
        page: { next_cursor: place && encodeCursor([place.at, place.rank, place.id]) },
        missing: appointments === null ? ['appointments' as const] : [],
      }
    },
  }),
]
