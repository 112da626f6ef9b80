import type { Permission } from './permissions.ts'

/** Who acts, for which hospital, in which request. Made by the gateway's context token, or by a service for its own jobs. */
export interface RequestContext {
  tenantId: string
  /** users.id; 0 is the system itself (consumers and jobs). */
  userId: number
  userName: string
  roles: readonly string[]
  permissions: readonly Permission[]
  sessionId: string
  requestId: string
  traceparent?: string
  address?: string
}

/** The context of work that no person asked for: consumers, jobs, imports of reference data. */
export const systemContext = (tenantId: string, requestId: string, traceparent?: string): RequestContext => ({
  tenantId,
  userId: 0,
  userName: 'system',
  roles: [],
  permissions: [],
  sessionId: '',
  requestId,
  ...(traceparent ? { traceparent } : {}),
})
