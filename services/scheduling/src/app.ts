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
import { appointmentRoutes } from './appointments/routes.ts'
import { consumePatients } from './patients/consumers.ts'

/** Everything scheduling does: the operations of its features, and what it hears and answers over NATS. */
export function buildScheduling(deps: Deps, settings: { ownerUrl: string }): ServiceParts {
  const routes: Route[] = [...appointmentRoutes(deps)]
  return {
    app: createServiceApp('scheduling', deps, routes),
    start: () => [
      consumeUsers('scheduling', deps),
      consumePatients(deps),
      consumeTenants('scheduling', settings.ownerUrl, deps),
      respondAudit('scheduling', schedulingAudit, deps),
      reconcileEverything('scheduling', deps),
    ],
  }
}
