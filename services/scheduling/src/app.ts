import { schedulingAudit } from '@hospital/contracts'
import {
  consumeTenants,
  consumeUsers,
  createServiceApp,
  type Deps,
  type Route,
  reconcileEverything,
  respondAudit,
  type ServiceParts,
} from '@hospital/service'

/** Everything scheduling does: the operations of its features, and what it hears and answers over NATS. */
export function buildScheduling(deps: Deps, settings: { ownerUrl: string }): ServiceParts {
  const routes: Route[] = [
    // one line a feature
  ]
  return {
    app: createServiceApp('scheduling', deps, routes),
    start: () => [
      consumeUsers('scheduling', deps),
      consumeTenants('scheduling', settings.ownerUrl, deps),
      respondAudit('scheduling', schedulingAudit, deps),
      reconcileEverything('scheduling', deps),
    ],
  }
}
