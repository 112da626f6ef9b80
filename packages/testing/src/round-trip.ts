import type { RouteContract } from '@hospital/contracts'

export type Row = Record<string, unknown>

interface Schema {
  type?: string | string[]
  anyOf?: Schema[]
  properties?: Record<string, Schema>
  items?: Schema
}

const isObject = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Of `T | null` the T. */
function unwrapped(schema: Schema): Schema {
  const parts = (schema.anyOf ?? []).filter((part) => part.type !== 'null')
  return parts.length === 1 && parts[0] ? parts[0] : schema
}

/** The fields of a schema that a value does not fill, however deep: `vital_signs.pain_score`. */
export function unsentFields(given: Schema | undefined, value: unknown, place = ''): string[] {
  const schema = unwrapped(given ?? {})
  if (Array.isArray(value)) return value.slice(0, 1).flatMap((item) => unsentFields(schema.items, item, place))
  if (!isObject(value)) return []
  return Object.entries(schema.properties ?? {}).flatMap(([name, part]) =>
    name in value ? unsentFields(part, value[name], `${place}${name}.`) : [`${place}${name}`],
  )
}

const isInstant = (text: string): boolean => /^\d{4}-\d\d-\d\dT/.test(text)

/** Does what is found say what was sent? Instants may be written in another offset, decimals as text; more may be there. */
export function comesBack(sent: unknown, found: unknown): boolean {
  if (Array.isArray(sent)) {
    return Array.isArray(found) && sent.length === found.length && sent.every((item, at) => comesBack(item, found[at]))
  }
  if (isObject(sent))
    return isObject(found) && Object.entries(sent).every(([name, part]) => comesBack(part, found[name]))
  if (typeof sent === 'string' && typeof found === 'string' && isInstant(sent) && isInstant(found)) {
    return Date.parse(sent) === Date.parse(found)
  }
  return sent === found || (typeof sent === 'number' && String(sent) === found)
}

/** Everything that an answer holds, as a GraphQL selection. */
function selectionOf(given: Schema | null): string {
  const schema = unwrapped(given ?? {})
  if (schema.items) return selectionOf(schema.items)
  const fields = Object.entries(schema.properties ?? {})
  if (fields.length === 0) return ''
  return `{ ${fields.map(([name, part]) => `${name} ${selectionOf(part)}`).join(' ')} }`
}

/** An operation as a GraphQL document with its arguments as variables: its field and how its answer is selected. */
export function documentOf(contract: RouteContract, field: string, argumentTypes: Readonly<Record<string, string>>) {
  const names = Object.keys(argumentTypes)
  const declared = names.map((name) => `$${name}: ${argumentTypes[name]}`).join(', ')
  const passed = names.map((name) => `${name}: $${name}`).join(', ')
  const kind = contract.method === 'GET' ? 'query' : 'mutation'
  const head = names.length > 0 ? `${kind}(${declared})` : kind
  const call = names.length > 0 ? `${field}(${passed})` : field
  return `${head} { ${call} ${selectionOf(contract.answer as Schema | null)} }`
}
