import {
  allRoutes,
  hospitalRoles,
  isAllowed,
  operatorRole,
  type ProblemCode,
  permissionsOfRoles,
  problems,
  type RouteContract,
} from '@hospital/contracts'
import fc from 'fast-check'
import type { InjectOptions } from 'fastify'
import type { Test } from 'tap'
import type { ConventionSubject } from './conventions.ts'
import { days, instants, noDays, noInstants } from './dates.ts'

/** The parts of JSON Schema that our contracts use. */
interface Schema {
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  minProperties?: number
  items?: Schema
  minItems?: number
  maxItems?: number
  format?: string
  pattern?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
}

const odd = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  'ﷺ',
  "'; DROP TABLE patients; --",
  '%00',
  '../..',
  '{{7*7}}',
  'a'.repeat(5000),
  '0',
  '-1',
  'NaN',
  '1e309',
]
const oddNumbers = [0, -1, 2_147_483_647, 2_147_483_648, 1e300, -0, 0.1]
const garbage: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(...odd, ...oddNumbers),
  noDays,
  noInstants,
)

/** How to draw: `wild` puts garbage into every tenth place; `known` are values that mean something here, by field. */
interface Manner {
  wild: boolean
  known: Readonly<Record<string, readonly unknown[]>>
}

/** Values that fit a schema; now and then, where things are wild, one that does not. */
function drawnFrom(schema: Schema, manner: Manner, depth = 0): fc.Arbitrary<unknown> {
  const fitting = fittingOf(schema, manner, depth)
  return manner.wild ? fc.oneof({ weight: 9, arbitrary: fitting }, { weight: 1, arbitrary: garbage }) : fitting
}

function fittingOf(schema: Schema, manner: Manner, depth: number): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if ('const' in schema) return fc.constant(schema.const)
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((part) => fittingOf(part, manner, depth)))
  const types = [schema.type ?? 'string'].flat()
  return fc.oneof(...types.map((type) => ofType(type, schema, manner, depth)))
}

function ofType(type: string, schema: Schema, manner: Manner, depth: number): fc.Arbitrary<unknown> {
  switch (type) {
    case 'object':
      return objectOf(schema, manner, depth)
    case 'array': {
      const { items = {}, minItems = 0, maxItems = 4 } = schema
      return fc.array(drawnFrom(items, manner, depth + 1), {
        minLength: minItems,
        maxLength: Math.min(maxItems, minItems + 3),
      })
    }
    case 'integer':
      return numbersOf(schema, (min, max) => fc.integer({ min: Math.ceil(min), max: Math.floor(max) }))
    case 'number':
      return numbersOf(schema, (min, max) => fc.double({ min, max, noNaN: true }))
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    default:
      return textOf(schema)
  }
}

/** Mostly small ones, which ids of rows are; and the limits themselves. */
function numbersOf(
  { minimum, exclusiveMinimum, maximum = 1e9 }: Schema,
  any: (min: number, max: number) => fc.Arbitrary<number>,
) {
  const least = minimum ?? (exclusiveMinimum === undefined ? -1e9 : exclusiveMinimum + 1)
  const from = Math.max(least, Math.min(1, maximum))
  return fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: Math.ceil(from), max: Math.floor(Math.min(maximum, from + 5)) }) },
    { weight: 2, arbitrary: any(least, maximum) },
    { weight: 1, arbitrary: fc.constantFrom(least, maximum) },
  )
}

function textOf({ format, pattern, minLength = 0, maxLength = 60 }: Schema): fc.Arbitrary<string> {
  if (format === 'date-time') return instants
  if (format === 'date') return days
  if (format === 'email') return fc.emailAddress()
  const fits = (text: string) => text.length >= minLength && text.length <= maxLength
  if (pattern && pattern !== '\\S') return fc.stringMatching(new RegExp(pattern, 'u')).filter(fits)
  const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: Math.min(maxLength, 30) })
  return fc
    .oneof(
      { weight: 6, arbitrary: words },
      {
        weight: 1,
        arbitrary: fc.constantFrom(...odd.filter((text) => text.isWellFormed() && !text.includes('\u0000'))),
      },
    )
    .map((text) =>
      text.trim() === '' && (minLength > 0 || pattern) ? 'x'.padEnd(minLength, 'x') : text.padEnd(minLength, 'x'),
    )
    .filter(fits)
}

function objectOf(
  { properties = {}, required = [], minProperties = 0 }: Schema,
  manner: Manner,
  depth: number,
): fc.Arbitrary<unknown> {
  if (depth > 4) return fc.constant({})
  const shape = Object.fromEntries(
    Object.entries(properties).map(([name, part]) => {
      const drawn = drawnFrom(part, manner, depth + 1)
      const values = manner.known[name]
      return [name, values ? fc.oneof({ weight: 7, arbitrary: fc.constantFrom(...values) }, drawn) : drawn]
    }),
  )
  const known = fc.record(shape, { requiredKeys: required }).filter((made) => Object.keys(made).length >= minProperties)
  if (!manner.wild) return known
  const extra = fc.option(fc.dictionary(fc.string({ minLength: 1, maxLength: 10 }), garbage, { maxKeys: 1 }), {
    freq: 6,
    nil: {},
  })
  return fc.tuple(known, extra).map(([some, more]) => ({ ...some, ...more }))
}

const pathPart = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 6 }).map(String) },
  fc.constantFrom('0', '-1', 'x', '2147483647', '2147483648', '1e3', '%00', '%ff', "1'--", '..%2f', ' '),
)
const etag = fc.option(fc.constantFrom('"1"', '"2"', '*', 'W/"1"', '"', '""', 'x'), { nil: undefined, freq: 3 })
const key = fc.option(fc.constantFrom('k1', 'k2', '', 'x'.repeat(300), '\u00ff'), { nil: undefined, freq: 4 })
const mediaType = fc.oneof(
  { weight: 12, arbitrary: fc.constant('application/json') },
  fc.constantFrom('application/merge-patch+json', 'text/plain', 'application/json; charset=utf-16', 'x'),
)

/** Requests for an operation, drawn from its contract: tame ones fit it, wild ones mostly do. */
function requestsOf(contract: RouteContract, manner: Manner, ids: readonly number[]) {
  const query = contract.query
    ? (drawnFrom(contract.query as Schema, manner) as fc.Arbitrary<Record<string, unknown>>)
    : fc.constant({})
  const noBody = manner.wild ? fc.option(garbage, { nil: undefined, freq: 3 }) : fc.constant(undefined)
  const body = contract.body ? drawnFrom(contract.body as Schema, manner) : noBody
  if (!manner.wild)
    return fc.record({
      id: fc.constantFrom(...ids.map(String)),
      query,
      body,
      etag: contract.ifMatch === 'required' ? fc.constant('*') : fc.constant(undefined),
      key: fc.constant(undefined),
      mediaType: fc.constant('application/json'),
    })
  return fc.record({ id: pathPart, query, body, etag, key, mediaType })
}

interface Drawn {
  id: string
  query: Record<string, unknown>
  body: unknown
  etag: string | undefined
  key: string | undefined
  mediaType: string
}

function toInject(contract: RouteContract, drawn: Drawn, authorization: string): InjectOptions {
  const query = new URLSearchParams()
  if (typeof drawn.query === 'object' && drawn.query !== null) {
    for (const [name, value] of Object.entries(drawn.query).filter(([, value]) => value !== undefined))
      query.set(name, typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
  }
  const withBody = contract.method !== 'GET' && drawn.body !== undefined
  return {
    method: contract.method,
    url: `${contract.path.replace(/:\w+/g, drawn.id)}${query.size > 0 ? `?${query}` : ''}`,
    headers: {
      authorization,
      ...(withBody ? { 'content-type': drawn.mediaType } : {}),
      ...(drawn.etag === undefined ? {} : { 'if-match': drawn.etag }),
      ...(drawn.key === undefined ? {} : { 'idempotency-key': drawn.key }),
    },
    ...(withBody ? { payload: JSON.stringify(drawn.body) ?? '' } : {}),
  }
}

const atOnce = 8
/** Rows that are likely to be there after a while, or soon. */
const someIds = Array.from({ length: 20 }, (_, i) => i + 1)

/** What is wrong with an answer, whatever the request was; null when nothing is. */
function faultOf(
  contract: RouteContract,
  answer: { statusCode: number; headers: Record<string, unknown>; body: string },
) {
  const { statusCode, headers, body } = answer
  if (statusCode >= 500) return `answered ${statusCode}`
  if (statusCode < 300) return statusCode === contract.status ? null : `${statusCode} instead of ${contract.status}`
  if (!String(headers['content-type']).startsWith('application/problem+json'))
    return 'a refusal that is no problem document'
  const { code, status } = JSON.parse(body) as { code?: string; status?: number }
  const known = code !== undefined && Object.hasOwn(problems, code) ? problems[code as ProblemCode] : undefined
  return known?.[0] === statusCode && status === statusCode ? null : `problem ${code} with ${statusCode}`
}

/** What of a service means something, so that operations find what they work on. */
export interface Known {
  /** Values by the name of a field of a query or body. */
  fields: Readonly<Record<string, readonly unknown[]>>
  /** Row ids by the beginning of a path; 1 to 20 elsewhere. */
  ids?: Readonly<Record<string, readonly number[]>>
  /** Who acts in a role; user 1 in others. */
  users?: Readonly<Record<string, number>>
}

/** An answer that says no more than that the request was not as the contract says. */
const saysInvalid = (answer: { statusCode: number; body: string }) =>
  answer.statusCode === 400 && (JSON.parse(answer.body) as { code: string }).code === 'invalid-request'

/** What happened to the requests of one operation. */
interface Outcome {
  faults: unknown[]
  /** Answers to requests that fit the contract, by status. */
  statuses: Record<string, number>
  invalid: number
}

const roleFor = (contract: RouteContract): string =>
  [...hospitalRoles, operatorRole].find(({ name }) => isAllowed(contract.access, permissionsOfRoles([name])))?.name ??
  'Admin'

/**
 * Draws requests from each operation's contract and sends them, all operations mixed, so that they meet rows in every
 * state. Whatever comes in, nothing is answered 5xx, every refusal is a problem document of the list, every success has
 * the contract's status; and of the requests that fit the contract most get past validation, so that it is the operations
 * that were tried. The seed is fixed, so that a failure repeats but for the order of what runs at once.
 */
export function proveNoFaults(
  t: Test,
  subject: ConventionSubject,
  known: Known,
  { perOperation = 100, seed = 20_261_124 } = {},
): void {
  const { service, app, gateway, tenantId } = subject
  const contracts = allRoutes.filter((route) => route.service === service)
  const half = Math.ceil(perOperation / 2)
  const outcomes = new Map<RouteContract, Outcome>()

  const requests = contracts.flatMap((contract) => {
    const ids = Object.entries(known.ids ?? {}).find(([path]) => contract.path.startsWith(path))?.[1]
    return [false, true].flatMap((wild) => {
      const drawn = requestsOf(contract, { wild, known: known.fields }, ids ?? someIds)
      return fc.sample(drawn, { numRuns: half, seed }).map((request) => ({ contract, wild, request }))
    })
  })

  const send = async ({ contract, wild, request }: (typeof requests)[number]): Promise<void> => {
    const role = roleFor(contract)
    const signedIn = gateway.bearer(service, { tenantId, roles: [role], userId: known.users?.[role] ?? 1 })
    const sent = toInject(contract, request, contract.access === 'public' ? gateway.anonymous(service) : signedIn)
    const answer = await app.inject(sent)
    const outcome = outcomes.get(contract) ?? { faults: [], statuses: {}, invalid: 0 }
    outcomes.set(contract, outcome)
    const fault = faultOf(contract, answer)
    if (fault)
      outcome.faults.push({
        fault,
        url: sent.url,
        payload: sent.payload,
        headers: { ...sent.headers, authorization: '' },
      })
    if (wild) return
    outcome.statuses[answer.statusCode] = (outcome.statuses[answer.statusCode] ?? 0) + 1
    if (saysInvalid(answer)) outcome.invalid++
  }

  t.before(async () => {
    const [mixed = []] = fc.sample(fc.shuffledSubarray(requests, { minLength: requests.length }), { numRuns: 1, seed })
    for (let from = 0; from < mixed.length; from += atOnce)
      await Promise.all(mixed.slice(from, from + atOnce).map(send))
  })
  for (const contract of contracts) {
    t.test(`${contract.operationId} answers whatever it is sent`, async (t) => {
      const { faults, statuses, invalid } = outcomes.get(contract) as Outcome
      t.same(faults.slice(0, 3), [], `${perOperation} requests, no fault`)
      t.ok(invalid < half / 2, `requests that fit get past validation: ${JSON.stringify(statuses)}`)
    })
  }
}
