import { type Config, near } from '@hospital/stack/config'
import type { FirstPeople } from './first-people.ts'
import { initialPasswordsFile } from './initial-passwords.ts'

const named = 5

const leftOpen =
  'Nobody is in these databases yet: the first start loads demo hospitals, or makes an operator with HOSPITAL_DEMO=false or NODE_ENV=production'

/**
 * What a person must hear of people who were made now. The operator's password is shown once, on a terminal only: what
 * goes anywhere else is a log that others may read.
 */
export function describePeople(config: Config, { made, demo }: FirstPeople): string[] {
  if (demo.isLeftOpen) return [leftOpen]
  if (made.length === 0) return []
  const file = near(config, initialPasswordsFile(config.dataDir))
  const emails = made.map(({ email }) => email)
  const others = emails.length > named ? ` and ${emails.length - named} more` : ''
  const lines = [`New Admins (${made.length}), passwords in ${file}: ${emails.slice(0, named).join(', ')}${others}`]
  const operator = made.find(({ tenantId }) => tenantId === 'platform')
  if (operator === undefined) return lines
  if (config.isTerminal)
    lines.push(`The operator is ${operator.email}, password ${operator.password} (shown this once)`)
  if (demo.objection !== undefined && config.demo === undefined && !config.production)
    lines.push(`No demo hospitals, since ${demo.objection}; HOSPITAL_DEMO=true loads them all the same`)
  return lines
}
