import {
  type Allergy,
  allergyChanged,
  allergyRecorded,
  attestNoAllergies,
  changeAllergy,
  listAllergies,
  noAllergiesAttested,
  problem,
  type RequestContext,
  recordAllergy,
} from '@hospital/contracts'
import { appendEvent, type TenantTx } from '@hospital/database'
import { type Deps, decodeCursor, ensureStaff, handle, type Route, toPage } from '@hospital/service'
import { raiseAlerts, resolveAlertsOfAllergy } from '../alerts/raise.ts'
import { lockChart, requirePatient } from '../references.ts'
import * as queries from './queries.ts'

const idsOf = ({ id, patient_id, version }: Pick<Allergy, 'id' | 'patient_id' | 'version'>) => ({
  id,
  patient_id,
  version,
})

const saysOther = (before: Allergy, after: Allergy) =>
  before.substance !== after.substance || before.code !== after.code || before.status !== after.status

/** Structured allergies beside the free-text column; each change is checked against the prescriptions in use. */
export const allergyRoutes = (deps: Deps): Route[] => {
  const ensureActor = ({ context }: { context: RequestContext }) => ensureStaff(deps, context, context.userId)

  return [
    handle(listAllergies, async (tx, { params, query: { limit, cursor, status } }) => {
      const patientId = await requirePatient(tx, params.id)
      const before = decodeCursor(cursor, ['number'])?.[0] ?? null
      const rows = await queries.listAllergies(tx, patientId, status, before, limit + 1)
      return {
        ...toPage(rows, limit, (row) => [row.id]),
        no_known_allergies: await queries.findAttestation(tx, patientId),
      }
    }),

    handle(recordAllergy, {
      prepare: ensureActor,
      work: async (tx, { params, body, now }) => {
        const patientId = await requirePatient(tx, params.id)
        await lockChart(tx, patientId)
        const content: queries.AllergyContent = {
          substance: body.substance,
          code: body.code ?? null,
          reaction: body.reaction ?? null,
          severity: body.severity ?? null,
          status: body.status ?? 'active',
        }
        const allergy = await queries.insertAllergy(tx, params.id, content, now.toISOString())
        await appendEvent(tx, allergyRecorded, { id: allergy.id, data: idsOf(allergy) })
        await raiseAlerts(tx, patientId, now.toISOString())
        return allergy
      },
    }),

    handle(changeAllergy, {
      prepare: ensureActor,
      load: (tx, { params }) => queries.lockAllergy(tx, params.id),
      work: async (tx, { current, body, now, audit }) => {
        audit.patientIds.push(current.patient_id)
        await lockChart(tx, current.patient_id)
        const allergy = await queries.updateAllergy(tx, current.id, { ...current, ...body }, now.toISOString())
        await appendEvent(tx, allergyChanged, { id: allergy.id, data: idsOf(allergy) })
        // What it said before no longer stands; what it says now is raised anew.
        if (saysOther(current, allergy)) await resolveAlertsOfAllergy(tx, allergy.id, now.toISOString())
        await raiseAlerts(tx, allergy.patient_id, now.toISOString())
        return allergy
      },
    }),

    handle(attestNoAllergies, {
      prepare: ensureActor,
      work: async (tx, { params, now }) => {
        const patientId = await requirePatient(tx, params.id)
        await lockChart(tx, patientId)
        if ((await queries.countActive(tx, patientId)) > 0) throw problem('active-allergies')
        const standing = await queries.findAttestation(tx, patientId)
        if (standing !== null) return standing
        const attestation = await queries.insertAttestation(tx, params.id, now.toISOString())
        await appendEvent(tx, noAllergiesAttested, { id: attestation.id, data: idsOf(attestation) })
        return attestation
      },
    }),
  ]
}
