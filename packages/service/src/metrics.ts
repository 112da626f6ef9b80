import { Problem } from '@hospital/contracts'
import { errorCode } from '@hospital/database'
import type { FastifyInstance } from 'fastify'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Troubles } from './troubles.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The contract's operation id: the label of every measurement of the route. */
    operation?: string
  }
}

/**
 * Durations by operation and status, faults by operation and code (the SQLSTATE where the database said it), troubles, and
 * the process itself, at `/metrics` in Prometheus' text format.
 */
export function registerMetrics(app: FastifyInstance, troubles: Troubles): void {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const duration = new Histogram({
    name: 'hospital_request_duration_seconds',
    help: 'Time from request to answer',
    labelNames: ['operation', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  })
  const faults = new Counter({
    name: 'hospital_faults_total',
    help: 'Errors that are ours and were answered 500; class 22 is data that validation let through',
    labelNames: ['operation', 'code'],
    registers: [registry],
  })
  const failures = new Gauge({
    name: 'hospital_trouble_failures',
    help: 'How often work has failed in a row that fails at the moment; no tenant: for all of them',
    labelNames: ['part', 'tenant'],
    registers: [registry],
    collect() {
      failures.reset()
      for (const { part, tenant, failures: count } of troubles.list())
        failures.set({ part, tenant: tenant ?? '' }, count)
    },
  })
  app.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()))
  app.addHook('onResponse', async (request, reply) => {
    const { operation } = request.routeOptions.config
    if (operation) duration.observe({ operation, status: reply.statusCode }, reply.elapsedTime / 1000)
  })
  app.addHook('onError', async (request, _reply, error) => {
    if (error instanceof Problem || (error.statusCode ?? 500) < 500) return
    faults.inc({ operation: request.routeOptions.config.operation ?? 'none', code: errorCode(error) ?? error.name })
  })
}
