import {
  Allergy,
  allergyChanged,
  allergyRecorded,
  attestNoAllergies,
  changeAllergy,
  listAllergies,
  noAllergiesAttested,
  problem,
  recordAllergy,
  withNulls,
} from '@hospital/contracts'
import { announce } from '@hospital/database'
import { decodeCursor, handle, type Route, toPage } from '@hospital/service'
import { Type } from '@sinclair/typebox'
import { raiseAlerts, resolveAlertsOfAllergy } from '../alerts/alert-work.ts'
import { readAllergens } from '../prescriptions/allergen-rules.ts'
import { listStandingDecisions } from '../prescriptions/chart-queries.ts'
import { actor, lockChart, requirePatient } from '../references.ts'
import * as queries from './queries.ts'

const Content = Type.Omit(Allergy, ['id', 'created_at', 'updated_at', 'version'])

const saysOther = (before: Allergy, after: Allergy) =>
  before.substance !== after.substance || before.code !== after.code || before.status !== after.status

/**
 * The free text of the chart speaks of an allergy, or says something that nobody understands: "none" would hide it.
 * @throws problem `active-allergies`
 */
function refuseSpokenAllergies(text: string | null): void {
  const { allergens, unknown } = readAllergens(text ?? '')
  if (allergens.length === 0 && unknown.length === 0) return
  throw problem('active-allergies', {
    detail:
      'The free text about allergies in the chart says otherwise: record what it means as an allergy, or correct it first.',
  })
}

/** Structured allergies beside the free-text column; each change is checked against the prescriptions in use. */
export const allergyRoutes = (): Route[] => [
  handle(listAllergies, async (tx, { params, query: { limit, cursor, status } }) => {
    const patientId = await requirePatient(tx, params.id)
    const before = decodeCursor(cursor, ['number'])?.[0] ?? null
    const rows = await queries.listAllergies(tx, patientId, status, before, limit + 1)
    return {
      ...toPage(rows, limit, (row) => [row.id]),
      no_known_allergies: await queries.findAttestation(tx, patientId),
      decisions: await listStandingDecisions(tx, patientId),
    }
  }),

  handle(recordAllergy, {
    work: async (tx, { params, body, now }) => {
      const patientId = await requirePatient(tx, params.id)
      await lockChart(tx, patientId)
      const at = now.toISOString()
      const allergy = await queries.allergies.insert(tx, {
        ...withNulls(Content, { ...body, patient_id: params.id, status: body.status ?? 'active' }),
        entered_by: actor(tx),
        created_at: at,
        updated_at: at,
      })
      await announce(tx, allergyRecorded, allergy)
      await raiseAlerts(tx, patientId, now.toISOString())
      return allergy
    },
  }),

  handle(changeAllergy, {
    load: (tx, { params }) => queries.lockAllergy(tx, params.id),
    work: async (tx, { current, body, now, audit }) => {
      audit.patientIds.push(current.patient_id)
      await lockChart(tx, current.patient_id)
      const allergy = await queries.allergies.update(tx, current, { ...body, updated_at: now.toISOString() })
      await announce(tx, allergyChanged, allergy)
      // What it said before no longer stands; what it says now is raised anew.
      if (saysOther(current, allergy)) await resolveAlertsOfAllergy(tx, allergy.id, now.toISOString())
      await raiseAlerts(tx, allergy.patient_id, now.toISOString())
      return allergy
    },
  }),

  handle(attestNoAllergies, {
    work: async (tx, { params, now }) => {
      const patientId = await requirePatient(tx, params.id)
      await lockChart(tx, patientId)
      if ((await queries.countActive(tx, patientId)) > 0) throw problem('active-allergies')
      refuseSpokenAllergies(await queries.getAllergyText(tx, patientId))
      const standing = await queries.findAttestation(tx, patientId)
      if (standing !== null) return standing
      return announce(tx, noAllergiesAttested, await queries.insertAttestation(tx, params.id, now.toISOString()))
    },
  }),
]
