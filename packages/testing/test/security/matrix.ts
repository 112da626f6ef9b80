import { allRoutes, isAllowed, type Permission, type RouteContract } from '@hospital/contracts'
import type { Test } from 'tap'
import { fieldNameOf, isInGraphql } from '../../../../gateway/src/graphql/schema.ts'
import { sampleOf, type TestSystem } from '../../src/index.ts'
import { type Document, documentsOf, readSchema } from './documents.ts'
import { each, emailOf, everybody, hospitals, type Person } from './people.ts'

const missingId = 2_147_480_000
/** No version that anything has: what is allowed is refused for its own reasons, and nothing changes. */
const ifMatch = '"999999"'

/** Input that is valid and changes nothing: it refers to rows that are not there, or to what exists already. */
function inputOf({ body, operationId }: RouteContract): Record<string, unknown> | undefined {
  if (!body) return undefined
  const sample = sampleOf(body)
  // An import takes anything, and reads it itself.
  if (!isObject(sample)) return {}
  if ('patient_id' in sample) sample['patient_id'] = missingId
  if (operationId === 'createTenant') sample['id'] = 'demo_hospital_001'
  return sample
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

const queryOf = ({ query }: RouteContract) => (query ? (sampleOf(query) as Record<string, unknown>) : {})

/**
 * Operations whose own rules ask for one thing more, and who holds the table's permission without it: an alert may be
 * put aside by those who prescribe or dispense, of those who may read it.
 */
const narrower: Record<string, readonly Permission[]> = {
  acknowledgeAlert: ['prescriptions.write', 'prescriptions.dispense'],
}

const mayDo = ({ access, operationId }: RouteContract, held: readonly Permission[] | null): boolean => {
  const more = narrower[operationId]
  return isAllowed(access, held) && (!more || more.some((permission) => isAllowed(permission, held)))
}

/** Refused for want of a permission, or let in, whatever came then. */
type Outcome = 'refused' | 'let in'

export async function proveMatrix(t: Test, system: TestSystem): Promise<void> {
  await namesEverything(t, system)
  const people = await everybody(system, hospitals.matrix)
  await t.test('REST', async (t) => {
    const tries = people.flatMap((person) => allRoutes.map((contract) => ({ person, contract })))
    await each(tries, async ({ person, contract }) => {
      const { outcome, shown } = await byRest(system, contract, person)
      judge(t, person, contract, outcome, shown)
    })
  })
  await t.test('GraphQL', async (t) => {
    const schema = await readSchema(system, people[0]?.token ?? '')
    const offered = allRoutes.filter(isInGraphql)
    t.same([...schema.fields.keys()].sort(), offered.map(fieldNameOf).sort(), 'a field for each operation')
    const documents = documentsOf(schema, offered, (contract) => argumentsOf(contract))
    const tries = people.flatMap((person) => documents.map((document) => ({ person, document })))
    await each(tries, async ({ person, document }) => {
      const outcomes = await byGraphql(t, system, document, person)
      for (const { contract, outcome, shown } of outcomes) judge(t, person, contract, outcome, shown)
    })
  })
  await t.test('the stream of events', async (t) => {
    for (const { name, token } of people) {
      const stop = new AbortController()
      const headers = token ? { authorization: `Bearer ${token}` } : {}
      const { status } = await fetch(`${system.url}/api/events/stream`, { headers, signal: stop.signal })
      stop.abort()
      t.equal(status, token ? 200 : 401, name)
    }
  })
}

/** The document that clients read and the table that doors ask are the same operations. */
async function namesEverything(t: Test, system: TestSystem): Promise<void> {
  const { body } = await system.request('GET', '/openapi.json')
  const paths = body.paths as Record<string, Record<string, { operationId: string; 'x-permission'?: string }>>
  const documented = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) =>
        `${method.toUpperCase()} ${path} ${operation.operationId} ${operation['x-permission'] ?? 'public'}`,
    ),
  )
  const named = allRoutes.map(
    ({ method, path, operationId, access }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')} ${operationId} ${access}`,
  )
  // The one operation that no contract makes; tried by itself.
  named.push('GET /api/events/stream streamEvents signed-in')
  t.same(documented.sort(), named.sort(), 'every documented operation is in the table, and the other way round')
}

function judge(t: Test, person: Person, contract: RouteContract, outcome: Outcome, shown: string): void {
  const expected: Outcome = mayDo(contract, person.permissions) ? 'let in' : 'refused'
  if (outcome !== expected) t.fail(`${person.name}, ${contract.operationId}: ${outcome}, not ${expected}: ${shown}`)
  else t.pass(`${person.name}, ${contract.operationId}: ${outcome}`)
}

/** Who ends a session by trying ends one of their own. */
async function tokenFor(system: TestSystem, { operationId }: RouteContract, person: Person) {
  if (operationId !== 'signOut' || !person.token) return person.token
  return await system.signIn(
    person.name === 'Operator' ? 'operator@platform.local' : emailOf(person.name, hospitals.matrix),
  )
}

async function byRest(system: TestSystem, contract: RouteContract, person: Person) {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(queryOf(contract))) query.set(name, String(value))
  const path = contract.path.replace(/:\w+/g, String(missingId))
  const body = inputOf(contract)
  const token = await tokenFor(system, contract, person)
  const response = await fetch(`${system.url}${path}?${query}`, {
    method: contract.method,
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...(contract.ifMatch === 'none' ? {} : { 'if-match': ifMatch }),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const text = await response.text()
  const shown = `${response.status} ${text.slice(0, 300)}`
  if (response.status >= 500) throw new Error(`${contract.operationId}: ${shown}`)
  const code = response.status >= 400 ? (JSON.parse(text) as { code: string }).code : ''
  // A public operation can answer 401 too; only the door asks for a Bearer token.
  const atDoor = code === 'forbidden' || (response.status === 401 && response.headers.has('www-authenticate'))
  return { outcome: (atDoor ? 'refused' : 'let in') as Outcome, shown }
}

function argumentsOf(contract: RouteContract): Record<string, unknown> {
  const input = inputOf(contract)
  const params = Object.entries(contract.params?.properties ?? {}).map(([name, schema]) => [
    name,
    (schema as { type?: string }).type === 'integer' ? missingId : String(missingId),
  ])
  return {
    ...Object.fromEntries(params),
    ...queryOf(contract),
    ...(input ? { input } : {}),
    ...(contract.ifMatch === 'none' ? {} : { if_match: ifMatch }),
  }
}

async function byGraphql(t: Test, system: TestSystem, { text, contracts }: Document, person: Person) {
  const [first] = contracts
  const token = first ? await tokenFor(system, first, person) : person.token
  const { status, body } = await system.request('POST', '/graphql', {
    ...(token ? { token } : {}),
    body: { query: text },
  })
  if (status === 401) return contracts.map((contract) => ({ contract, outcome: 'refused' as const, shown: '401' }))
  if (status !== 200) throw new Error(`${person.name}: ${status} ${JSON.stringify(body).slice(0, 800)}`)
  const errors = (body.errors ?? []) as { path: [string]; extensions?: { code?: string; status?: number } }[]
  return contracts.map((contract) => {
    const error = errors.find(({ path }) => path?.[0] === fieldNameOf(contract))
    const { code, status: problemStatus = 0 } = error?.extensions ?? {}
    if (problemStatus >= 500) t.fail(`${contract.operationId}: ${JSON.stringify(error)}`)
    if (error && !code) t.fail(`${contract.operationId}: an error without a problem: ${JSON.stringify(error)}`)
    const outcome: Outcome = code === 'forbidden' || code === 'unauthenticated' ? 'refused' : 'let in'
    return { contract, outcome, shown: JSON.stringify(error) ?? 'data' }
  })
}
