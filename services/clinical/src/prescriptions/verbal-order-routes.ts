import {
  countersignPrescription,
  prescribeVerbally,
  prescriptionCreated,
  prescriptionUpdated,
  problem,
  refusedField,
} from '@hospital/contracts'
import { handle, type Route } from '@hospital/service'
import { openActiveChart, requireActiveDoctor } from '../references.ts'
import { decideNewOrder } from './order-rules.ts'
import { announcePrescription, noteOverride, write } from './prescribing-work.ts'
import * as queries from './queries.ts'

/** Orders by word of mouth: a nurse or pharmacist writes them down and reads them back, the doctor countersigns. */
export const verbalOrderRoutes = (): Route[] => [
  handle(prescribeVerbally, {
    work: async (tx, { body, now, audit }) => {
      audit.patientIds.push(body.patient_id)
      noteOverride(audit, body.override_reason)
      const { read_back: _confirmed, ...given } = body
      const order = decideNewOrder(given)
      await requireActiveDoctor(tx, body.doctor_id, '/doctor_id')
      if (body.doctor_id === tx.context.userId) throw refusedField('/doctor_id', 'is you: prescribe it yourself')
      const chart = await openActiveChart(tx, body.patient_id)
      const at = now.toISOString()
      const { id, tellOthers } = await write(tx, {
        patientId: chart.id,
        writtenFor: body.patient_id,
        doctorId: body.doctor_id,
        medicalRecordId: body.medical_record_id ?? null,
        order,
        prescribedDate: at,
        answers: body,
        isVerbal: true,
        at,
      })
      await tellOthers()
      return announcePrescription(tx, id, prescriptionCreated)
    },
  }),

  handle(countersignPrescription, {
    load: (tx, { params }) => queries.lockPrescription(tx, params.id),
    work: async (tx, { current, now, audit }) => {
      audit.patientIds.push(current.patient_id)
      if (current.countersignature !== 'awaited') {
        throw problem('conflict', { detail: 'It waits for no countersignature.' })
      }
      if (current.doctor_id !== tx.context.userId) throw problem('other-prescriber')
      const at = now.toISOString()
      await queries.prescriptions.update(tx, current, { countersigned_at: at, updated_at: at })
      return announcePrescription(tx, current.id, prescriptionUpdated)
    },
  }),
]
