import type { ServiceName } from '@hospital/database'
import type { TestSystem } from '../system.ts'
import type { Findings } from './findings.ts'
import { globalSchemaOf, schemaOf } from './kinds.ts'
import type { Acknowledged, Hospital, Ledger } from './ledger.ts'
import { untilTrue } from './until.ts'

const services: readonly ServiceName[] = ['identity', 'clinical', 'scheduling']

/** Every acknowledged write has one audit row and one event, those of its attempts taken together. */
export async function compareTraces(system: TestSystem, ledger: Ledger, findings: Findings): Promise<void> {
  for (const hospital of ledger.hospitals) {
    for (const service of services) {
      const writes = hospital.writes.filter((write) => write.service === service)
      const ids = writes.flatMap(({ requestIds }) => requestIds)
      const audited = await findAudited(system, service, hospital, ids)
      const told = await findTold(system, service, hospital, ids)
      for (const write of writes) {
        if (!write.requestIds.some((id) => audited.has(id))) findings.unaudited.push(nameOf(write, hospital))
        const tellings = write.requestIds.filter((id) => told.has(id)).length
        if (tellings === 0) findings.untold.push(`${nameOf(write, hospital)} has no event`)
        if (tellings > 1) findings.doubled.push(`${nameOf(write, hospital)} was told by ${tellings} of its attempts`)
      }
    }
  }
}

async function findAudited(system: TestSystem, service: ServiceName, { tenantId }: Hospital, ids: string[]) {
  const ofTenant = service === 'identity' ? `AND tenant_id = '${tenantId}'` : ''
  const text = `
    SELECT request_id AS id FROM ${schemaOf(service, tenantId)}.audit_events
    WHERE outcome = 'success' AND request_id = ANY($1) ${ofTenant}`
  const rows = await system.query<{ id: string }>(service, text, [ids])
  return new Set(rows.map(({ id }) => id))
}

async function findTold(system: TestSystem, service: ServiceName, { tenantId }: Hospital, ids: string[]) {
  const text = `
    SELECT envelope ->> 'requestid' AS id FROM ${globalSchemaOf(service)}.outbox
    WHERE tenant_id = $2 AND envelope ->> 'requestid' = ANY($1)`
  const rows = await system.query<{ id: string }>(service, text, [ids, tenantId])
  return new Set(rows.map(({ id }) => id))
}

/** Waits until every event is published and handled, but not longer than this. */
export async function compareQueues(system: TestSystem, findings: Findings, withinMs = 60_000): Promise<void> {
  let waiting: string[] = []
  const isDrained = async () => {
    const counts = await Promise.all(services.map((service) => countWaiting(system, service)))
    waiting = counts.flat()
    return waiting.length === 0
  }
  if (!(await untilTrue(isDrained, withinMs))) findings.untold.push(...waiting)
}

async function countWaiting(system: TestSystem, service: ServiceName): Promise<string[]> {
  const schema = globalSchemaOf(service)
  const text = `
    SELECT (SELECT count(*)::int FROM ${schema}.outbox WHERE published_at IS NULL) AS unpublished,
      (SELECT count(*)::int FROM ${schema}.waiting_events) AS unhandled`
  const [row] = await system.query<{ unpublished: number; unhandled: number }>(service, text)
  const { unpublished = 0, unhandled = 0 } = row ?? {}
  return [
    ...(unpublished > 0 ? [`${unpublished} events of ${service} are still not published`] : []),
    ...(unhandled > 0 ? [`${unhandled} events still wait at ${service}`] : []),
  ]
}

const nameOf = ({ what, requestIds }: Acknowledged, { tenantId }: Hospital) =>
  `${what} in ${tenantId} (request ${requestIds.join(', ')})`
