import { problems, problemsOf, type RouteContract } from '@hospital/contracts'
import { streamPath } from './stream/openapi.ts'

type Json = Record<string, unknown>

function problemResponses(contract: RouteContract): Json {
  const byStatus = Map.groupBy(problemsOf(contract), (code) => problems[code][0])
  return Object.fromEntries(
    [...byStatus]
      .sort(([a], [b]) => a - b)
      .map(([status, codes]) => [
        status,
        {
          description: codes.map((code) => `\`${code}\`: ${problems[code][1]}`).join('; '),
          ...(status === 429 || status === 503 ? { headers: { 'Retry-After': { schema: { type: 'integer' } } } } : {}),
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      ]),
  )
}

const header = (name: string, required: boolean, description: string, schema: Json): Json => ({
  name,
  in: 'header',
  required,
  description,
  schema,
})

function parameters(contract: RouteContract): Json[] {
  const named = (place: 'path' | 'query', object: RouteContract['params']): Json[] =>
    Object.entries(object?.properties ?? {}).map(([name, schema]) => ({
      name,
      in: place,
      required: place === 'path' || (object?.required ?? []).includes(name),
      schema,
    }))
  const list = [...named('path', contract.params), ...named('query', contract.query)]
  if (contract.ifMatch !== 'none')
    list.push(
      header('If-Match', contract.ifMatch === 'required', 'The ETag of the version you read', { type: 'string' }),
    )
  if (contract.idempotent)
    list.push(
      header('Idempotency-Key', false, 'The same key and body answers the stored response', {
        type: 'string',
        minLength: 1,
        maxLength: 255,
      }),
    )
  return list
}

function operation(contract: RouteContract): Json {
  const { access, body, answer, status } = contract
  const mediaTypes = ['application/json', ...contract.consumes]
  const isVersioned = answer?.properties?.['version'] !== undefined
  const etag = isVersioned ? { headers: { ETag: { schema: { type: 'string' } } } } : {}
  return {
    operationId: contract.operationId,
    summary: contract.summary,
    tags: [contract.service],
    ...(access === 'public' ? { security: [] } : { 'x-permission': access }),
    parameters: parameters(contract),
    ...(body
      ? {
          requestBody: {
            required: true,
            content: Object.fromEntries(mediaTypes.map((type) => [type, { schema: body }])),
          },
        }
      : {}),
    responses: {
      [status]: {
        description: status === 204 ? 'Done' : contract.summary,
        ...etag,
        ...(answer
          ? { content: { [(contract.produces ?? 'application/json').split(';')[0] ?? '']: { schema: answer } } }
          : {}),
      },
      ...problemResponses(contract),
    },
  }
}

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'request_id'],
  properties: {
    type: { type: 'string', description: 'Address of a page that explains the problem' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', enum: Object.keys(problems) },
    request_id: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'detail'],
        properties: { pointer: { type: 'string' }, detail: { type: 'string' } },
      },
    },
  },
}

/** The OpenAPI 3.1 document of every operation of every service, made from their contracts. */
export function openApiDocument(contracts: readonly RouteContract[]): Json {
  const byPath = Map.groupBy(contracts, ({ path }) => path.replace(/:(\w+)/g, '{$1}'))
  const paths = [...byPath].map(([path, group]) => [
    path,
    Object.fromEntries(group.map((contract) => [contract.method.toLowerCase(), operation(contract)])),
  ])
  const services = [...new Set(contracts.map(({ service }) => service))]
  return {
    openapi: '3.1.0',
    info: {
      title: 'Hospital',
      version: '1',
      description: 'Multi-tenant hospital management: identity, clinical and scheduling through one gateway.',
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }],
    tags: [...services, 'events'].map((name) => ({ name })),
    paths: { ...Object.fromEntries(paths), ...streamPath },
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { Problem: problemSchema },
    },
  }
}
