import { clinicalAudit } from '@hospital/contracts'
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
import { medicalRecordRoutes } from './medical-records/routes.ts'
import { patientRoutes } from './patients/routes.ts'

/** Everything clinical does: the operations of its features, and what it hears and answers over NATS. */
export function buildClinical(deps: Deps, settings: { ownerUrl: string }): ServiceParts {
  const routes: Route[] = [
    ...medicalRecordRoutes(deps),
    ...patientRoutes(deps),
    // one line a feature
  ]
  return {
    app: createServiceApp('clinical', deps, routes),
    start: () => [
      consumeUsers('clinical', deps),
      consumeTenants('clinical', settings.ownerUrl, deps),
      respondAudit('clinical', clinicalAudit, deps),
      reconcileEverything('clinical', deps),
    ],
  }
}
