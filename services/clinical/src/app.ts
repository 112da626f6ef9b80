import { clinicalAudit } from '@hospital/contracts'
import {
  consumeTenants,
  consumeUsers,
  createServiceApp,
  type Deps,
  fetchUser,
  type Route,
  respondAudit,
  type ServiceParts,
  startReconciling,
  userCopies,
} from '@hospital/service'
import { consumePatientChanges } from './alerts/consumers.ts'
import { alertRoutes } from './alerts/routes.ts'
import { allergyRoutes } from './allergies/routes.ts'
import { consumeCareAppointments } from './care/consumers.ts'
import { careGuard } from './care/guard-work.ts'
import { respondOpenCharts } from './care/responders.ts'
import { careRoutes } from './care/routes.ts'
import { clinicalSettingsRoutes } from './clinical-settings/routes.ts'
import { criticalResultRoutes } from './critical-results/routes.ts'
import { deltaCheckRoutes } from './delta-checks/routes.ts'
import { importRoutes } from './imports/routes.ts'
import { labCatalogueRoutes } from './lab-catalogue/routes.ts'
import { labReferenceRangeRoutes } from './lab-reference-ranges/routes.ts'
import { labTestRoutes } from './lab-tests/routes.ts'
import { medicalRecordRoutes } from './medical-records/routes.ts'
import { patientStateRoutes } from './patient-states/routes.ts'
import { respondPatientFacts, respondPatientList } from './patients/responders.ts'
import { patientRoutes } from './patients/routes.ts'
import { prescriptionRoutes } from './prescriptions/routes.ts'
import { verbalOrderRoutes } from './prescriptions/verbal-order-routes.ts'
import { verificationRoutes } from './prescriptions/verification-routes.ts'
import { startRounds } from './rounds.ts'
import { timelineRoutes } from './timeline/routes.ts'

/** Everything clinical does: the operations of its features, and what it hears and answers over NATS. */
export function buildClinical(deps: Deps, settings: { ownerUrl: string }): ServiceParts {
  const routes: Route[] = [
    ...medicalRecordRoutes(),
    ...labTestRoutes(),
    ...labCatalogueRoutes(),
    ...labReferenceRangeRoutes(),
    ...criticalResultRoutes(),
    ...deltaCheckRoutes(),
    ...clinicalSettingsRoutes(),
    ...timelineRoutes(deps),
    ...patientRoutes(),
    ...importRoutes(),
    ...careRoutes(deps),
    ...allergyRoutes(),
    ...patientStateRoutes(),
    ...prescriptionRoutes(),
    ...verbalOrderRoutes(),
    ...verificationRoutes(),
    ...alertRoutes(),
  ]
  return {
    app: createServiceApp('clinical', deps, routes, {
      careGuard,
      fetchPeople: { staff: fetchUser(deps), doctor: fetchUser(deps) },
    }),
    start: () => [
      consumeUsers('clinical', deps),
      consumeCareAppointments(deps),
      consumePatientChanges(deps),
      startRounds(deps),
      consumeTenants('clinical', settings.ownerUrl, deps),
      respondAudit('clinical', clinicalAudit, deps),
      respondOpenCharts(deps),
      respondPatientFacts(deps),
      respondPatientList(deps),
      startReconciling('clinical', deps, userCopies(deps)),
    ],
  }
}
