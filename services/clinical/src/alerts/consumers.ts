import { patientCreated, patientUpdated } from '@hospital/contracts'
import { type Consuming, consumeOnce, type Deps } from '@hospital/service'
import { lockChart } from '../references.ts'
import { raiseAlerts } from './alert-work.ts'

/** The free text about allergies, a merge or an import may speak against prescriptions in use: they are checked again. */
export const consumePatientChanges = (deps: Deps): Consuming =>
  consumeOnce(deps, {
    durable: 'clinical-alerts',
    stream: 'CLINICAL',
    events: [patientCreated, patientUpdated],
    write: async (tx, { data }) => {
      // Not there: the database was restored from before the event.
      if (await lockChart(tx, data.id)) await raiseAlerts(tx, data.id, deps.clock().toISOString())
    },
  })
