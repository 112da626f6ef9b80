import { allRoutes, hospitalRoles, isAllowed, permissionsOfRoles, type RouteContract } from '@hospital/contracts'
import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import type { ConventionSubject } from './conventions.ts'
import { sampleOf } from './sample.ts'

const missingId = 2_147_480_000

type Reply = Awaited<ReturnType<FastifyInstance['inject']>>

/** What a stranger could compare: status, headers and body, without what differs between any two requests. */
function comparable(reply: Reply): string {
  const { date: _date, 'x-request-id': _id, ...headers } = reply.headers
  const body = reply.body.replace(/"request_id":"[^"]*"/, '"request_id":""')
  return JSON.stringify([reply.statusCode, headers, body])
}

const withId = (contract: RouteContract, id: number) => contract.path.replace(/:\w+/g, String(id))

/**
 * Another hospital's row and a row that never was give the same bytes, on every operation with an id and in every filter by
 * patient or doctor. `foreignIdOf` names a row of the other hospital whose id this hospital does not have.
 */
export function proveForeignLooksMissing(
  t: Test,
  subject: ConventionSubject,
  foreignIdOf: (path: string) => number | undefined,
  /** Operations whose answer shows this hospital's own tries. */
  except: readonly string[] = [],
): void {
  const { service, app, gateway, tenantId } = subject
  const ask = (contract: RouteContract, role: string, url: string) => {
    const hasBody = contract.method !== 'GET' && contract.body !== undefined
    return app.inject({
      method: contract.method,
      url,
      headers: {
        authorization: gateway.bearer(service, { tenantId, roles: [role], userId: 1 }),
        'x-request-id': 'foreign-or-missing',
        'if-match': '"1"',
        ...(hasBody ? { 'content-type': 'application/json' } : {}),
      },
      ...(hasBody ? { payload: JSON.stringify(sampleOf(contract.body ?? {})) } : {}),
    })
  }
  for (const contract of allRoutes.filter((route) => route.service === service && route.access !== 'public')) {
    const roles = hospitalRoles.filter(({ name }) => isAllowed(contract.access, permissionsOfRoles([name])))
    const filters = Object.keys(contract.query?.properties ?? {}).filter((name) => /^(patient|doctor)_id$/.test(name))
    const byId = /:id/.test(contract.path)
    if (roles.length === 0 || (!byId && filters.length === 0) || except.includes(contract.operationId)) continue
    t.test(`${contract.operationId}: another hospital's row is like none`, async (t) => {
      for (const { name } of roles.slice(0, 2)) {
        if (byId) {
          const foreignId = foreignIdOf(contract.path)
          t.ok(foreignId, `there is a foreign row for ${contract.path}`)
          const foreign = await ask(contract, name, withId(contract, foreignId ?? 0))
          t.ok([403, 404].includes(foreign.statusCode), `${name}: ${foreign.statusCode} ${foreign.body}`)
          t.equal(
            comparable(foreign),
            comparable(await ask(contract, name, withId(contract, missingId))),
            `${name}: same bytes`,
          )
        }
        for (const filter of byId ? [] : filters) {
          const foreignId = foreignIdOf(filter === 'patient_id' ? '/api/patients/:id' : '/api/doctors/:id')
          const foreign = await ask(contract, name, `${contract.path}?${filter}=${foreignId}`)
          const missing = await ask(contract, name, `${contract.path}?${filter}=${missingId}`)
          t.equal(comparable(foreign), comparable(missing), `${name}: ${filter} finds the same nothing`)
        }
      }
    })
  }
}
