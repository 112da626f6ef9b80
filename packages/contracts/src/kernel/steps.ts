import type { EventContract } from './event.ts'
import { type ProblemCode, problem } from './problems.ts'

/** One step of something that has a status: where it may begin, where it leads, and what is told of it. */
export interface Step<Status extends string> {
  from: readonly Status[]
  /** Absent: the status stays. */
  to?: Status
  /** Where it leads instead when nothing is left after it. */
  last?: Status
  /** Absent: nobody else hears of it. */
  event?: EventContract
  /** How it is refused where it does not follow; `illegal-transition` unless said. */
  refusal?: ProblemCode
}

/** Every step of one kind of thing, by name: what services decide, documents show and screens offer. */
export type Steps<Status extends string = string> = Readonly<Record<string, Step<Status>>>

/** Declares the steps of a status: `steps(PrescriptionStatus, { hold: { from: ['active'], to: 'on_hold', event } })`. */
export const steps = <Status extends string, const T extends Steps<Status>>(_status: { static: Status }, table: T): T =>
  table

/** The steps that are possible from a status. */
export const stepsFrom = <T extends Steps>(table: T, status: string): (keyof T & string)[] =>
  Object.keys(table).filter((name) => table[name]?.from.includes(status))

/** Refuses a step that does not follow from the present status; says which do. */
export const illegalTransition = (
  table: Steps,
  status: string,
  detail?: string,
  code: ProblemCode = 'illegal-transition',
) =>
  problem(code, {
    ...(detail === undefined ? {} : { detail }),
    extensions: { current_status: status, allowed_steps: stepsFrom(table, status) },
  })

/**
 * The step that is taken from a status: the status after it, and what is told.
 * @throws problem `illegal-transition`, or the step's own refusal, with `current_status` and `allowed_steps`
 */
export function decideStep<T extends Steps, Name extends keyof T & string>(
  table: T,
  status: string,
  name: Name,
): T[Name] {
  const step = table[name] as T[Name]
  if (!step.from.includes(status)) {
    const words = (text: string) => text.replaceAll('_', ' ')
    const detail = `It is ${words(status)}: the step ${words(name)} does not follow from that.`
    throw illegalTransition(table, status, detail, step.refusal)
  }
  return step
}
