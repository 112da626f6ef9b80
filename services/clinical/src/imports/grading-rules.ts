import type { Range } from '../lab-reference-ranges/rules.ts'
import { gradeByAny, isRefusal, type Result, worse } from '../lab-tests/grading-rules.ts'

/** What a result was measured as, without what anybody compared it with. */
const measured = ({ name, code, value, unit, comparator, notes }: Result) => ({
  name,
  code,
  value,
  unit,
  comparator,
  notes,
})

/**
 * An imported result as this hospital sees it. The range that came with it stays with it; the hospital's critical limits
 * hold besides, and of the sender's flag, the one by the sender's range and the one by the hospital's the worst is kept.
 * Without a range of its own it is kept as if it had been measured here. What cannot be compared stays as it came.
 */
export function gradeImported(result: Result, ranges: readonly Range[]): Result {
  if (ranges.length === 0) return result
  const here = gradeByAny(measured(result), ranges, true)
  if (isRefusal(here)) return result
  const flag = worse(result.flag, here.flag)
  const { reference_low, reference_high, critical_low, critical_high } = result
  if (reference_low === null && reference_high === null && critical_low === null && critical_high === null)
    return { ...here, flag }
  const limits = { reference_low, reference_high, critical_low, critical_high }
  const besides = gradeByAny({ ...measured(result), ...limits }, ranges, true)
  const kept: Result = isRefusal(besides) ? result : besides
  return { ...kept, flag: worse(flag, kept.flag) }
}
