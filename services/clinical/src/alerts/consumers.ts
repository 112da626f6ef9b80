import { labTestResulted, patientCreated, patientUpdated } from '@hospital/contracts'
import { type Consuming, consumeOnce, type Deps } from '@hospital/service'
import { lockChart } from '../references.ts'
import { raiseAlerts } from './alert-work.ts'

/** The free text about allergies, a merge, an import or a creatinine may speak against prescriptions in use: they are checked again. */
export const consumePatientChanges = (deps: Deps): Consuming =>
  consumeOnce(deps, {
    durable: 'clinical-alerts',
    stream: 'CLINICAL',
    events: [patientCreated, patientUpdated, labTestResulted],
    write: async (tx, { data }) => {
      const patientId = 'patient_id' in data ? data.patient_id : data.id
      // Not there: the database was restored from before the event.
      if (await lockChart(tx, patientId)) await raiseAlerts(tx, patientId, deps.clock().toISOString())
    },
  })
