import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Alert, alertRaised, type Conflict } from '@hospital/contracts'
import { announce, type TenantTx } from '@hospital/database'
import { type LoadedChart, loadChart, type PrescriptionInUse } from '../prescriptions/chart-queries.ts'
import { type Chart, checkDrug, conflictsOf, findingOf } from '../prescriptions/check-rules.ts'
import { identifyDrug } from '../prescriptions/drug-name-rules.ts'
import { listStanding, openAlert } from './queries.ts'

export {
  resolveOfAllergy as resolveAlertsOfAllergy,
  resolveOfCheck as resolveAlertsOfCheck,
  resolveOfPrescription as resolveAlertsOfPrescription,
} from './queries.ts'

/**
 * What now speaks against a prescription in use and did not when it was written. Of two drugs the earlier prescription
 * hears of the later one; the later one was checked when it was written.
 */
function newConflicts(prescription: PrescriptionInUse, chart: Chart): Conflict[] {
  const others = chart.others.filter(({ prescriptionId }) => prescriptionId > prescription.id)
  const known = new Set(conflictsOf(prescription.checks).map(findingOf))
  const found = conflictsOf(checkDrug(identifyDrug(prescription), { ...chart, others, stopped: [] }))
  // What the free text says of other medicines was there to be read by the prescriber.
  return found.filter((conflict) => !known.has(findingOf(conflict)))
}

/**
 * Checks every prescription in use of a patient again and raises an alert, with its event, for each new conflict. For
 * whoever adds an allergy or a drug: prescribing, recording allergies, imports, merges.
 */
export async function raiseAlerts(tx: TenantTx, patientId: number, at: string): Promise<Alert[]> {
  return raiseAlertsIn(tx, patientId, await loadChart(tx, patientId), at)
}

/** The same for a chart that has been loaded already and holds what was added. */
export async function raiseAlertsIn(
  tx: TenantTx,
  patientId: number,
  { inUse, ...chart }: LoadedChart,
  at: string,
): Promise<Alert[]> {
  if (inUse.length === 0) return []
  const standing = new Set((await listStanding(tx, patientId)).map((row) => `${row.prescription_id} ${row.finding}`))
  const raised: Alert[] = []
  for (const prescription of inUse) {
    // A check reads all that is written about the patient: others are answered between one and the next.
    await nextTurn()
    for (const conflict of newConflicts(prescription, chart)) {
      const finding = findingOf(conflict)
      if (standing.has(`${prescription.id} ${finding}`)) continue
      const alert = await openAlert(tx, { patientId, prescriptionId: prescription.id, finding, conflict, at })
      if (alert === null) continue
      raised.push(alert)
      await announce(tx, alertRaised, { ...alert, doctor_id: prescription.doctor_id })
    }
  }
  return raised
}
