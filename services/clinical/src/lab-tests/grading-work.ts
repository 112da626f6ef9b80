import { problem } from '@hospital/contracts'
import type { TenantTx } from '@hospital/database'
import { rangesFor } from '../lab-reference-ranges/queries.ts'
import { chooseRanges } from '../lab-reference-ranges/rules.ts'
import { sexOf } from '../lab-reference-ranges/sex-rules.ts'
import { gradeByAny, isRefusal, type Result, type ResultInput } from './grading-rules.ts'
import { getPerson, type Test } from './queries.ts'
import { findRepeated } from './rules.ts'

/**
 * Grades every result against the hospital's ranges for this patient at the time of the specimen.
 * @throws problem `unit-mismatch`, `implausible-value` or `validation-failed`, naming each result that cannot be taken
 */
export async function gradeAll(
  tx: TenantTx,
  test: Test,
  { results: inputs, reason }: { results: readonly ResultInput[]; reason?: string | null | undefined },
  now: string,
): Promise<Result[]> {
  const person = await getPerson(tx, test.patient_id)
  const ranges = await rangesFor(tx, inputs)
  const subject = {
    sex: sexOf(person.gender),
    dateOfBirth: person.date_of_birth,
    at: test.sample_collected_date ?? now,
  }
  const isExplained = (reason ?? '').trim() !== ''
  const analyteOf = ({ name, code }: ResultInput) => ({ name, code: code ?? null })
  const repeated = findRepeated(inputs.map(analyteOf))
  if (repeated >= 0) {
    const detail = 'is there twice: one of the two would be lost. Name them apart.'
    throw problem('validation-failed', { errors: [{ pointer: `/results/${repeated}/name`, detail }] })
  }
  const graded = inputs.map((input) => gradeByAny(input, chooseRanges(ranges, analyteOf(input), subject), isExplained))
  const refusals = graded.flatMap((item, i) =>
    isRefusal(item) ? [{ ...item, pointer: `/results/${i}${item.pointer}` }] : [],
  )
  const [first] = refusals
  if (first) {
    throw problem(first.code, { errors: refusals.map(({ pointer, detail }) => ({ pointer, detail })) })
  }
  return graded.filter((item): item is Result => !isRefusal(item))
}
