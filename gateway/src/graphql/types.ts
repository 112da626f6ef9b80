import * as contracts from '@hospital/contracts'
import {
  GraphQLBoolean,
  GraphQLFloat,
  type GraphQLInputFieldConfig,
  GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLScalarType,
  GraphQLString,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql'

/** The parts of JSON Schema that decide a GraphQL type; the service validates the rest. */
export interface JsonSchema {
  type?: string | string[]
  anyOf?: JsonSchema[]
  allOf?: JsonSchema[]
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  default?: unknown
}

/** Documents of any shape: insurance details, problem extensions. */
const JsonScalar = new GraphQLScalarType({
  name: 'JSON',
  description: 'Any JSON value',
  parseValue: (value: unknown) => value,
  parseLiteral: (node: ValueNode, variables) => valueFromASTUntyped(node, variables),
})

/** Entities are called in GraphQL as they are exported by the contracts: `Patient`, `Appointment`. */
const exportedNames = new Map<unknown, string>(
  Object.entries(contracts)
    .filter(([name, value]) => /^[A-Z]/.test(name) && typeof value === 'object')
    .map(([name, value]) => [value, name]),
)

const scalars = { integer: GraphQLInt, number: GraphQLFloat, boolean: GraphQLBoolean, string: GraphQLString } as const

/** `[type, 'null']` and null itself aside, the one JSON type of a schema. */
function jsonType({ type }: JsonSchema): string | undefined {
  const types = [type ?? []].flat().filter((name) => name !== 'null')
  return types.length === 1 ? types[0] : undefined
}

const isNullable = (schema: JsonSchema): boolean =>
  [schema.type ?? []].flat().includes('null') || (schema.anyOf ?? []).some((part) => part.type === 'null')

/** Of `T | null` the T. */
const unwrapped = (schema: JsonSchema): JsonSchema => {
  const parts = (schema.anyOf ?? []).filter((part) => part.type !== 'null')
  return parts.length === 1 && parts[0] ? parts[0] : schema
}

/** GraphQL types of contract schemas, each made once. `linksOf` adds fields to an entity. */
export function graphqlTypes(linksOf: (name: string, schema: JsonSchema) => Record<string, object>) {
  const outputs = new Map<string, GraphQLObjectType>()

  const output = (given: JsonSchema, nameHint: string): GraphQLOutputType => {
    const schema = unwrapped(given)
    const type = jsonType(schema)
    if (type === 'array') return new GraphQLList(output(schema.items ?? {}, nameHint))
    if (type !== 'object') return scalars[type as keyof typeof scalars] ?? JsonScalar
    if (!schema.properties || Object.keys(schema.properties).length === 0) return JsonScalar
    return objectType(schema, exportedNames.get(schema) ?? exportedNames.get(given) ?? nameHint)
  }

  const objectType = (schema: JsonSchema, name: string): GraphQLObjectType => {
    const known = outputs.get(name)
    if (known) return known
    const made = new GraphQLObjectType({
      name,
      fields: () => ({
        ...Object.fromEntries(
          Object.entries(schema.properties ?? {}).map(([field, part]) => [
            field,
            { type: output(part, `${name}${capital(field)}`) },
          ]),
        ),
        ...(linksOf(name, schema) as Record<string, { type: GraphQLOutputType }>),
      }),
    })
    outputs.set(name, made)
    return made
  }

  const input = (given: JsonSchema, name: string): GraphQLInputType => {
    const schema = unwrapped(given)
    const type = jsonType(schema)
    if (type === 'array') return new GraphQLList(new GraphQLNonNull(input(schema.items ?? {}, name)))
    if (type !== 'object') return scalars[type as keyof typeof scalars] ?? JsonScalar
    if (!schema.properties || Object.keys(schema.properties).length === 0) return JsonScalar
    return new GraphQLInputObjectType({ name, fields: inputFields(schema, name) })
  }

  const inputFields = (schema: JsonSchema, name: string): Record<string, GraphQLInputFieldConfig> =>
    Object.fromEntries(
      Object.entries(schema.properties ?? {}).map(([field, part]) => {
        const type = input(part, `${name}${capital(field)}`)
        const must = (schema.required ?? []).includes(field) && part.default === undefined && !isNullable(part)
        return [field, { type: must ? new GraphQLNonNull(type) : type }]
      }),
    )

  return { output, input, inputFields }
}

export const capital = (text: string): string =>
  text.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())
