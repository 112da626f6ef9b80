import * as contracts from '@hospital/contracts'
import { eventType, type Steps } from '@hospital/contracts'

/** The tables of steps that the contracts export, by what they are steps of: `labTestSteps` is `lab test`. */
function stepTables(): [string, Steps][] {
  const named = Object.entries(contracts).filter(([name]) => /^[a-z]\w*Steps$/.test(name)) as [string, Steps][]
  return named
    .map(([name, table]): [string, Steps] => [wordsOf(name.replace(/Steps$/, '')), table])
    .toSorted(([a], [b]) => a.localeCompare(b))
}

const wordsOf = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

function section(name: string, table: Steps): string[] {
  const rows = Object.entries(table).map(([step, { from, to, last, event, refusal }]) => {
    const cells = [
      step,
      from.join(', '),
      `${to ?? 'stays'}${last === undefined ? '' : `, ${last} when nothing is left`}`,
      event ? `\`${eventType(event)}\`` : '',
      refusal ?? '',
    ]
    return `| ${cells.join(' | ')} |`
  })
  return [`## ${name}`, '', '| step | from | to | tells | else |', '|---|---|---|---|---|', ...rows, '']
}

/** docs/steps.md: what may follow from what. */
export function stepsDocument(): string {
  return [
    '# Steps',
    '',
    'Generated from the contracts by `npm run docs`; the tests compare it. A step that does not follow from the present status is',
    'refused with 409 `illegal-transition` (or the problem under "else"), with `current_status` and `allowed_steps`.',
    '',
    ...stepTables().flatMap(([name, table]) => section(name, table)),
  ].join('\n')
}
