import { problem, type RouteContract, toProblemDetails } from '@hospital/contracts'
import { nextTraceparent } from '@hospital/messaging'
import type { FastifyRequest } from 'fastify'
import { GraphQLError } from 'graphql'
import type { Dispatcher } from 'undici'
import { requestHeaders } from '../headers.ts'
import type { LiveSession } from '../sessions.ts'
import type { Upstreams } from '../upstreams.ts'
import { countRequest } from './limits.ts'

export interface OperationDeps {
  upstreams: Upstreams
  contextToken: (service: RouteContract['service'], session: LiveSession | null) => string
  answerTimeoutMs: number
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

/** The REST address of a GraphQL field's arguments. */
function addressOf(contract: RouteContract, given: Arguments): string {
  const path = contract.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(given[name])))
  const query = new URLSearchParams()
  for (const name of Object.keys(contract.query?.properties ?? {})) {
    if (given[name] !== undefined && given[name] !== null) query.set(name, String(given[name]))
  }
  return query.size > 0 ? `${path}?${query}` : path
}

/** Only what belongs to this field: the headers of the GraphQL request are not those of each of its operations. */
function headersOf(request: FastifyRequest, token: string, given: Arguments, hasBody: boolean): Record<string, string> {
  const headers: Record<string, string> = requestHeaders(request, token, nextTraceparent(request.traceparent))
  for (const name of ['content-type', 'if-match', 'if-none-match', 'idempotency-key']) delete headers[name]
  return {
    ...headers,
    ...(hasBody ? { 'content-type': 'application/json' } : {}),
    ...(given.if_match ? { 'if-match': given.if_match } : {}),
    ...(given.idempotency_key ? { 'idempotency-key': given.idempotency_key } : {}),
  }
}

/**
 * Carries out one operation for a GraphQL field by the very route that REST takes, so validation, permission, field
 * rules and audit are the same. A problem becomes a GraphQL error with the problem in its extensions.
 */
export async function carryOut(
  deps: OperationDeps,
  contract: RouteContract,
  context: GraphqlContext,
  given: Arguments,
): Promise<unknown> {
  const { request } = context
  countRequest(context)
  refuseLong(given, request.id)
  const hasBody = contract.body !== undefined
  try {
    const answer = await deps.upstreams[contract.service].pool.request({
      path: addressOf(contract, given),
      method: contract.method as Dispatcher.HttpMethod,
      headers: headersOf(request, deps.contextToken(contract.service, request.session), given, hasBody),
      body: hasBody ? JSON.stringify(given.input ?? {}) : null,
      signal: AbortSignal.timeout(deps.answerTimeoutMs),
    })
    const text = await answer.body.text()
    const body: unknown = text === '' ? null : JSON.parse(text)
    if (answer.statusCode < 400) return contract.answer === null ? true : body
    throw new GraphQLError(String((body as { detail?: unknown }).detail), {
      extensions: body as Record<string, unknown>,
    })
  } catch (error) {
    if (error instanceof GraphQLError) throw error
    const { message, code } = problem('service-unavailable')
    throw new GraphQLError(message, { extensions: { code, status: 503 } })
  }
}
