import { join } from 'node:path'
import { demoPassword } from '@hospital/contracts'
import { demoHospitals, domainOf, isLoopback } from '@hospital/demo'
import { type DatabaseUrls, gatewayUrl } from '@hospital/stack'
import { type Config, near } from '@hospital/stack/config'
import { seconds } from '@hospital/stack/terminal'
import { describePeople } from '../people/describe-people.ts'
import { type DemoState, type FirstPeople, operatorEmail } from '../people/first-people.ts'

export interface Result {
  databases: DatabaseUrls
  people: FirstPeople
  milliseconds: number
}

/** What a person wants to know once everything runs. */
export function summary(config: Config, { databases, people, milliseconds }: Result): string {
  const url = gatewayUrl(config)
  const lines = [
    '',
    `The hospital system is ready after ${seconds(milliseconds)}.`,
    '',
    `  API         ${url}    health: ${url}/readyz`,
    `  Database    ${databasePlace(databases.identity)}`,
    `  Data, logs  ${near(config, config.dataDir)}, ${near(config, join(config.dataDir, 'logs'))}    what runs: stack.json there`,
    `  Mail        ${mailPlace(config)}`,
  ]
  if (people.demo.objection === undefined) lines.push(...demoSignIns(config, people.demo))
  const news = describePeople(config, people)
  if (news.length > 0) lines.push('', ...news.map((line) => `  ${line}`))
  lines.push('', '  Ctrl-C stops everything; the data stays.', '')
  return lines.join('\n')
}

function demoSignIns(config: Config, { hospitals, isOperatorPublic }: DemoState): string[] {
  const present = demoHospitals.filter(({ id }) => hospitals.some((noted) => noted.id === id))
  if (present.length === 0) return []
  const lines = [
    '',
    `  Demo sign-ins, password ${demoPassword}: admin@ doctor@ nurse@ receptionist@ manager@ labtechnician@ pharmacist@`,
    ...present.map((hospital) => `    ${hospital.name.padEnd(27)} @${domainOf(hospital).padEnd(29)} ${hospital.id}`),
  ]
  if (isOperatorPublic) lines.push(`    ${'All hospitals'.padEnd(27)} ${operatorEmail}`)
  if (!isLoopback(config.host))
    lines.push(`  Everybody knows this password, and HOST=${config.host} lets other machines in.`)
  return lines
}

function mailPlace(config: Config): string {
  if (config.inherited['SMTP_URL']) return 'sent by the server that SMTP_URL names'
  return `no SMTP_URL is set, so mails are files in ${near(config, join(config.dataDir, 'mail'))}`
}

function databasePlace(url: string): string {
  const { hostname, port, username } = new URL(url)
  return `PostgreSQL at ${hostname}:${port || 5432}, user ${decodeURIComponent(username)}`
}
