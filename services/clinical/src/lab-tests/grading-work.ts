import { problem } from '@hospital/contracts'
import type { TenantTx } from '@hospital/database'
import { gradingRangesOf } from '../lab-catalogue/grading-mapping.ts'
import { getCatalogue } from '../lab-catalogue/queries.ts'
import { type Entry, expectedAnalytes, findAnalyte } from '../lab-catalogue/rules.ts'
import { rangesFor } from '../lab-reference-ranges/queries.ts'
import { chooseRanges, type Person, type Range } from '../lab-reference-ranges/rules.ts'
import { sexOf } from '../lab-reference-ranges/sex-rules.ts'
import { gradeByAny, isRefusal, type Refusal, type Result, type ResultInput } from './grading-rules.ts'
import { getPerson, type Test } from './queries.ts'
import { findRepeated } from './rules.ts'

const analyteOf = ({ name, code }: ResultInput) => ({ name, code: code ?? null })

/** The hospital's own ranges: of the code or the name as entered, else of any name or code that the analyte has. */
function ownRanges(ranges: readonly Range[], input: ResultInput, analyte: Entry | null, person: Person): Range[] {
  const asEntered = chooseRanges(ranges, analyteOf(input), person)
  if (asEntered.length > 0 || analyte === null) return asEntered
  const codes = [analyte.code, ...analyte.other_codes]
  const alike = [analyte.name, ...analyte.synonyms].flatMap((name) =>
    codes.map((code) => chooseRanges(ranges, { name, code }, person)),
  )
  return alike.find((found) => found.length > 0) ?? []
}

/** The names and codes under which the hospital may have a range of the analyte. */
const namesOf = (analyte: Entry | null): { name: string; code: string | null }[] =>
  analyte === null
    ? []
    : [...analyte.synonyms, analyte.name].flatMap((name) =>
        [analyte.code, ...analyte.other_codes].map((code) => ({ name, code })),
      )

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
    inputs.flatMap((input) => [analyteOf(input), ...namesOf(analyteFor(input, order))]),
  )
  const distinct = new Map(named.map((analyte) => [`${analyte.code} ${analyte.name}`, analyte]))
  const ranges = await rangesFor(tx, [...distinct.values()])
  return (input, order, person, isExplained) => {
    const analyte = analyteFor(input, order)
    const own = ranges.length === 0 ? [] : ownRanges(ranges, input, analyte, person)
    const catalogued = analyte === null || own.length > 0 ? [] : gradingRangesOf(analyte, person)
    return gradeByAny(input, own.length > 0 ? own : catalogued, isExplained, analyte)
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
  const { gender, date_of_birth } = await getPerson(tx, test.patient_id)
  const person = { sex: sexOf(gender), dateOfBirth: date_of_birth, at: test.sample_collected_date ?? now }
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
