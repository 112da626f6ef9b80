import { isRefusal, type Refusal, type Result, type ResultInput, worse } from '../lab-tests/grading-rules.ts'

/** What a result was measured as, without what anybody compared it with. */
const measured = ({ name, code, value, unit, comparator, notes }: Result): ResultInput => ({
  name,
  code,
  value,
  unit,
  comparator,
  notes,
})

/**
 * An imported result as this hospital sees it; `grade` is how it grades what is measured here. Value, unit and the range
 * that came with it stay as they came; the hospital's critical limits hold besides, and of the sender's flag, the one by the
 * sender's range and the one by the hospital's the worst is kept. Where no range came and the units are the same, the
 * hospital's range is kept with it. What cannot be compared stays as it came.
 */
export function gradeImported(result: Result, grade: (input: ResultInput) => Result | Refusal): Result {
  const here = grade(measured(result))
  if (isRefusal(here)) return result
  const flag = worse(result.flag, here.flag)
  if (here.range === null || here.range === 'none') return { ...result, flag }
  const { reference_low, reference_high, critical_low, critical_high } = result
  const limits = { reference_low, reference_high, critical_low, critical_high }
  if (Object.values(limits).some((limit) => limit !== null)) {
    const besides = grade({ ...measured(result), ...limits })
    return isRefusal(besides)
      ? { ...result, flag }
      : {
          ...result,
          critical_low: besides.critical_low,
          critical_high: besides.critical_high,
          flag: worse(flag, besides.flag),
        }
  }
  return here.unit === result.unit ? { ...here, flag } : { ...result, range: here.range, flag }
}
