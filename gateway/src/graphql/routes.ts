import { problem, type RouteContract } from '@hospital/contracts'
import type { FastifyInstance, onRequestAsyncHookHandler } from 'fastify'
import { type ExecutionResult, type GraphQLError, NoSchemaIntrospectionCustomRule } from 'graphql'
import { mercurius } from 'mercurius'
import { limitFields, limitOperations } from './limits.ts'
import type { OperationDeps } from './operation.ts'
import { graphqlSchema } from './schema.ts'

export interface GraphqlDeps extends OperationDeps {
  authenticate: onRequestAsyncHookHandler
  /** No introspection and no suggestions. */
  production: boolean
}

interface GraphqlBody {
  query: string
  variables?: Record<string, unknown>
  operationName?: string
}

function bodyOf(body: unknown): GraphqlBody {
  const { query, variables, operationName } = (body ?? {}) as Record<string, unknown>
  const fits =
    typeof query === 'string' &&
    (variables === undefined || variables === null || typeof variables === 'object') &&
    (operationName === undefined || operationName === null || typeof operationName === 'string')
  if (!fits) {
    throw problem('invalid-request', {
      errors: [{ pointer: '/query', detail: 'send {query, variables?, operationName?}' }],
    })
  }
  return {
    query,
    ...(variables ? { variables: variables as Record<string, unknown> } : {}),
    ...(operationName ? { operationName } : {}),
  }
}

/** What the client may see of an error: problems and what is wrong with the document; no more of anything else. */
const visible = (production: boolean) => (error: GraphQLError) => {
  const { message, path, locations, extensions } = error
  const isProblem = typeof extensions?.['code'] === 'string'
  const aboutDocument = !error.originalError || isProblem
  const text = production ? message.replace(/ Did you mean .*$/, '') : message
  return {
    message: aboutDocument ? text : 'Something went wrong here.',
    ...(path ? { path } : {}),
    ...(locations ? { locations } : {}),
    ...(isProblem ? { extensions } : {}),
  }
}

/** `POST /graphql`: queries and changes over the operations of all services, for people who are signed in. */
export function registerGraphql(app: FastifyInstance, contracts: readonly RouteContract[], deps: GraphqlDeps): void {
  app.register((scope, _options, done) => {
    scope.register(mercurius, {
      schema: graphqlSchema(contracts, deps),
      routes: false,
      graphiql: false,
      queryDepth: 8,
      cache: 500,
      validationRules: [limitFields, limitOperations, ...(deps.production ? [NoSchemaIntrospectionCustomRule] : [])],
      errorFormatter: (execution: ExecutionResult) => ({
        statusCode: execution.data ? 200 : 400,
        response: { data: execution.data ?? null, errors: (execution.errors ?? []).map(visible(deps.production)) },
      }),
    } as never)
    scope.post('/graphql', { onRequest: deps.authenticate }, async (request, reply) => {
      const { query, variables, operationName } = bodyOf(request.body)
      try {
        return await reply.graphql(query, { request }, variables, operationName)
      } catch (error) {
        // A document that cannot be carried out: mercurius throws what is wrong with it.
        const { errors } = error as { errors?: readonly GraphQLError[] }
        if (!errors) throw error
        return reply.code(400).send({ data: null, errors: errors.map(visible(deps.production)) })
      }
    })
    done()
  })
}
