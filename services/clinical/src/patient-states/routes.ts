import {
  changePatientState,
  listPatientStates,
  PatientState,
  patientStateChanged,
  patientStateRecorded,
  problem,
  recordPatientState,
  withNulls,
} from '@hospital/contracts'
import { announce, onConstraint } from '@hospital/database'
import { decodeCursor, handle, type Route, toPage } from '@hospital/service'
import { Type } from '@sinclair/typebox'
import { raiseAlerts, resolveAlertsOfCheck } from '../alerts/alert-work.ts'
import { actor, lockChart, requirePatient } from '../references.ts'
import * as queries from './queries.ts'
import { checkDays } from './rules.ts'

const Content = Type.Omit(PatientState, ['id', 'created_at', 'updated_at', 'version'])

const alreadyOpen = {
  patient_states_one_open: () => problem('conflict', { detail: 'This state is on the chart and has not ended.' }),
}

/** Pregnancy and breast-feeding, dated; ended or taken back, never deleted. Prescriptions in use are checked again. */
export const patientStateRoutes = (): Route[] => [
  handle(listPatientStates, async (tx, { params, query: { limit, cursor, status } }) => {
    const patientId = await requirePatient(tx, params.id)
    const before = decodeCursor(cursor, ['number'])?.[0] ?? null
    return toPage(await queries.listStates(tx, patientId, status, before, limit + 1), limit, (row) => [row.id])
  }),

  handle(recordPatientState, {
    work: async (tx, { params, body, now }) => {
      const patientId = await requirePatient(tx, params.id)
      await lockChart(tx, patientId)
      const at = now.toISOString()
      const today = at.slice(0, 10)
      const draft = withNulls(Content, {
        ...body,
        patient_id: params.id,
        from_date: body.from_date ?? today,
        status: 'recorded',
      })
      checkDays(draft, today)
      const state = await onConstraint(alreadyOpen, () =>
        queries.patientStates.insert(tx, { ...draft, entered_by: actor(tx), created_at: at, updated_at: at }),
      )
      await announce(tx, patientStateRecorded, state)
      await raiseAlerts(tx, patientId, at)
      return state
    },
  }),

  handle(changePatientState, {
    load: (tx, { params }) => queries.lockState(tx, params.id),
    work: async (tx, { current, body, now, audit }) => {
      audit.patientIds.push(current.patient_id)
      await lockChart(tx, current.patient_id)
      const at = now.toISOString()
      checkDays({ ...current, ...body }, at.slice(0, 10))
      const state = await onConstraint(alreadyOpen, () =>
        queries.patientStates.update(tx, current, { ...body, updated_at: at }),
      )
      await announce(tx, patientStateChanged, state)
      // What no longer stands is taken back; what stands is raised anew.
      await resolveAlertsOfCheck(tx, state.patient_id, 'pregnancy', at)
      await raiseAlerts(tx, state.patient_id, at)
      return state
    },
  }),
]
