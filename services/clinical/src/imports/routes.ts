import { importFhirBundle, unknownReference } from '@hospital/contracts'
import type { TenantTx } from '@hospital/database'
import { handle, type Route } from '@hospital/service'
import { readBundle } from './bundle-mapping.ts'
import { checkPlan } from './check-work.ts'
import { raiseImportedAlerts } from './drug-check-work.ts'
import { importedTypes, planImport } from './import-mapping.ts'
import { findDoctor, findKnown, queueImports } from './queries.ts'
import { writePlan } from './writing-work.ts'

async function doctorFor(tx: TenantTx, doctorId: number | undefined): Promise<number> {
  const found = await findDoctor(tx, doctorId)
  if (found !== null) return found
  const detail = doctorId === undefined ? 'is required: the hospital has no active doctor' : 'no such doctor'
  throw unknownReference('query:doctor_id', detail)
}

/** Bringing in what another system exported. */
export const importRoutes = (): Route[] => [
  handle(importFhirBundle, {
    // Reading and refusing a bundle needs no transaction.
    prepare: async ({ body }) => readBundle(body),
    work: async (tx, { prepared: bundle, query, audit, now }) => {
      const patients = bundle.ofType('Patient')
      await queueImports(
        tx,
        patients.map(({ key }) => key),
      )
      const keys = bundle.resources.filter(({ type }) => importedTypes.includes(type)).map(({ key }) => key)
      const known = await findKnown(tx, keys)
      const plan = planImport(bundle, new Set(known.keys()))
      checkPlan(plan, now)
      const imported = {
        patients: plan.patients.length,
        medical_records: plan.records.length,
        prescriptions: plan.prescriptions.length,
        lab_tests: plan.labTests.length,
        allergies: plan.allergies.length,
      }
      const unchanged = Object.values(imported).every((count) => count === 0)
      const places = unchanged ? known : await writePlan(tx, plan, known, await doctorFor(tx, query.doctor_id), now)
      const patientIds = patients.flatMap(({ key }) => places.get(key)?.id ?? [])
      if (imported.prescriptions + imported.allergies > 0) {
        const drugs = plan.prescriptions.flatMap(({ keys: [key = ''] }) => places.get(key)?.id ?? [])
        for (const id of patientIds) await raiseImportedAlerts(tx, id, new Set(drugs), now.toISOString())
      }
      audit.patientIds.push(...patientIds)
      audit.details = { imported, unchanged }
      return { imported, skipped: plan.skipped, unchanged, patient_ids: patientIds }
    },
  }),
]
