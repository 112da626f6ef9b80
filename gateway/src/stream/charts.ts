import { type ChartArea, type CloudEvent, chartAreaOfEvent, getOpenCharts } from '@hospital/contracts'
import type { Messaging } from '@hospital/messaging'
import type { LiveSession } from '../sessions.ts'

/** As long as anything else that the gateway remembers of a person. */
const rememberMs = 5_000
const mostRemembered = 1_000

/**
 * Which events about charts one reader may know of: where the hospital asks for a care relation, those of patients they
 * care for, and what they did themselves. Clinical is asked; its answers are remembered for a few seconds, since events
 * of one patient come together.
 */
export function chartsOpenTo(session: LiveSession, messaging: Pick<Messaging, 'request'>, now: () => number) {
  const remembered = new Map<number, { areas: Promise<readonly ChartArea[]>; until: number }>()

  const ask = async (patientId: number): Promise<readonly ChartArea[]> => {
    const { charts } = await messaging.request(getOpenCharts, {
      tenant_id: session.tenantId,
      user_id: session.userId,
      permissions: [...session.permissions],
      patient_ids: [patientId],
    })
    return charts.find(({ patient_id }) => patient_id === patientId)?.areas ?? []
  }

  const areasOf = (patientId: number): Promise<readonly ChartArea[]> => {
    const known = remembered.get(patientId)
    if (known && known.until > now()) return known.areas
    if (remembered.size >= mostRemembered) remembered.clear()
    const areas = ask(patientId)
    remembered.set(patientId, { areas, until: now() + rememberMs })
    areas.catch(() => remembered.delete(patientId))
    return areas
  }

  return {
    /** @throws when clinical cannot be asked: then nobody knows, and it is neither told nor passed over. */
    mayKnow: async ({ type, actorid, data }: CloudEvent): Promise<boolean> => {
      const area = chartAreaOfEvent(type)
      if (area === null || actorid === String(session.userId)) return true
      const patientId = (data as { patient_id?: unknown } | null)?.patient_id
      return typeof patientId === 'number' && (await areasOf(patientId)).includes(area)
    },
  }
}
