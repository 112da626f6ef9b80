import { schedulingAudit } from '@hospital/contracts'
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
import { respondPatientAppointments } from './appointments/responders.ts'
import { appointmentRoutes } from './appointments/routes.ts'
import { availabilityRoutes } from './availability/routes.ts'
import { calendarRoutes } from './calendar/routes.ts'
import { doctorRoutes } from './doctors/routes.ts'
import { consumeHospital } from './hospital/consumers.ts'
import { hospitalRoutes } from './hospital/routes.ts'
import { consumePatients, fetchPatient, patientCopies } from './patient-copies/consumers.ts'
import { startRounds } from './rounds.ts'
import { seriesRoutes } from './series/routes.ts'
import { waitlistRoutes } from './waitlist/routes.ts'

/** Everything scheduling does: the operations of its features, and what it hears and answers over NATS. */
export function buildScheduling(deps: Deps, settings: { ownerUrl: string; publicUrl: string }): ServiceParts {
  const routes: Route[] = [
    ...hospitalRoutes(),
    ...doctorRoutes(),
    ...availabilityRoutes(),
    ...appointmentRoutes(),
    ...seriesRoutes(),
    ...waitlistRoutes(),
    ...calendarRoutes(deps, settings.publicUrl),
  ]
  return {
    app: createServiceApp('scheduling', deps, routes, {
      fetchPeople: {
        staff: fetchUser(deps),
        doctor: fetchUser(deps),
        patient: fetchPatient(deps),
      },
    }),
    start: () => [
      consumeUsers('scheduling', deps),
      consumePatients(deps),
      consumeHospital(deps),
      startReconciling('scheduling', deps, patientCopies(deps)),
      respondPatientAppointments(deps),
      startRounds(deps),
      consumeTenants('scheduling', settings.ownerUrl, deps),
      respondAudit('scheduling', schedulingAudit, deps),
      startReconciling('scheduling', deps, userCopies(deps)),
    ],
  }
}
