/** The parts of JSON Schema that our contracts use. */
interface Schema {
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  minItems?: number
  minProperties?: number
  minLength?: number
  maxLength?: number
  minimum?: number
  exclusiveMinimum?: number
  format?: string
  pattern?: string
}

const texts: Record<string, string> = {
  date: '1990-05-17',
  'date-time': '2031-03-04T09:00:00.000Z',
  email: 'someone@example.org',
  uri: 'https://example.org/',
}

/** Words for the patterns our contracts have; a new pattern needs a word here. */
const words = ['word', '09:00', 'I10', 'Europe/London', 'https://example.org/', '5', 'P-1', 'a'.repeat(32)]

function sampleText({ format, pattern, minLength = 0 }: Schema): string {
  if (format && texts[format]) return texts[format]
  const word = pattern ? words.find((candidate) => new RegExp(pattern, 'u').test(candidate)) : 'word'
  if (word === undefined) throw new Error(`No sample for the pattern ${pattern}`)
  return word.padEnd(minLength, 'x')
}

/** The smallest value that a schema accepts: required fields only, one where a patch needs at least one. */
export function sampleOf(given: object): unknown {
  const schema: Schema = given
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  if (schema.anyOf?.[0]) return sampleOf(schema.anyOf[0])
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'object':
      return sampleObject(schema)
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => sampleOf(schema.items ?? {}))
    case 'integer':
    case 'number':
      return schema.minimum ?? (schema.exclusiveMinimum === undefined ? 1 : schema.exclusiveMinimum + 1)
    case 'boolean':
      return true
    case 'null':
      return null
    default:
      return sampleText(schema)
  }
}

function sampleObject({ properties = {}, required = [], minProperties = 0 }: Schema): Record<string, unknown> {
  const optional = Object.keys(properties).filter((name) => !required.includes(name))
  const names = [...required, ...optional.slice(0, Math.max(0, minProperties - required.length))]
  return Object.fromEntries(names.map((name) => [name, sampleOf(properties[name] ?? {})]))
}
