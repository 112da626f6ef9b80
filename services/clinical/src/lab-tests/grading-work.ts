import { problem } from '@hospital/contracts'
import type { TenantTx } from '@hospital/database'
import { aliasesOf, gradingFor } from '../lab-catalogue/grading-mapping.ts'
import { getCatalogue } from '../lab-catalogue/queries.ts'
import { expectedAnalytes, findAnalyte } from '../lab-catalogue/rules.ts'
import { rangesFor } from '../lab-reference-ranges/queries.ts'
import type { Person } from '../lab-reference-ranges/rules.ts'
import { gradeByAny, isRefusal, type Refusal, type Result, type ResultInput } from './grading-rules.ts'
import { getPerson, type Test } from './queries.ts'
import { findRepeated } from './rules.ts'

const analyteOf = ({ name, code }: ResultInput) => ({ name, code: code ?? null })

/** What was ordered, by name or code, and what was measured for it. */
interface Measured {
  order: { name: string; code: string | null }
  inputs: readonly ResultInput[]
}

/** Grades one result of an order for somebody: by the hospital's ranges, and where it has none, by its catalogue. */
export type Grade = (
  input: ResultInput,
  order: Measured['order'],
  person: Person,
  isExplained: boolean,
) => Result | Refusal

/** Loads what results of these analytes are graded by: the same for the bench and for imports. */
export async function loadGrade(tx: TenantTx, measured: readonly Measured[]): Promise<Grade> {
  const catalogue = await getCatalogue(tx)
  const analyteFor = (input: ResultInput, order: Measured['order']) =>
    findAnalyte(catalogue, analyteOf(input), expectedAnalytes(catalogue, order))
  const named = measured.flatMap(({ order, inputs }) =>
    inputs.flatMap((input) => [analyteOf(input), ...aliasesOf(analyteFor(input, order))]),
  )
  const distinct = new Map(named.map((analyte) => [`${analyte.code} ${analyte.name}`, analyte]))
  const ranges = await rangesFor(tx, [...distinct.values()])
  return (input, order, person, isExplained) => {
    const analyte = analyteFor(input, order)
    return gradeByAny(input, gradingFor(ranges, analyteOf(input), analyte, person), isExplained, analyte)
  }
}

/**
 * Grades every result for this patient at the time of the specimen.
 * @throws problem `unit-mismatch`, `implausible-value` or `validation-failed`, naming each result that cannot be taken
 */
export async function gradeAll(
  tx: TenantTx,
  test: Test,
  { results: inputs, reason }: { results: readonly ResultInput[]; reason?: string | null | undefined },
  now: string,
): Promise<Result[]> {
  const at = test.sample_collected_date ?? now
  const { sex, date_of_birth, is_pregnant } = await getPerson(tx, test.patient_id, at)
  const person = { sex, dateOfBirth: date_of_birth, at, isPregnant: is_pregnant }
  const order = { name: test.test_name, code: test.code }
  const grade = await loadGrade(tx, [{ order, inputs }])
  const isExplained = (reason ?? '').trim() !== ''
  const repeated = findRepeated(inputs.map(analyteOf))
  if (repeated >= 0) {
    const detail = 'is there twice: one of the two would be lost. Name them apart.'
    throw problem('validation-failed', { errors: [{ pointer: `/results/${repeated}/name`, detail }] })
  }
  const graded = inputs.map((input) => grade(input, order, person, isExplained))
  const refusals = graded.flatMap((item, i) =>
    isRefusal(item) ? [{ ...item, pointer: `/results/${i}${item.pointer}` }] : [],
  )
  const [first] = refusals
  if (first) {
    throw problem(first.code, { errors: refusals.map(({ pointer, detail }) => ({ pointer, detail })) })
  }
  return graded.filter((item): item is Result => !isRefusal(item))
}
