import { type DocumentNode, GraphQLError, type GraphQLSchema, getOperationAST, getVariableValues } from 'graphql'
import type { GraphqlContext } from './operation.ts'

/** Whether a value fits its type does not depend on the length of its texts; how long a complaint about it is does. */
function abridged(value: unknown): unknown {
  if (typeof value === 'string') return value.slice(0, 100)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(abridged)
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key.slice(0, 100), abridged(item)]))
}

/**
 * Only the first thing that is wrong is looked for: graphql-js goes on to fifty, and each prints the whole value.
 * @throws GraphQLError that says it
 */
export function checkVariables(
  schema: GraphQLSchema,
  document: DocumentNode,
  { variables, operationName }: Pick<GraphqlContext, 'variables' | 'operationName'>,
): void {
  const operation = getOperationAST(document, operationName)
  const values = abridged(variables) as Record<string, unknown>
  const { errors } = getVariableValues(schema, operation?.variableDefinitions ?? [], values, { maxErrors: 1 })
  const first = errors?.[0]
  if (first) throw new GraphQLError(first.message, first.nodes ? { nodes: first.nodes } : {})
}
