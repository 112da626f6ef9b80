import { allRoutes, ordinaryBodyValues, Problem, type RouteContract } from '@hospital/contracts'
import t from 'tap'
import { checkJsonSize } from '../src/json.ts'
import { compileValidation } from '../src/validation.ts'

/** Milliseconds of processor that refusing a body may cost. */
const mostMs = 20

interface Schema {
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  maxLength?: number
  maxItems?: number
  pattern?: string
  format?: string
  properties?: Record<string, Schema>
  patternProperties?: Record<string, Schema>
  items?: Schema
  anyOf?: Schema[]
}

const oneMebibyte = 1024 * 1024
const ordinary = allRoutes.filter(({ body, bodyLimit }) => body !== undefined && bodyLimit <= oneMebibyte)

const fill = (text: string, length: number): string => text.repeat(Math.floor(length / text.length))
const list = (item: string, count: number): string => `[${Array(count).fill(item).join(',')}]`
const keys = (value: string, count: number, key = ''): string =>
  `{${Array.from({ length: count }, (_, at) => `"${key}${at.toString(36)}":${value}`).join(',')}}`

/** As much as a body may weigh, of the least that JSON can hold. */
const whole: Record<string, string> = {
  'lists in lists': '['.repeat(500_000) + ']'.repeat(500_000),
  'lists never closed': '['.repeat(1_000_000),
  'objects in objects': `${'{"a":'.repeat(150_000)}1${'}'.repeat(150_000)}`,
  'empty lists': list('[]', 340_000),
  'empty objects': list('{}', 340_000),
  nulls: list('null', 200_000),
  'empty texts': list('""', 340_000),
  'many keys': keys('0', 110_000),
  'many keys of objects': keys('{}', 100_000),
  'forbidden keys': list('{"constructor":{}}', 50_000),
}

/** Within the number of values, and as long as it may be: the validator sees all of these. */
const half = Math.floor(ordinaryBodyValues / 2) - 10
const most = ordinaryBodyValues - 10
const within: Record<string, string> = {
  nulls: list('null', most),
  numbers: `[${Array.from({ length: most }, (_, at) => at).join(',')}]`,
  texts: `[${Array.from({ length: most }, (_, at) => `"${at}"`).join(',')}]`,
  'texts that cannot be stored': list('"\\u0000"', most),
  lists: list('[]', half),
  objects: list('{}', half),
  'unknown keys': keys('0', most, 'k'.repeat(90)),
  'keys of objects': keys('{}', half, 'k'.repeat(90)),
  'texts that cannot be stored under a long key': `{"${'k'.repeat(900_000)}":${list('"\\u0000"', most)}}`,
  'lists as deep as may be': `${'['.repeat(62)}${list('0', most - 80)}${']'.repeat(62)}`,
}

/** Texts that patterns and formats may stumble over; a pattern that goes back over a text does not end on these. */
const textLength = 200_000
const texts = [
  ...[
    ' ',
    'a',
    'A',
    '0',
    '.',
    '-',
    ':',
    '/',
    '@',
    '%',
    'é',
    '😀',
    'a.',
    'a@',
    'a-',
    '0.',
    '00:',
    '0t',
    't',
    ' \\t',
    'T:',
  ],
  ...['%41', '::', 'a/', '[', '\\u0000', '\\u0041', '\\"'],
].map((part) => fill(part, textLength))
const beginnings = ['', 'https://', 'https://[', 'a@', '2020-01-01T', '2020-01-01T00:00:00.', 'A00.', 'P']

/** The least of several: what else the process and the machine did meanwhile is no cost of the body. */
function costOf(run: () => void): number {
  const costs = Array.from({ length: 5 }, () => {
    const before = process.cpuUsage()
    run()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  })
  return Math.min(...costs)
}

/** What a service does with a body before anybody acts on it; answers the refusal. */
function refusalOf(contract: RouteContract): (text: string) => Problem | null {
  const validate = compileValidation({ ...contract, params: undefined, query: undefined } as never)
  return (text) => {
    try {
      checkJsonSize(text, contract.bodyValues)
      validate({ path: {}, query: {}, body: JSON.parse(text) })
      return null
    } catch (error) {
      if (error instanceof Problem) return error
      throw error
    }
  }
}

/** Every field that a body can hold, with the JSON around it. */
function fieldsOf(schema: Schema, around: (value: string) => string): { schema: Schema; around: typeof around }[] {
  const parts = [schema, ...(schema.anyOf ?? [])]
  return parts.flatMap(({ properties = {}, items }) => [
    ...Object.entries(properties).flatMap(([name, field]) => {
      const inside = (value: string) => around(`{"${name}":${value}}`)
      return [{ schema: field, around: inside }, ...fieldsOf(field, inside)]
    }),
    ...(items ? fieldsOf(items, (value) => around(`[${value}]`)) : []),
  ])
}

/** For each pattern and format that was not met yet. */
function* stumblingBlocks(body: Schema, seen: Set<string>): Generator<[name: string, text: string]> {
  for (const { schema, around } of fieldsOf(body, (value) => value)) {
    for (const { pattern, format } of [schema, ...(schema.anyOf ?? [])]) {
      const form = `${pattern} ${format}`
      if (seen.has(form) || (pattern === undefined && format === undefined)) continue
      seen.add(form)
      for (const beginning of beginnings)
        for (const text of texts)
          yield [`${around('…')} ${beginning}${text.slice(0, 4)}`, around(`"${beginning}${text}!"`)]
    }
  }
}

t.test('no body costs more to refuse than it may', async (t) => {
  const seen = new Set<string>()
  const seenForms = new Set<string>()
  for (const contract of ordinary) {
    const refuse = refusalOf(contract)
    const bodies = new Map<string, string>()
    for (const [name, text] of Object.entries(within)) bodies.set(name, text)
    for (const { schema, around } of fieldsOf(contract.body as Schema, (value) => value)) {
      // A field that another operation has just so is looked at once.
      const shape = JSON.stringify(schema)
      if (seen.has(shape)) continue
      seen.add(shape)
      for (const [name, text] of Object.entries(within)) bodies.set(`${around('…')} ${name}`, around(text))
    }
    for (const [name, text] of stumblingBlocks(contract.body as Schema, seenForms)) bodies.set(name, text)
    let worst = { name: '', ms: 0 }
    for (const [name, text] of bodies) {
      const once = performance.now()
      refuse(text)
      // Most are far from the limit; only what is not is measured properly.
      if (performance.now() - once < mostMs / 4) continue
      const ms = costOf(() => void refuse(text))
      if (ms > worst.ms) worst = { name, ms }
    }
    t.ok(worst.ms <= mostMs, `${contract.operationId}: ${worst.ms.toFixed(1)} ms for ${worst.name || 'each'}`)
  }
  t.ok(seen.size > 50 && seenForms.size > 10, `${seen.size} kinds of field, ${seenForms.size} of patterns and formats`)
})

t.test('what is too much is refused before it is parsed, and shortly', async (t) => {
  const [contract] = ordinary
  if (!contract) throw new Error('there is no operation with a body')
  const refuse = refusalOf(contract)
  for (const [name, text] of Object.entries(whole)) {
    const ms = costOf(() => void refuse(text))
    t.ok(ms <= mostMs, `${name}: ${ms.toFixed(1)} ms`)
    t.match(refuse(text), {
      code: 'invalid-request',
      message: /nests deeper than 64 levels|holds more than 5000 values/,
    })
  }
  for (const [name, text] of Object.entries(within)) {
    const errors = refuse(text)?.options.errors ?? []
    t.ok(errors.length <= 50, `${name}: ${errors.length} places are named`)
    t.ok(JSON.stringify(errors).length < 50_000, `${name}: none of them at length`)
  }
})

t.test('what a quote is and what is in a text is told apart', async (t) => {
  const fits = (text: string, values: number) => t.doesNotThrow(() => checkJsonSize(text, values), text)
  const tooMany = (text: string, values: number) => t.throws(() => checkJsonSize(text, values), text)
  fits('"[[[[[[,,,,,{{{"', 1)
  fits('{"a\\"[[[[":"\\\\","b":"\\\\\\"[[[["}', 3)
  tooMany('{"a\\\\":[[],[]]}', 4)
  fits('{"a\\\\":[[],[]]}', 6)
  fits(`${'['.repeat(64)}${']'.repeat(64)}`, 100)
  tooMany(`${'['.repeat(65)}${']'.repeat(65)}`, 100)
  fits(`[${'[],'.repeat(100)}[]]`, 1_000)
})

t.test('every text and list of a request has an end', async (t) => {
  const open: string[] = []
  const walk = (schema: Schema, at: string): void => {
    const types = [schema.type ?? []].flat()
    const bounded = schema.enum ?? schema.const ?? schema.maxLength ?? schema.format
    if (types.includes('string') && bounded === undefined && !/^\^[^*+]*\$$/.test(schema.pattern ?? '')) open.push(at)
    if (types.includes('array') && schema.maxItems === undefined) open.push(at)
    for (const [name, field] of Object.entries(schema.properties ?? {})) walk(field, `${at}/${name}`)
    for (const part of schema.anyOf ?? []) walk(part, at)
    if (schema.items) walk(schema.items, `${at}/*`)
  }
  for (const { operationId, params, query, body } of allRoutes) {
    for (const part of [params, query, body]) if (part) walk(part as Schema, operationId)
  }
  t.same(open, [])
})
