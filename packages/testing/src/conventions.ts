import {
  allRoutes,
  hospitalRoles,
  isAllowed,
  operatorRole,
  permissionsOfRoles,
  type RouteContract,
  type ServiceName,
} from '@hospital/contracts'
import type { FastifyInstance, InjectOptions } from 'fastify'
import type { Test } from 'tap'
import { sampleOf } from './sample.ts'
import type { TestGateway } from './tokens.ts'

export interface ConventionSubject {
  service: ServiceName
  app: FastifyInstance
  gateway: TestGateway
  tenantId: string
  /** How many audit rows a request left. */
  auditRows(requestId: string): Promise<number>
}

type Headers = Record<string, string>
type Method = NonNullable<InjectOptions['method']>

const everyRole = [...hospitalRoles, operatorRole]
const missingId = '2147480000'

let requests = 0

/** Sends a contract's request with sample input; `vary` changes it. */
async function send(
  subject: ConventionSubject,
  contract: RouteContract,
  role: string | null,
  vary: { query?: string; body?: unknown; headers?: Headers; rawBody?: string } = {},
) {
  const { app, gateway, service, tenantId } = subject
  const requestId = `convention-${++requests}`
  const signedIn =
    role === null ? {} : { authorization: gateway.bearer(service, { tenantId, roles: [role], userId: 1 }) }
  const authorization = contract.access === 'public' ? { authorization: gateway.anonymous(service) } : signedIn
  const wantsBody = contract.body !== undefined || vary.rawBody !== undefined
  const payload =
    vary.rawBody ?? JSON.stringify('body' in vary ? vary.body : contract.body ? sampleOf(contract.body) : {})
  const response = await app.inject({
    method: contract.method as Method,
    url: contract.path.replace(/:\w+/g, missingId) + (vary.query ?? ''),
    headers: {
      'x-request-id': requestId,
      ...(wantsBody ? { 'content-type': 'application/json' } : {}),
      ...authorization,
      ...vary.headers,
    },
    ...(wantsBody ? { payload } : {}),
  })
  if (response.statusCode >= 500)
    throw new Error(`${contract.operationId} answered ${response.statusCode}: ${response.body}`)
  const body = response.body === '' ? null : (response.json() as Record<string, unknown>)
  return {
    status: response.statusCode,
    code: body?.['code'],
    errors: (body?.['errors'] ?? []) as { pointer: string }[],
    requestId,
    type: response.headers['content-type'],
  }
}

const mayUse = (contract: RouteContract, role: string) => isAllowed(contract.access, permissionsOfRoles([role]))

/** The rules that hold on every route of a service, proved by walking the route table. */
export function proveConventions(t: Test, subject: ConventionSubject): void {
  for (const contract of allRoutes.filter((route) => route.service === subject.service)) {
    t.test(`${contract.method} ${contract.path} keeps the conventions`, async (t) => {
      if (!subject.app.hasRoute({ method: contract.method, url: contract.path }))
        return t.fail(
          `${contract.operationId} is carried out by nobody: give it a handler in a routes.ts of its service, and that file its place in app.ts`,
        )
      const allowed = everyRole.find((role) => mayUse(contract, role.name))?.name
      if (contract.access !== 'public') await proveAccess(t, subject, contract)
      if (allowed === undefined && contract.access !== 'public') return t.fail('nobody may use it')
      await proveInput(t, subject, contract, allowed ?? null)
    })
  }
}

async function proveAccess(t: Test, subject: ConventionSubject, contract: RouteContract): Promise<void> {
  const anonymous = await send(subject, contract, null)
  t.equal(anonymous.status, 401, 'no token: 401')
  for (const { name } of everyRole.filter((role) => !mayUse(contract, role.name))) {
    const denied = await send(subject, contract, name)
    t.equal(denied.status, 403, `${name}: 403`)
    t.equal(await subject.auditRows(denied.requestId), 1, `${name}: the denial is on record once`)
  }
}

async function proveInput(
  t: Test,
  subject: ConventionSubject,
  contract: RouteContract,
  role: string | null,
): Promise<void> {
  const query = await send(subject, contract, role, { query: '?no_such_parameter=1', headers: { 'if-match': '"1"' } })
  t.equal(query.status, 400, 'unknown query parameter: 400')
  t.ok(
    query.errors.some(({ pointer }) => pointer === 'query:no_such_parameter'),
    'and it is named',
  )
  t.match(query.type, 'application/problem+json', 'as a problem')
  if (contract.method !== 'GET') {
    const broken = await send(subject, contract, role, { rawBody: '{"a":' })
    t.equal(broken.status, 400, 'malformed JSON: 400')
    const sample = contract.body ? (sampleOf(contract.body) as object) : {}
    const extra = await send(subject, contract, role, {
      rawBody: JSON.stringify({ ...sample, no_such_field: 1 }),
      headers: { 'if-match': '"1"' },
    })
    if (!contract.consumes.includes('application/fhir+json'))
      t.ok(
        extra.errors.some(({ pointer }) => pointer === '/no_such_field'),
        'unknown field: named',
      )
  }
  if (contract.ifMatch === 'required') t.equal((await send(subject, contract, role)).status, 428, 'no If-Match: 428')
  if (contract.params && /:id/.test(contract.path) && role !== null) await proveMissing(t, subject, contract)
}

async function proveMissing(t: Test, subject: ConventionSubject, contract: RouteContract): Promise<void> {
  const roles = everyRole.filter(({ name }) => mayUse(contract, name))
  const tries: Awaited<ReturnType<typeof send>>[] = []
  // A rule of the feature may ask for more than the permission: somebody has to get as far as 404.
  for (const { name } of roles) tries.push(await send(subject, contract, name, { headers: { 'if-match': '"1"' } }))
  t.ok(
    tries.some(({ status }) => status === 404),
    'an id that is not there: 404',
  )
  for (const { requestId } of tries) t.equal(await subject.auditRows(requestId), 1, 'and the try is on record once')
}
