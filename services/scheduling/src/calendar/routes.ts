import { createHash, randomBytes } from 'node:crypto'
import { createCalendarToken, getCalendarFeed, problem, revokeCalendarToken, TenantId } from '@hospital/contracts'
import { type Deps, handle, handlePublic, type Route } from '@hospital/service'
import { findDoctor, lockDoctor } from '../doctors/queries.ts'
import { renderFeed } from './feed-mapping.ts'
import { findFeed, insertToken, isHospital, listFeed, revokeTokens } from './queries.ts'

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')
const tenantPattern = new RegExp(TenantId.pattern ?? '')

/** The hospital is readable in the token, because the address has no other place for it; the rest is secret. */
const makeToken = (tenantId: string): string => `${tenantId}.${randomBytes(32).toString('base64url')}`
const tenantOf = (token: string): string | null => {
  const tenantId = token.split('.')[0] ?? ''
  return tenantPattern.test(tenantId) ? tenantId : null
}

/** @param publicUrl where the gateway is reached from outside; empty: addresses begin with their path */
export const calendarRoutes = (deps: Deps, publicUrl: string): Route[] => [
  handle(createCalendarToken, {
    // Locked: of two at once the second ends the first one's feed, as it would a moment later.
    load: (tx, { params }) => lockDoctor(tx, params.id),
    work: async (tx, { current, body, context }) => {
      if (current.status !== 'active') throw problem('doctor-unavailable')
      const withNames = body.include_patient_names ?? false
      if (withNames && context.userId !== current.id) {
        throw problem('forbidden', {
          detail: 'Only the doctor can ask for patient names in the feed.',
          errors: [{ pointer: '/include_patient_names', detail: 'only for oneself' }],
        })
      }
      const token = makeToken(context.tenantId)
      await revokeTokens(tx, current.id)
      await insertToken(tx, current.id, hashOf(token), withNames)
      return { url: `${publicUrl}/api/appointments/calendar.ics?token=${token}` }
    },
  }),

  handle(revokeCalendarToken, {
    load: (tx, { params }) => findDoctor(tx, params.id),
    work: async (tx, { current }) => {
      if (!(await revokeTokens(tx, current.id))) throw problem('not-found')
    },
  }),

  handlePublic(getCalendarFeed, {
    // A hospital that never was looks like a token that never was, and what was sent reaches no log of the database.
    prepare: async ({ query: { token }, audit }) => {
      const tenantId = tenantOf(token)
      if (tenantId === null || !(await deps.database.inGlobal((tx) => isHospital(tx, tenantId))))
        throw problem('not-found')
      audit.about = [{ tenant_id: tenantId, name: 'system' }]
    },
    work: async (tx, { query: { token }, now, audit }) => {
      const feed = await findFeed(tx, hashOf(token))
      if (feed === null) throw problem('not-found')
      const appointments = await listFeed(tx, feed.doctor_id, now)
      audit.details = { doctor_id: feed.doctor_id }
      if (feed.include_patient_names) audit.patientIds = [...new Set(appointments.map(({ patient_id }) => patient_id))]
      return { feed: { ...feed, tenantId: tx.context.tenantId }, appointments }
    },
    afterCommit: (_input, { feed, appointments }) =>
      renderFeed(
        { tenantId: feed.tenantId, doctorName: feed.doctor_name, withNames: feed.include_patient_names },
        appointments,
      ),
  }),
]
