import { createHash } from 'node:crypto'
import { type GraphQLResolveInfo, Kind } from 'graphql'

/** Which change of which document. */
export type FieldPlace = Pick<GraphQLResolveInfo, 'operation' | 'path'>

/** As the contracts have it. */
const longestKey = 255

/**
 * The Idempotency-Key of one change: its argument, or else the header of the request. Where a document holds several
 * changes, each has a key of its own, made from the header and the name of its answer, so that a document that is sent
 * again changes nothing again.
 */
export function keyOf(
  argument: string | null | undefined,
  header: string | string[] | undefined,
  { operation, path }: FieldPlace,
): string | undefined {
  if (argument !== undefined && argument !== null) return argument
  // A header that is too long is passed on as it is, for the service to refuse as by REST.
  if (typeof header !== 'string' || header.length > longestKey || isAlone(operation))
    return header as string | undefined
  const derived = `${header}:${path.key}`
  return derived.length <= longestKey ? derived : createHash('sha256').update(derived).digest('hex')
}

function isAlone({ selectionSet: { selections } }: FieldPlace['operation']): boolean {
  return selections.length === 1 && selections[0]?.kind === Kind.FIELD
}
