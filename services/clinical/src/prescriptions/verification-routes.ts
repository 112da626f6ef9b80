import {
  answerQuestion,
  askPrescriber,
  decideStep,
  enterPack,
  type Prescription,
  prescriptionSteps,
  prescriptionUpdated,
  problem,
  refusedField,
  refusePrescription,
  verifyPrescription,
} from '@hospital/contracts'
import type { TenantTx } from '@hospital/database'
import { handle, type Route } from '@hospital/service'
import { actor } from '../references.ts'
import { conflictsOf } from './check-rules.ts'
import { hasWords } from './decision-rules.ts'
import { announcePrescription } from './prescribing-work.ts'
import * as queries from './queries.ts'
import { hasOpenQuestion, takeStep } from './step-work.ts'

const load = (tx: TenantTx, { params }: { params: { id: number } }) => queries.lockPrescription(tx, params.id)

/** @throws problem `validation-failed` for a text that holds no word */
function requireWords(text: string, pointer: string): string {
  if (!hasWords(text)) throw refusedField(pointer, 'says nothing: write it in words')
  return text
}

/** What was prescribed against a contraindication is looked at again, and accepted in words. */
function requireAcceptance(current: Prescription, reason: string | undefined): void {
  const conflicts = conflictsOf(current.checks).filter(({ severity }) => severity === 'contraindicated')
  if (conflicts.length === 0 || hasWords(reason)) return
  throw problem('prescription-conflict', {
    detail:
      'It was prescribed against a contraindication: say in `reason` why that is accepted, ask the prescriber, or refuse.',
    extensions: { conflicts, checks: current.checks },
  })
}

/** What a pharmacist does with a prescription before handing it out. */
export const verificationRoutes = (): Route[] => [
  handle(verifyPrescription, {
    load,
    work: async (tx, { current, body, now, audit }) => {
      audit.patientIds.push(current.patient_id)
      decideStep(prescriptionSteps, current.status, 'verify')
      if (current.verified_at !== null) throw problem('conflict', { detail: 'It is verified already.' })
      requireAcceptance(current, body.reason)
      const at = now.toISOString()
      await queries.prescriptions.update(tx, current, {
        verified_by: actor(tx),
        verified_at: at,
        verify_reason: body.reason ?? null,
        updated_at: at,
      })
      return announcePrescription(tx, current.id, prescriptionUpdated)
    },
  }),

  handle(askPrescriber, {
    load,
    work: async (tx, { current, body, now, audit }) => {
      audit.patientIds.push(current.patient_id)
      const question = requireWords(body.question, '/question')
      decideStep(prescriptionSteps, current.status, 'ask')
      await queries.insertQuestion(tx, current.id, question, now.toISOString())
      return takeStep(tx, current, 'ask', question, now)
    },
  }),

  handle(answerQuestion, {
    load,
    work: async (tx, { current, body, now, audit }) => {
      audit.patientIds.push(current.patient_id)
      const answer = requireWords(body.answer, '/answer')
      decideStep(prescriptionSteps, current.status, 'answer')
      if (!hasOpenQuestion(current)) throw problem('conflict', { detail: 'No question is open.' })
      await queries.answerQuestion(tx, current.id, answer, now.toISOString())
      return takeStep(tx, current, 'answer', answer, now)
    },
  }),

  handle(refusePrescription, {
    load,
    work: (tx, { current, body, now, audit }) => {
      audit.patientIds.push(current.patient_id)
      return takeStep(tx, current, 'refuse', requireWords(body.reason, '/reason'), now)
    },
  }),

  handle(enterPack, {
    load,
    work: async (tx, { current, body, now, audit }) => {
      audit.patientIds.push(current.patient_id)
      decideStep(prescriptionSteps, current.status, 'pack')
      if (current.quantity !== null)
        throw problem('conflict', { detail: `The quantity is ${current.quantity} already.` })
      const at = now.toISOString()
      await queries.prescriptions.update(tx, current, {
        quantity: body.quantity,
        pack_unit: body.unit ?? null,
        packed_by: actor(tx),
        packed_at: at,
        updated_at: at,
      })
      return announcePrescription(tx, current.id, prescriptionUpdated)
    },
  }),
]
