import { getOpenCharts, type Permission, permissions, systemContext } from '@hospital/contracts'
import type { Deps, Running } from '@hospital/service'
import { careGuard } from './guard-work.ts'

const isPermission = (word: string): word is Permission => (permissions as readonly string[]).includes(word)

/** Tells the gateway whose charts a reader of the event stream may know of. */
export const respondOpenCharts = ({ messaging, database }: Deps): Running =>
  messaging.respond(getOpenCharts, async (asked, { requestId, traceparent }) => {
    const person = {
      ...systemContext(asked.tenant_id, requestId ?? 'stream', traceparent),
      userId: asked.user_id,
      permissions: asked.permissions.filter(isPermission),
    }
    const openings = await database.inTenant(person, (tx) => careGuard(tx, person, asked.patient_ids))
    return { charts: [...openings].map(([patient_id, { areas }]) => ({ patient_id, areas: [...areas] })) }
  })
