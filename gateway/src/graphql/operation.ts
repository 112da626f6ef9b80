import { Problem, problem, type RouteContract, toProblemDetails } from '@hospital/contracts'
import type { FastifyRequest } from 'fastify'
import { GraphQLError } from 'graphql'
import type { Upstreams } from '../upstream/upstreams.ts'
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
const headersOf = (given: Arguments): Record<string, string> => ({
  ...(given.if_match ? { 'if-match': given.if_match } : {}),
  ...(given.idempotency_key ? { 'idempotency-key': given.idempotency_key } : {}),
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
): Promise<unknown> {
  const { request } = context
  countRequest(context)
  refuseLong(given, request.id)
  const operation = { path: given, query: given, body: given.input, headers: headersOf(given) }
  try {
    const answer = await upstreams[contract.service].carryOut(contract, operation, request)
    return contract.answer === null ? true : answer
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    throw new GraphQLError(error.message, { extensions: toProblemDetails(error, request.id) })
  }
}
