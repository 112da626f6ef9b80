import { type Static, Type } from '@sinclair/typebox'
import { Closed, Id, Instant, Line, Nullable, OneOf } from '../kernel/schema.ts'

export const CheckName = OneOf(['allergy', 'duplicate-therapy', 'interaction', 'dose', 'age', 'pregnancy', 'renal'])
export const ConflictSeverity = OneOf(['contraindicated', 'major', 'moderate', 'minor'])

/** One reason against a drug, and who says so. */
export const Conflict = Type.Object({
  check: CheckName,
  /** Stable name of the rule in the rule set. */
  rule: Type.String(),
  severity: ConflictSeverity,
  detail: Type.String(),
  /** The publication the rule was written from. */
  source: Type.String(),
  /** Version of the rule set. */
  version: Type.String(),
  /** What it conflicts with: an allergy, the patient's free text, another prescription, its own dose, the patient, or a state of theirs. */
  with: Type.Object({
    kind: OneOf(['allergy', 'free-text', 'prescription', 'dose', 'patient', 'state']),
    id: Nullable(Id),
  }),
})
export type Conflict = Static<typeof Conflict>

/** Where something stands that a check did not understand: there a decision about it is kept. */
export const CheckedEntry = OneOf(['allergy', 'free-text', 'drug', 'status'])

/** Something entered that a check did not understand: a person decides it. */
export const UndecidedPart = Type.Object({
  check: CheckName,
  /** The words that were not understood. */
  part: Type.String(),
  /** What they are about. */
  detail: Type.String(),
  entry: Type.Object({ kind: CheckedEntry, id: Nullable(Id) }),
  /** Somebody has decided it, and the entry reads as it did then. */
  decided: Type.Boolean(),
})
export type UndecidedPart = Static<typeof UndecidedPart>

/** What a person decided about a part, kept on the entry until that changes. */
export const CheckDecision = Type.Object({
  id: Id,
  check: CheckName,
  part: Type.String(),
  entry: Type.Object({ kind: CheckedEntry, id: Nullable(Id) }),
  reason: Type.String(),
  decided_by: Nullable(Id),
  decided_at: Instant,
})
export type CheckDecision = Static<typeof CheckDecision>

export const Check = Type.Object({
  check: CheckName,
  /**
   * `passed`: looked, understood everything, and rules exist. `could-not-check`: something entered was not understood, a
   * person decides. `not-covered`: no rule or no measurement to check with; told, never asked, never taken for passed.
   */
  outcome: OneOf(['passed', 'conflict', 'could-not-check', 'not-covered']),
  /** Version of the rule set. */
  version: Type.String(),
  conflicts: Type.Array(Conflict),
  /** What could not be checked, in words; also beside a conflict. */
  unchecked: Type.Array(Type.String()),
  /** Of the allergy check: what a person decides, and whether somebody has. */
  parts: Type.Optional(Type.Array(UndecidedPart)),
  /** What no rule or measurement exists for, in words; also beside another outcome. Absent in checks kept from earlier. */
  not_covered: Type.Optional(Type.Array(Type.String())),
})
export type Check = Static<typeof Check>

/** What a person says of the parts that `checks-undecided` named. */
export const decisions = {
  decisions: Type.Optional(
    Type.Array(
      Closed({ check: CheckName, part: Type.String({ minLength: 1, maxLength: 20_000 }), reason: Line(2000) }),
      {
        maxItems: 100,
      },
    ),
  ),
}
