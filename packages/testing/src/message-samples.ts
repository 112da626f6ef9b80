/** The parts of JSON Schema that our messages use. */
export interface MessageSchema {
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  anyOf?: MessageSchema[]
  properties?: Record<string, MessageSchema>
  patternProperties?: Record<string, MessageSchema>
  additionalProperties?: boolean
  required?: string[]
  items?: MessageSchema
  minItems?: number
  maxItems?: number
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  format?: string
  pattern?: string
}

const texts: Record<string, string[]> = {
  date: ['1990-05-17'],
  'date-time': ['2031-03-04T09:00:00.000Z', '2031-03-04T10:00:00+01:00'],
  email: ['someone@example.org'],
}

/** Words for the patterns our messages have; a new pattern needs a word here. */
const words = ['demo_hospital_001', 'word', '09:00']
/** Longer than any limit that somebody may add later. */
const longText = 30_000
const longList = 250

/**
 * Values that a schema accepts, chosen so that whoever accepts less refuses one of them: with required fields alone and
 * with all of them, each word, null, the ends of each range, and a field that the schema does not name.
 */
export function samplesOf(schema: MessageSchema): unknown[] {
  if (schema.const !== undefined) return [schema.const]
  if (schema.enum) return schema.enum
  if (schema.anyOf) return schema.anyOf.flatMap(samplesOf)
  if (schema.type === undefined) return ['text', 1, true, null, {}, []]
  return [schema.type].flat().flatMap((type) => samplesOfType(type, schema))
}

function samplesOfType(type: string, schema: MessageSchema): unknown[] {
  const { minimum = -1_000_000_000_000, maximum = 1_000_000_000_000 } = schema
  switch (type) {
    case 'null':
      return [null]
    case 'boolean':
      return [true, false]
    case 'integer':
      return [minimum, maximum]
    case 'number':
      return [minimum, maximum, (minimum + maximum) / 2 + 0.5]
    case 'string':
      return textSamples(schema)
    case 'array':
      return arraySamples(schema)
    case 'object':
      return objectSamples(schema)
    default:
      throw new Error(`No samples of the type ${type}`)
  }
}

function textSamples({ format, pattern, minLength = 0, maxLength = longText }: MessageSchema): string[] {
  if (format !== undefined) {
    const found = texts[format]
    if (!found) throw new Error(`No samples of the format ${format}`)
    return found
  }
  if (pattern === undefined) return ['x'.repeat(minLength), 'Ünï 😀'.slice(0, maxLength), 'x'.repeat(maxLength)]
  const expression = new RegExp(pattern, 'u')
  const found = [...words, 'x'.repeat(minLength), 'x'.repeat(maxLength)].filter(
    (word) => expression.test(word) && word.length >= minLength && word.length <= maxLength,
  )
  if (found.length === 0) throw new Error(`No sample of the pattern ${pattern}`)
  return found
}

function arraySamples({ items = {}, minItems = 0, maxItems = longList }: MessageSchema): unknown[] {
  const [first, ...others] = samplesOf(items)
  const filled = (count: number, value: unknown) => Array.from({ length: count }, () => value)
  const one = Math.max(minItems, 1)
  return [filled(minItems, first), filled(maxItems, first), ...[first, ...others].map((value) => filled(one, value))]
}

function objectSamples(schema: MessageSchema): unknown[] {
  const { properties = {}, required = [], patternProperties, additionalProperties } = schema
  const samples = Object.entries(properties).map(([name, property]) => ({ name, values: samplesOf(property) }))
  const of = (names: (name: string) => boolean) =>
    Object.fromEntries(samples.filter(({ name }) => names(name)).map(({ name, values }) => [name, values[0]]))
  const full = of(() => true)
  const named = Object.values(patternProperties ?? {}).flatMap(samplesOf)
  const variants = samples.flatMap(({ name, values }) => values.map((value) => ({ ...full, [name]: value })))
  const stranger = additionalProperties === false || patternProperties ? [] : [{ ...full, a_field_nobody_named: 1 }]
  return [
    of((name) => required.includes(name)),
    full,
    ...variants,
    ...named.map((value) => ({ ...full, key: value })),
    ...stranger,
  ]
}
