import { type CloudEvent, type EventContract, eventType } from '@hospital/contracts'
import { mismatch } from './schema-check.ts'

/** What became of a message's bytes: an event to handle, one that is not ours, or one that can never be handled. */
type ReadMessage =
  | { outcome: 'event'; event: CloudEvent }
  | { outcome: 'other' }
  | { outcome: 'refused'; reason: string }

/** Reads a message against the contracts its consumer knows. Subject and envelope must tell the same tenant and type. */
export function readEventMessage(subject: string, bytes: Uint8Array, contracts: readonly EventContract[]): ReadMessage {
  const [service, tenantId, entity, verb, version] = subject.split('.')
  const type = `hospital.${service}.${entity}.${verb}.${version}`
  const contract = contracts.find((known) => eventType(known) === type)
  if (!contract) return { outcome: 'other' }

  const event = parseObject(bytes)
  if (!event) return refused('the body is not a JSON object')
  if (event.tenantid !== tenantId) return refused('the tenant of the event differs from the tenant of its subject')
  if (event.type !== type) return refused('the type of the event differs from the type of its subject')
  if (event.specversion !== '1.0') return refused('the event is not CloudEvents 1.0')
  for (const name of ['id', 'subject', 'time'] as const)
    if (typeof event[name] !== 'string' || event[name] === '') return refused(`the event has no ${name}`)
  const wrong = mismatch(contract.data, event.data)
  if (wrong) return refused(`the data does not match its schema at ${wrong}`)
  return { outcome: 'event', event: event as unknown as CloudEvent }
}

const refused = (reason: string): ReadMessage => ({ outcome: 'refused', reason })

export function parseObject(bytes: Uint8Array): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

/**
 * One filter that lets all the given events through: where they differ it says `*`. (Servers before 2.10 take one
 * filter per consumer.) What passes without being asked for is acknowledged and left alone.
 */
export function filterOf(contracts: readonly EventContract[]): string {
  const rows = contracts.map((e) => [e.service, '*', e.entity, e.verb, `v${e.version}`])
  const first = rows[0]
  if (!first) throw new Error('a consumer needs at least one event')
  return first.map((token, at) => (rows.every((row) => row[at] === token) ? token : '*')).join('.')
}
