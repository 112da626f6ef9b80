import { createHash, type KeyObject } from 'node:crypto'
import { type Permission, permissionsOfRoles } from '@hospital/contracts'
import { contextToken } from '@hospital/stack'
import type { Service } from '@hospital/stack/config'

/** Who does something in a hospital. */
export interface Actor {
  tenantId: string
  userId: number
  name: string
  roles: string[]
}

/** The answer to a refused request. */
export interface Refusal {
  status: number
  code: string
  detail: string
}

export interface ServiceClient {
  get<T>(service: Service, actor: Actor, path: string): Promise<T>
  /** Fails when the service refuses. */
  post<T>(service: Service, actor: Actor, path: string, body: object): Promise<T>
  /** Gives the refusal back when its code is among those expected. */
  tryPost<T>(service: Service, actor: Actor, path: string, body: object, expected: string[]): Promise<T | Refusal>
}

export const isRefusal = (answer: unknown): answer is Refusal =>
  typeof answer === 'object' && answer !== null && 'code' in answer && 'status' in answer && 'detail' in answer

/**
 * Speaks to the services as the gateway does. A POST carries a key made from who, where and what, so that repeating one
 * after an interruption changes nothing.
 */
export function serviceClient(urls: Record<Service, string>, key: KeyObject): ServiceClient {
  const send = async (service: Service, actor: Actor, method: string, path: string, body?: object) => {
    const permissions: Permission[] = permissionsOfRoles(actor.roles)
    const token = contextToken(key, service, { ...actor, permissions })
    const text = body === undefined ? undefined : JSON.stringify(body)
    const response = await fetch(`${urls[service]}${path}`, {
      method,
      signal: AbortSignal.timeout(30_000),
      headers: {
        authorization: `Bearer ${token}`,
        ...(text !== undefined && { 'content-type': 'application/json', 'idempotency-key': keyOf(actor, path, text) }),
      },
      ...(text !== undefined && { body: text }),
    })
    return { ok: response.ok, status: response.status, answer: (await response.json()) as Record<string, unknown> }
  }
  const refused = (path: string, { status, answer }: { status: number; answer: Record<string, unknown> }): never => {
    throw new Error(
      `${path} answered ${status} ${answer.code}: ${answer.detail} ${JSON.stringify(answer.errors ?? '')}`,
    )
  }
  return {
    async get<T>(service: Service, actor: Actor, path: string) {
      const result = await send(service, actor, 'GET', path)
      return result.ok ? (result.answer as T) : refused(path, result)
    },
    async post<T>(service: Service, actor: Actor, path: string, body: object) {
      const result = await send(service, actor, 'POST', path, body)
      return result.ok ? (result.answer as T) : refused(path, result)
    },
    async tryPost<T>(service: Service, actor: Actor, path: string, body: object, expected: string[]) {
      const result = await send(service, actor, 'POST', path, body)
      if (result.ok) return result.answer as T
      const { code, detail } = result.answer
      if (!expected.includes(String(code))) return refused(path, result)
      return { status: result.status, code: String(code), detail: String(detail) }
    },
  }
}

function keyOf(actor: Actor, path: string, body: string): string {
  return `demo-${createHash('sha256').update(`${actor.tenantId} ${path} ${body}`).digest('hex').slice(0, 32)}`
}
