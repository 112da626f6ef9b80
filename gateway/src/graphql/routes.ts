import { problem, type RouteContract } from '@hospital/contracts'
import { parseJson } from '@hospital/service/json'
import type { FastifyInstance, onRequestAsyncHookHandler } from 'fastify'
import { type ExecutionResult, GraphQLError, NoSchemaIntrospectionCustomRule } from 'graphql'
import { mercurius } from 'mercurius'
import { checkDocument, checkLength, documentLimits } from './limits.ts'
import type { GraphqlContext, OperationDeps } from './operation.ts'
import { graphqlSchema } from './schema.ts'
import { checkVariables } from './variables.ts'

interface GraphqlDeps extends OperationDeps {
  authenticate: onRequestAsyncHookHandler
  /** No introspection and no suggestions. */
  production: boolean
}

interface GraphqlBody {
  query: string
  variables: Record<string, unknown>
  operationName: string | undefined
}

function bodyOf(body: unknown): GraphqlBody {
  const { query, variables, operationName } = (body ?? {}) as Record<string, unknown>
  const fits =
    typeof query === 'string' &&
    (variables === undefined || (typeof variables === 'object' && !Array.isArray(variables))) &&
    (operationName === undefined || operationName === null || typeof operationName === 'string')
  if (!fits) {
    throw problem('invalid-request', {
      errors: [{ pointer: '/query', detail: 'send {query, variables?, operationName?}' }],
    })
  }
  return {
    query,
    variables: (variables ?? {}) as Record<string, unknown>,
    operationName: operationName ? String(operationName) : undefined,
  }
}

/** What is wrong is said at the end of a message, what was sent in the middle. */
const shortened = (text: string): string =>
  text.length > 500 ? `${text.slice(0, 250)} … ${text.slice(-250)}`.toWellFormed() : text

/** What the client may see of an error: problems and what is wrong with the document; no more of anything else. */
const visible = (production: boolean) => (error: GraphQLError) => {
  const { message, path, locations, extensions } = error
  const isProblem = typeof extensions?.['code'] === 'string'
  const aboutDocument = error instanceof GraphQLError && (!error.originalError || isProblem)
  // The schema is not told by suggestions either.
  const text = (production ? message.split(' Did you mean ', 1)[0] : message) ?? ''
  return {
    message: aboutDocument ? shortened(text) : 'Something went wrong here.',
    ...(path ? { path } : {}),
    ...(locations ? { locations } : {}),
    ...(isProblem ? { extensions } : {}),
  }
}

/** `POST /graphql`: queries and changes over the operations of all services, for people who are signed in. */
export function registerGraphql(app: FastifyInstance, contracts: readonly RouteContract[], deps: GraphqlDeps): void {
  const show = visible(deps.production)
  app.register((scope, _options, done) => {
    parseJson(scope, ['application/json'])
    scope.register(mercurius, {
      schema: graphqlSchema(contracts, deps),
      routes: false,
      graphiql: false,
      // It keeps what is in order and what is not, each up to twice as many.
      cache: 100,
      graphql: { parseOptions: { maxTokens: documentLimits.tokens }, validateOptions: { maxErrors: 1 } },
      validationRules: deps.production ? [NoSchemaIntrospectionCustomRule] : [],
      errorFormatter: (execution: ExecutionResult) => ({
        statusCode: execution.data ? 200 : 400,
        response: { data: execution.data ?? null, errors: (execution.errors ?? []).map(show) },
      }),
    } as never)
    scope.after(() => {
      scope.graphql.addHook('preValidation', async (_schema, document) => checkDocument(document))
      scope.graphql.addHook('preExecution', async (schema, document, context) => {
        const asked = context as unknown as GraphqlContext
        checkVariables(schema, document, asked)
        return { variables: asked.variables }
      })
    })
    scope.post('/graphql', { onRequest: deps.authenticate }, async (request, reply) => {
      const { query, variables, operationName } = bodyOf(request.body)
      try {
        checkLength(query)
        const context = { request, variables, operationName, requests: 0, answers: new Map(), batches: new Map() }
        return await reply.graphql(query, context, undefined, operationName)
      } catch (error) {
        // A document that cannot be carried out. Where there are more errors, the others were not looked for.
        const first = error instanceof GraphQLError ? error : (error as { errors?: GraphQLError[] }).errors?.[0]
        if (!first) throw error
        return reply.code(400).send({ data: null, errors: [show(first)] })
      }
    })
    done()
  })
}
