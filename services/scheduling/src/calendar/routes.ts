import { createHash, randomBytes } from 'node:crypto'
import {
  createCalendarToken,
  getCalendarFeed,
  problem,
  revokeCalendarToken,
  systemContext,
  TenantId,
} from '@hospital/contracts'
import { appendAudit, type Deps, handle, handlePublic, type Route } from '@hospital/service'
import { findDoctor, lockDoctor } from '../doctors/queries.ts'
import { renderFeed } from './feed.ts'
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

  handlePublic(getCalendarFeed, async ({ query, requestId, traceparent, now, address }) => {
    const tenantId = tenantOf(query.token)
    // A hospital that never was looks like a token that never was, and what was sent reaches no log of the database.
    if (tenantId === null || !(await deps.database.inGlobal((tx) => isHospital(tx, tenantId))))
      throw problem('not-found')
    const context = { ...systemContext(tenantId, requestId, traceparent), ...(address ? { address } : {}) }
    const found = await deps.database.inTenant(context, async (tx) => {
      const feed = await findFeed(tx, hashOf(query.token))
      if (feed === null) throw problem('not-found')
      const appointments = await listFeed(tx, feed.doctor_id, now)
      await appendAudit(tx, context, {
        action: getCalendarFeed.operationId,
        outcome: 'success',
        patientIds: feed.include_patient_names ? [...new Set(appointments.map(({ patient_id }) => patient_id))] : [],
        details: { doctor_id: feed.doctor_id },
      })
      return { feed, appointments }
    })
    const { doctor_name: doctorName, include_patient_names: withNames } = found.feed
    return renderFeed({ tenantId, doctorName, withNames }, found.appointments)
  }),
]
