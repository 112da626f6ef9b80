import { Problem, problem, type RouteContract, toProblemDetails } from '@hospital/contracts'
import type { FastifyRequest } from 'fastify'
import { GraphQLError } from 'graphql'
import { addressOf, type Upstreams } from '../upstream/upstreams.ts'
import { type FieldPlace, keyOf } from './idempotency-key.ts'
import { countRequest } from './limits.ts'

export interface OperationDeps {
  upstreams: Upstreams
}

export interface GraphqlContext {
  request: FastifyRequest
  variables: Readonly<Record<string, unknown>>
  operationName: string | undefined
  /** How many requests the document has made of services. */
  requests: number
  /** What was read for this document since its last change, by address. */
  answers: Map<string, Promise<unknown>>
  /** What is about to be read together, by the list's operation. */
  batches: Map<string, { ids: Set<number>; rows: Promise<ReadonlyMap<number, unknown>> }>
}

export interface Arguments {
  [name: string]: unknown
  input?: object
  if_match?: string
  idempotency_key?: string
}

/** No parameter or header of the contracts is longer; by REST the head of a request has its own limit. */
const longestParameter = 4_000

function refuseLong({ input: _body, ...parameters }: Arguments, requestId: string): void {
  const long = Object.entries(parameters).find(
    ([, value]) => typeof value === 'string' && value.length > longestParameter,
  )
  if (long === undefined) return
  const refusal = problem('invalid-request', { errors: [{ pointer: `query:${long[0]}`, detail: 'is too long' }] })
  throw new GraphQLError(refusal.message, { extensions: toProblemDetails(refusal, requestId) })
}

/** Only what belongs to this field: the headers of the GraphQL request are not those of each of its operations. */
const headersOf = (given: Arguments, key: string | undefined): Record<string, string> => ({
  ...(given.if_match ? { 'if-match': given.if_match } : {}),
  // An empty one too, for the service to refuse as by REST.
  ...(key === undefined ? {} : { 'idempotency-key': key }),
})

/**
 * Carries out one operation for a GraphQL field as REST does, so validation, permission, field rules and audit are the
 * same. A problem becomes a GraphQL error with the problem in its extensions.
 */
export async function carryOut(
  { upstreams }: OperationDeps,
  contract: RouteContract,
  context: GraphqlContext,
  given: Arguments,
  key?: string,
): Promise<unknown> {
  const { request } = context
  countRequest(context)
  const operation = { path: given, query: given, body: given.input, headers: headersOf(given, key) }
  try {
    const answer = await upstreams[contract.service].carryOut(contract, operation, request)
    return contract.answer === null ? true : answer
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    throw new GraphQLError(error.message, { extensions: toProblemDetails(error, request.id) })
  }
}

/** Asks an address once for a document, however many of its fields ask it. */
export function once(context: GraphqlContext, address: string, ask: () => Promise<unknown>): Promise<unknown> {
  const known = context.answers.get(address)
  if (known !== undefined) return known
  const answer = ask()
  context.answers.set(address, answer)
  return answer
}

/** Reads, once for a document. */
export async function read(
  deps: OperationDeps,
  contract: RouteContract,
  context: GraphqlContext,
  given: Arguments,
): Promise<unknown> {
  refuseLong(given, context.request.id)
  const address = addressOf(contract, { path: given, query: given })
  return once(context, address, () => carryOut(deps, contract, context, given))
}

/** Changes something. What comes after it in the document, below it too, reads anew. */
export async function change(
  deps: OperationDeps,
  contract: RouteContract,
  context: GraphqlContext,
  given: Arguments,
  field: FieldPlace,
): Promise<unknown> {
  refuseLong(given, context.request.id)
  // Where no key can be kept the service refuses it, as by REST: who sends one counts on it.
  const takesKey = contract.idempotent || contract.secretAnswer
  const { 'idempotency-key': header } = context.request.headers
  try {
    return await carryOut(
      deps,
      contract,
      context,
      given,
      takesKey ? keyOf(given.idempotency_key, header, field) : undefined,
    )
  } finally {
    context.answers.clear()
  }
}
