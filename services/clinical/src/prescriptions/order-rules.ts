import {
  type BodyOf,
  type FieldError,
  type Prescription,
  type prescribe,
  problem,
  type revisePrescription,
} from '@hospital/contracts'
import { contradicts } from './drug-name-rules.ts'
import { computeQuantity } from './quantity-rules.ts'

/** Everything a prescription says of the drug. */
export type DrugOrder = Pick<
  Prescription,
  | 'medication_name'
  | 'dosage'
  | 'frequency'
  | 'duration'
  | 'instructions'
  | 'quantity'
  | 'quantity_computed'
  | 'refills_allowed'
  | 'rxnorm_code'
  | 'dose_amount'
  | 'dose_unit'
  | 'dose_route'
  | 'times_per_day'
  | 'interval_hours'
  | 'duration_days'
>

const decimalPattern = /^\d{1,6}(\.\d{1,6})?$/

/** 0.5, "0.50" → "0.5". Null when it is no decimal above zero. */
function readDecimal(given: string | number): string | null {
  const text = String(given)
  if (!decimalPattern.test(text) || Number(text) === 0) return null
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text.replace(/^0+(?=\d)/, '')
}

function findBreaches(order: DrugOrder): FieldError[] {
  const errors: FieldError[] = []
  const refuse = (field: keyof DrugOrder, detail: string) => errors.push({ pointer: `/${field}`, detail })
  if (order.times_per_day !== null && order.interval_hours !== null) {
    refuse('interval_hours', 'excludes times_per_day: say one of them')
  }
  if (order.dose_amount !== null && order.dose_unit === null) refuse('dose_unit', 'is required with dose_amount')
  if (order.dose_amount === null && order.dose_unit !== null) refuse('dose_amount', 'is required with dose_unit')
  if (contradicts(order)) refuse('rxnorm_code', 'is the code of another drug than medication_name')
  return errors
}

type Given = Omit<
  BodyOf<typeof revisePrescription>,
  'reason' | 'override_reason' | 'decisions' | 'doctor_id' | 'medical_record_id'
>

const emptyOrder: Omit<DrugOrder, 'medication_name'> = {
  dosage: null,
  frequency: null,
  duration: null,
  instructions: null,
  quantity: null,
  quantity_computed: false,
  refills_allowed: 0,
  rxnorm_code: null,
  dose_amount: null,
  dose_unit: null,
  dose_route: null,
  times_per_day: null,
  interval_hours: null,
  duration_days: null,
}

/** Fields that a quantity follows from. */
const quantityFields = [
  'dose_amount',
  'dose_unit',
  'times_per_day',
  'interval_hours',
  'duration_days',
  'dosage',
  'frequency',
  'duration',
  'instructions',
] as const

/**
 * What is ordered when `given` is said over `before`. A quantity that was computed, or whose basis changes, is computed
 * anew; one that somebody gives stays.
 * @throws problem `validation-failed`
 */
export function decideOrder(before: DrugOrder, given: Given): DrugOrder {
  const order: DrugOrder = { ...before, ...pickOrder(given) }
  if (given.dose_amount !== undefined && given.dose_amount !== null) {
    order.dose_amount = readDecimal(given.dose_amount)
    if (order.dose_amount === null) {
      throw problem('validation-failed', {
        errors: [{ pointer: '/dose_amount', detail: 'must be a decimal above 0 with at most six places' }],
      })
    }
  }
  const errors = findBreaches(order)
  if (errors.length > 0) throw problem('validation-failed', { errors })
  const isBasisNew = quantityFields.some((field) => given[field] !== undefined)
  if (given.quantity === undefined && (order.quantity === null || (before.quantity_computed && isBasisNew))) {
    order.quantity = computeQuantity(order)
    order.quantity_computed = order.quantity !== null
  } else if (given.quantity !== undefined) {
    order.quantity = given.quantity ?? computeQuantity(order)
    order.quantity_computed = given.quantity === null && order.quantity !== null
  }
  return order
}

const pickOrder = (given: Given): Partial<DrugOrder> =>
  Object.fromEntries(
    Object.entries(given).filter(
      ([field, value]) => field in { ...emptyOrder, medication_name: '' } && value !== undefined,
    ),
  )

/** The order of a new prescription. */
export function decideNewOrder(body: BodyOf<typeof prescribe>): DrugOrder {
  return decideOrder({ ...emptyOrder, medication_name: body.medication_name }, body)
}

/** The order of a prescription that exists. */
export const orderOf = (prescription: Prescription): DrugOrder =>
  Object.fromEntries(
    Object.keys({ ...emptyOrder, medication_name: '' }).map((field) => [field, prescription[field as keyof DrugOrder]]),
  ) as DrugOrder
