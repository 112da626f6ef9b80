import {
  allRoutes,
  hospitalRoles,
  isAllowed,
  operatorRole,
  permissionsOfRoles,
  type RouteContract,
} from '@hospital/contracts'
import fc from 'fast-check'
import type { InjectOptions } from 'fastify'
import type { Test } from 'tap'
import type { ConventionSubject } from './conventions.ts'

interface Schema {
  type?: string | string[]
  enum?: unknown[]
  anyOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  format?: string
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
const instants = [
  '2031-03-04T09:00:00.000Z',
  '2031-03-04T09:00:00+14:00',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '2031-02-30T09:00:00Z',
  '2031-03-04T24:00:00Z',
  '2031-06-30T23:59:60Z',
]
const days = ['1985-03-15', '2024-02-29', '2023-02-29', '0001-01-01', '9999-12-31', '1985-13-01']

const numbers = fc.oneof(
  fc.integer({ min: 1, max: 6 }),
  fc.integer(),
  fc.double(),
  fc.constantFrom(0, -1, 2_147_483_647, 2_147_483_648, 1e300, -0),
)
const garbage: fc.Arbitrary<unknown> = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom<unknown>(...odd))

/** Values that mostly fit a schema and sometimes do not. */
function drawnFrom(schema: Schema, depth = 0): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 8, arbitrary: fittingOf(schema, depth) }, { weight: 1, arbitrary: garbage })
}

function fittingOf(schema: Schema, depth: number): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((part) => fittingOf(part, depth)))
  const types = [schema.type ?? 'string'].flat()
  return fc.oneof(...types.map((type) => ofType(type, schema, depth)))
}

function ofType(type: string, schema: Schema, depth: number): fc.Arbitrary<unknown> {
  switch (type) {
    case 'object':
      return objectOf(schema, depth)
    case 'array':
      return fc.array(drawnFrom(schema.items ?? {}, depth + 1), { maxLength: 4 })
    case 'integer':
    case 'number':
      return numbers
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    default:
      return textOf(schema)
  }
}

function textOf({ format }: Schema): fc.Arbitrary<string> {
  if (format === 'date-time') return fc.oneof(fc.constantFrom(...instants), fc.string())
  if (format === 'date') return fc.oneof(fc.constantFrom(...days), fc.string())
  if (format === 'email') return fc.oneof(fc.emailAddress(), fc.string())
  return fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ maxLength: 30 }), fc.constantFrom(...odd))
}

function objectOf({ properties = {}, required = [] }: Schema, depth: number): fc.Arbitrary<unknown> {
  if (depth > 4) return fc.constant({})
  const shape = Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, drawnFrom(part, depth + 1)]))
  const known = fc.record(shape, { requiredKeys: required })
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

/** Requests for an operation, drawn from its contract. */
function requestsOf(contract: RouteContract) {
  const query = contract.query
    ? (drawnFrom(contract.query as Schema) as fc.Arbitrary<Record<string, unknown>>)
    : fc.constant({})
  const body = contract.body ? drawnFrom(contract.body as Schema) : fc.option(garbage, { nil: undefined, freq: 3 })
  return fc.record({ id: pathPart, query, body, etag, key, mediaType })
}

type Drawn = typeof requestsOf extends (contract: RouteContract) => fc.Arbitrary<infer D> ? D : never

function toInject(contract: RouteContract, drawn: Drawn, authorization: string): InjectOptions {
  const query = new URLSearchParams()
  if (typeof drawn.query === 'object' && drawn.query !== null) {
    for (const [name, value] of Object.entries(drawn.query))
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

/**
 * Draws requests from each operation's contract and sends them: whatever comes in, nothing is answered 5xx, and every
 * refusal is a problem document. The seed is fixed, so a failure repeats.
 */
export function proveNoFaults(
  t: Test,
  subject: ConventionSubject,
  { perOperation = 300, seed = 20_261_124 } = {},
): void {
  const { service, app, gateway, tenantId } = subject
  for (const contract of allRoutes.filter((route) => route.service === service)) {
    t.test(`${contract.operationId} answers whatever it is sent`, async (t) => {
      const role = [...hospitalRoles, operatorRole].find(({ name }) =>
        isAllowed(contract.access, permissionsOfRoles([name])),
      )
      const signedIn = gateway.bearer(service, { tenantId, roles: [role?.name ?? 'Admin'], userId: 1 })
      const authorization = contract.access === 'public' ? gateway.anonymous(service) : signedIn
      const drawn = fc.sample(requestsOf(contract), { numRuns: perOperation, seed })
      const faults: unknown[] = []
      for (let from = 0; from < drawn.length; from += atOnce) {
        const batch = drawn.slice(from, from + atOnce).map(async (request) => {
          const sent = toInject(contract, request, authorization)
          const { statusCode, headers } = await app.inject(sent)
          const isRefusal = statusCode >= 400
          const isProblem = String(headers['content-type']).startsWith('application/problem+json')
          if (statusCode >= 500 || (isRefusal && !isProblem))
            faults.push({
              statusCode,
              url: sent.url,
              payload: sent.payload,
              headers: { ...sent.headers, authorization: '' },
            })
        })
        await Promise.all(batch)
      }
      t.same(faults.slice(0, 3), [], `${drawn.length} requests, no fault`)
    })
  }
}
