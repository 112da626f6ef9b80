import { Type } from '@sinclair/typebox'
import { route } from '../kernel/route.ts'
import { Closed, IdParams, Line } from '../kernel/schema.ts'
import { Prescription, prescriptionSteps } from './prescriptions.ts'

const one = {
  service: 'clinical',
  method: 'POST',
  params: IdParams,
  status: 200,
  answer: Prescription,
  patient: 'answer.patient_id',
} as const

export const verifyPrescription = route({
  ...one,
  operationId: 'verifyPrescription',
  path: '/api/prescriptions/:id/verify',
  summary: 'The pharmacist looked at it; accepting a contraindication that was overridden needs a reason',
  access: 'prescriptions.verify',
  body: Closed({ reason: Type.Optional(Line(2000)) }),
  problems: ['conflict', 'prescription-conflict'],
  step: { of: prescriptionSteps, name: 'verify' },
})

export const askPrescriber = route({
  ...one,
  operationId: 'askPrescriber',
  path: '/api/prescriptions/:id/ask',
  summary: 'Ask the prescriber; the prescription is on hold until the answer',
  access: 'prescriptions.verify',
  body: Closed({ question: Line(2000) }),
  problems: ['validation-failed'],
  step: { of: prescriptionSteps, name: 'ask' },
})

export const answerQuestion = route({
  ...one,
  operationId: 'answerQuestion',
  path: '/api/prescriptions/:id/answer',
  summary: 'Answer the open question; the prescription is active again',
  access: 'prescriptions.write',
  body: Closed({ answer: Line(2000) }),
  problems: ['conflict', 'validation-failed'],
  step: { of: prescriptionSteps, name: 'answer' },
})

export const refusePrescription = route({
  ...one,
  operationId: 'refusePrescription',
  path: '/api/prescriptions/:id/refuse',
  summary: 'The pharmacist does not supply it and says why; it is discontinued',
  access: 'prescriptions.verify',
  body: Closed({ reason: Line(2000) }),
  problems: ['validation-failed'],
  step: { of: prescriptionSteps, name: 'refuse' },
})

export const enterPack = route({
  ...one,
  operationId: 'enterPack',
  path: '/api/prescriptions/:id/pack',
  summary: 'Enter the quantity of one fill where none could be computed, once',
  access: 'prescriptions.verify',
  body: Closed({
    quantity: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
    /** What is counted: `tablet`, `inhaler`, `tube of 30 g`. */
    unit: Type.Optional(Line(30)),
  }),
  problems: ['conflict'],
  step: { of: prescriptionSteps, name: 'pack' },
})
