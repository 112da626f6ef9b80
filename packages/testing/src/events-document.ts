import {
  allEvents,
  allRequests,
  allRoutes,
  type EventContract,
  eventAccess,
  eventSubject,
  eventType,
  eventTypesOf,
} from '@hospital/contracts'

interface FieldSchema extends Record<string, unknown> {
  type?: string | string[]
  enum?: unknown[]
  properties?: Record<string, FieldSchema>
  required?: string[]
  items?: FieldSchema
}

/** `active`, `inactive` · integer · text or null · list of integer · { place, time } */
function kindOf(schema: FieldSchema): string {
  if (schema.enum) return schema.enum.map((word) => (word === null ? 'null' : `\`${word}\``)).join(', ')
  const kinds = [schema.type ?? 'anything'].flat().map((type) => {
    if (type === 'array') return `list of ${kindOf(schema.items ?? {})}`
    if (type === 'object') return `{ ${fieldsOf(schema)} }`
    return type === 'string' ? 'text' : type
  })
  return kinds.join(' or ')
}

const fieldsOf = ({ properties = {}, required = [] }: FieldSchema): string =>
  Object.entries(properties)
    .map(([name, schema]) => `${name}${required.includes(name) ? '' : '?'}: ${kindOf(schema)}`)
    .join('; ')

function section(event: EventContract): string {
  const type = eventType(event)
  const told = allRoutes.filter((route) => eventTypesOf(route).includes(type)).map(({ operationId }) => operationId)
  const needed = eventAccess[`${event.service}.${event.entity}`]
  return [
    `### ${type}`,
    '',
    `- subject: \`${eventSubject(event, '<tenant>')}\``,
    `- told by: ${told.length > 0 ? told.map((name) => `\`${name}\``).join(', ') : 'no operation; a job or a consumer'}`,
    `- heard on the event stream with: ${needed ? `\`${needed}\`` : 'nobody'}`,
    `- data: ${fieldsOf(event.data)}`,
    '',
  ].join('\n')
}

/** docs/events.md: every event as its contract says it, and which operations may tell it. */
export function eventsDocument(): string {
  const rows = allRequests.map(
    ({ subject, request, reply }) => `| \`${subject}\` | ${fieldsOf(request)} | ${kindOf(reply)} |`,
  )
  return [
    '# Events and questions between services',
    '',
    'Generated from the contracts by `npm run docs`; the tests compare it. What a message may become: [architecture](architecture.md#events).',
    'An operation may tell an event and need not: see its summary. Jobs and consumers tell some of these too. A question mark means that the field may be absent.',
    '',
    ...allEvents.map(section),
    '## Questions',
    '',
    '| subject | question | answer |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}
