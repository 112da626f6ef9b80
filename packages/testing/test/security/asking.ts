import type { RouteContract } from '@hospital/contracts'
import { fieldNameOf, isInGraphql } from '../../../../gateway/src/graphql/schema.ts'
import type { TestSystem } from '../../src/index.ts'
import type { Row } from '../../src/round-trip.ts'
import { everythingOf, literal, type Schema } from './documents.ts'
import type { Person } from './people.ts'

/** What is given to an operation besides the token. */
export interface Given {
  path?: Row
  query?: Row
  body?: Row | undefined
  /** The header Idempotency-Key. */
  key?: string
}

export interface Asked {
  /** Carried out; else `code` says why not. */
  done: boolean
  code: string
  /** The whole answer. */
  text: string
  /** What the operation answers, by GraphQL what the document selected of it. */
  answer: Row
}

/** One way to an operation. */
export interface Door {
  name: 'REST' | 'GraphQL'
  offers(contract: RouteContract): boolean
  ask(person: Person, contract: RouteContract, given?: Given): Promise<Asked>
}

export const restDoor = (system: TestSystem): Door => ({
  name: 'REST',
  offers: () => true,
  ask: async ({ token }, contract, { path = {}, query = {}, body, key } = {}) => {
    const address = contract.path.replace(/:(\w+)/g, (_, name: string) => String(path[name]))
    const words = new URLSearchParams(
      Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
    )
    const response = await fetch(`${system.url}${address}?${words}`, {
      method: contract.method,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(contract.ifMatch === 'none' ? {} : { 'if-match': '*' }),
        ...(key ? { 'idempotency-key': key } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    const answer = isJson && text !== '' ? (JSON.parse(text) as Row) : {}
    return { done: response.status === contract.status, code: String(answer['code'] ?? response.status), text, answer }
  },
})

const deep = 4

/** By GraphQL everything is selected that an answer holds, and what its links lead to. */
export const graphqlDoor = (system: TestSystem, schema: Schema): Door => ({
  name: 'GraphQL',
  offers: isInGraphql,
  ask: async ({ token }, contract, { path = {}, query = {}, body, key } = {}) => {
    const name = fieldNameOf(contract)
    const field = schema.fields.get(name)
    if (!field) throw new Error(`GraphQL has no field for ${contract.operationId}`)
    const ifMatch = contract.ifMatch === 'none' ? {} : { if_match: '*' }
    const given = Object.entries({ ...path, ...query, ...ifMatch, ...(body ? { input: body } : {}) })
    const passed = given.length > 0 ? `(${given.map(([key, value]) => `${key}: ${literal(value)}`).join(', ')})` : ''
    const kind = contract.method === 'GET' ? 'query' : 'mutation'
    const { body: said } = await system.request('POST', '/graphql', {
      ...(token ? { token } : {}),
      ...(key ? { headers: { 'idempotency-key': key } } : {}),
      body: { query: `${kind} { ${name}${passed} ${everythingOf(schema, field.type, deep)} }` },
    })
    const errors = (said['errors'] ?? []) as { path?: string[]; extensions?: { code?: string } }[]
    // What a link leads to may be closed while the operation itself is carried out.
    const refusal = errors.find((error) => (error.path?.length ?? 0) <= 1)
    const answer = ((said['data'] as Row | null)?.[name] ?? {}) as Row
    return {
      done: refusal === undefined && said['data'] !== undefined,
      code: String(refusal?.extensions?.code ?? said['code'] ?? ''),
      text: JSON.stringify(said),
      answer,
    }
  },
})
