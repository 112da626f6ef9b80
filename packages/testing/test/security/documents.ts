import type { RouteContract } from '@hospital/contracts'
import { fieldNameOf } from '../../../../gateway/src/graphql/schema.ts'
import type { TestSystem } from '../../src/index.ts'

interface TypeRef {
  name: string | null
  kind: string
  ofType: TypeRef | null
}

interface Field {
  name: string
  type: TypeRef
}

export interface Schema {
  /** Fields of Query and Mutation by their names. */
  fields: Map<string, Field>
  objects: Map<string, Field[]>
}

/** One GraphQL document: each field of it is an operation. */
export interface Document {
  text: string
  contracts: RouteContract[]
}

const typeRef = 'name kind ofType { name kind ofType { name kind ofType { name kind } } }'

/** The schema as the running gateway tells it. */
export async function readSchema(system: TestSystem, token: string): Promise<Schema> {
  const query = `{ __schema { types { name kind fields { name type { ${typeRef} } } } } }`
  const { body } = await system.request('POST', '/graphql', { token, body: { query } })
  const { types } = (body.data as { __schema: { types: { name: string; fields: Field[] | null }[] } }).__schema
  const objects = new Map(types.flatMap(({ name, fields }) => (fields ? [[name, fields] as const] : [])))
  const roots = [...(objects.get('Query') ?? []), ...(objects.get('Mutation') ?? [])]
  return { fields: new Map(roots.map((field) => [field.name, field])), objects }
}

const inner = (type: TypeRef): TypeRef => (type.ofType ? inner(type.ofType) : type)

/** The least that can be asked of a type: one plain field, as deep as needed. */
function selection({ objects }: Schema, type: TypeRef): string {
  const { name, kind } = inner(type)
  if (kind !== 'OBJECT') return ''
  const fields = objects.get(name ?? '') ?? []
  const plain = fields.find((field) => inner(field.type).kind !== 'OBJECT')
  if (plain) return `{ ${plain.name} }`
  const [first] = fields
  return first ? `{ ${first.name} ${selection({ objects, fields: new Map() }, first.type)} }` : ''
}

/** Everything that can be asked of a type, and of what it leads to as deep as said. */
export function everythingOf(schema: Schema, type: TypeRef, depth: number): string {
  const { name, kind } = inner(type)
  if (kind !== 'OBJECT') return ''
  const fields = (schema.objects.get(name ?? '') ?? []).filter(
    (field) => depth > 0 || inner(field.type).kind !== 'OBJECT',
  )
  return `{ ${fields.map((field) => `${field.name} ${everythingOf(schema, field.type, depth - 1)}`).join(' ')} }`
}

/** A JSON value as GraphQL writes it: the same, with bare names. */
export function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{${Object.entries(value)
    .map(([name, part]) => `${name}: ${literal(part)}`)
    .join(', ')}}`
}

const perDocument = 15

/** Documents that ask for all the operations; one that ends sessions stands alone. */
export function documentsOf(
  schema: Schema,
  contracts: readonly RouteContract[],
  argumentsOf: (contract: RouteContract) => Record<string, unknown>,
): Document[] {
  const fieldText = (contract: RouteContract): string => {
    const field = schema.fields.get(fieldNameOf(contract))
    if (!field) throw new Error(`GraphQL has no field for ${contract.operationId}`)
    const given = Object.entries(argumentsOf(contract)).map(([name, value]) => `${name}: ${literal(value)}`)
    return `${field.name}${given.length > 0 ? `(${given.join(', ')})` : ''} ${selection(schema, field.type)}`
  }
  const groups = Map.groupBy(contracts, ({ method, operationId }) =>
    operationId === 'signOut' ? 'alone' : method === 'GET' ? 'query' : 'mutation',
  )
  return [...groups].flatMap(([kind, all]) =>
    chunks(all).map((part) => ({
      text: `${kind === 'query' ? 'query' : 'mutation'} { ${part.map(fieldText).join('\n')} }`,
      contracts: part,
    })),
  )
}

const chunks = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / perDocument) }, (_, at) =>
    items.slice(at * perDocument, (at + 1) * perDocument),
  )
