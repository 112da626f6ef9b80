import {
  type BodyOf,
  type Check,
  type FieldError,
  type prescribe,
  problem,
  type UndecidedPart,
} from '@hospital/contracts'
import { undecidedParts } from './check-rules.ts'

export type GivenDecision = NonNullable<BodyOf<typeof prescribe>['decisions']>[number]

/** Has words: a full stop or a dash is no reason. */
export const hasWords = (text: string | undefined): boolean => text !== undefined && /\p{L}/u.test(text)

function breachOf({ check, part, reason }: GivenDecision, i: number, parts: readonly UndecidedPart[]): FieldError[] {
  if (!hasWords(reason)) return [{ pointer: `/decisions/${i}/reason`, detail: 'must say why, in words' }]
  if (parts.some((asked) => asked.check === check && asked.part === part)) return []
  return [{ pointer: `/decisions/${i}/part`, detail: 'is no part that this check asks about' }]
}

/**
 * The parts that these decisions answer, each with its reason; what was decided before is not decided again.
 * @throws problem `validation-failed` when a decision is about nothing that is asked, or gives no reason
 */
export function decideParts(
  checks: readonly Check[],
  given: readonly GivenDecision[] = [],
): { part: UndecidedPart; reason: string }[] {
  const asked = checks.flatMap(({ parts = [] }) => parts)
  const errors = given.flatMap((decision, i) => breachOf(decision, i, asked))
  if (errors.length > 0) throw problem('validation-failed', { errors })
  return undecidedParts(checks).flatMap((part) => {
    const decision = given.find(({ check, part: name }) => check === part.check && name === part.part)
    return decision === undefined ? [] : [{ part, reason: decision.reason }]
  })
}
