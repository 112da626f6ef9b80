import { patientCreated, patientUpdated, systemContext } from '@hospital/contracts'
import { DatabaseUnavailable, inbox } from '@hospital/database'
import type { Deps, Running } from '@hospital/service'
import { lockChart } from '../prescriptions/chart-queries.ts'
import { raiseAlerts } from './raise.ts'

/** The free text about allergies, a merge or an import may speak against prescriptions in use: they are checked again. */
export function consumePatientChanges({
  database,
  messaging,
  clock,
}: Pick<Deps, 'database' | 'messaging' | 'clock'>): Running {
  const durable = 'clinical-alerts'
  return messaging.consume({
    durable,
    stream: 'CLINICAL',
    events: [patientCreated, patientUpdated],
    isOutage: (error) => error instanceof DatabaseUnavailable,
    handle: async (event) => {
      const context = systemContext(event.tenantid, event.requestid, event.traceparent)
      await database.inTenant(context, async (tx) => {
        if (!(await inbox(tx, durable, event.id))) return
        await lockChart(tx, event.data.id)
        await raiseAlerts(tx, event.data.id, clock().toISOString())
      })
    },
  })
}
