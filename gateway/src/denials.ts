import { type ProblemCode, recordDenial } from '@hospital/contracts'
import type { Messaging } from '@hospital/messaging'
import type { FastifyRequest } from 'fastify'
import type { LiveSession } from './sessions.ts'

/** What the gateway itself refuses to a signed-in person is on record like every other denial; nothing recorded, 503. */
export const denialRecorder =
  (messaging: Pick<Messaging, 'request'>) =>
  async (session: LiveSession, request: FastifyRequest, code: ProblemCode): Promise<void> => {
    const { contract } = request.routeOptions.config
    await messaging.request(
      recordDenial,
      {
        tenant_id: session.tenantId,
        user_id: session.userId,
        user_name: session.userName,
        roles: [...session.roles],
        address: request.ip,
        action: contract?.operationId ?? `${request.method} ${request.routeOptions.url}`,
        problem: code,
        request_id: request.id,
      },
      { requestId: request.id, traceparent: request.traceparent },
    )
  }
