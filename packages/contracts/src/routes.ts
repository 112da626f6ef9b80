import * as clinical from './clinical/index.ts'
import * as identity from './identity/index.ts'
import type { RouteContract } from './kernel/route.ts'
import * as scheduling from './scheduling/index.ts'

const isRoute = (value: unknown): value is RouteContract =>
  typeof value === 'object' && value !== null && 'operationId' in value

/** Every operation of the system: the table that the gateway, the documents and the convention tests walk. */
export const allRoutes: readonly RouteContract[] = [identity, clinical, scheduling].flatMap((service) =>
  Object.values(service).filter(isRoute),
)
