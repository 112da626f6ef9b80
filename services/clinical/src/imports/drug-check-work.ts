import type { Check } from '@hospital/contracts'
import type { TenantTx } from '@hospital/database'
import { raiseAlertsIn } from '../alerts/alert-work.ts'
import { loadChart, withPrescription } from '../prescriptions/chart-queries.ts'
import { check } from '../prescriptions/prescribing-work.ts'
import type { PrescriptionDraft } from './plan-mapping.ts'

/** As it is going to be stored: the dose is an exact decimal there. */
type NewPrescription = Omit<PrescriptionDraft, 'dose_amount'> & {
  id: number
  patient_id: number
  doctor_id: number
  dose_amount: string | null
}

const isInUse = ({ status }: NewPrescription) => status === 'active' || status === 'on_hold'

/**
 * Checks the imported prescriptions that are in use, against the chart as it is with all of the import in it: allergies
 * are written before. Answers what each check found, by the id of the prescription. Nothing is refused: the drug is taken.
 */
export async function checkImported(
  tx: TenantTx,
  imported: readonly NewPrescription[],
): Promise<ReadonlyMap<number, Check[]>> {
  const found = new Map<number, Check[]>()
  for (const [patientId, drugs] of Map.groupBy(imported.filter(isInUse), ({ patient_id }) => patient_id)) {
    const chart = drugs.reduce(
      (before, drug) => withPrescription(before, { ...drug, checks: [] }, null),
      await loadChart(tx, patientId),
    )
    for (const drug of drugs) found.set(drug.id, check(chart, drug, drug.id))
  }
  return found
}

/**
 * Raises an alert for each conflict of a patient's prescriptions in use that nobody here has seen: those of imported
 * prescriptions too, which nobody here wrote.
 */
export async function raiseImportedAlerts(
  tx: TenantTx,
  patientId: number,
  imported: ReadonlySet<number>,
  at: string,
): Promise<void> {
  const chart = await loadChart(tx, patientId)
  const inUse = chart.inUse.map((row) => (imported.has(row.id) ? { ...row, checks: [] } : row))
  await raiseAlertsIn(tx, patientId, { ...chart, inUse }, at)
}
