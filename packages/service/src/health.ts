import type { Database } from '@hospital/database'
import type { Messaging } from '@hospital/messaging'
import type { FastifyInstance } from 'fastify'
import type { Troubles } from './troubles.ts'

interface HealthDeps {
  database: Database
  messaging: Messaging
  troubles: Troubles
}

/**
 * `/livez`: the process answers. `/readyz`: what it needs answers too; names what does not. `degraded` names the work that
 * fails at the moment, for one hospital or altogether: the service is ready all the same.
 */
export function registerHealth(app: FastifyInstance, deps: HealthDeps): void {
  app.get('/livez', async () => ({ status: 'ok' }))
  app.get('/readyz', async (_request, reply) => {
    const database = await deps.database.ping().then(
      () => true,
      () => false,
    )
    const checks = [
      { name: 'database', ready: database },
      { name: 'messaging', ready: deps.messaging.isConnected() },
    ]
    const ready = checks.every((check) => check.ready)
    return reply
      .code(ready ? 200 : 503)
      .send({ status: ready ? 'ready' : 'not ready', checks, degraded: deps.troubles.list() })
  })
}
