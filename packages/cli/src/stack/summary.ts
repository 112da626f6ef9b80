import { join, relative } from 'node:path'
import type { Config } from '../config.ts'
import { demoHospitals, demoPassword, domainOf } from '../demo/hospitals.ts'
import { type FirstPeople, operatorEmail } from '../people/first-people.ts'
import { seconds } from '../terminal.ts'
import type { DatabaseUrls } from './postgres.ts'
import { gatewayUrl } from './programs.ts'

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
  if (config.demo) lines.push(...demoSignIns())
  if (people.made.length > 0) {
    lines.push(
      '',
      `  New Admins (${people.made.length}), passwords in ${near(config, people.file)}: ${people.made.join(', ')}`,
    )
  }
  lines.push('', '  Ctrl-C stops everything; the data stays.', '')
  return lines.join('\n')
}

function demoSignIns(): string[] {
  return [
    '',
    `  Demo sign-ins, password ${demoPassword}: admin@ doctor@ nurse@ receptionist@ manager@ labtechnician@ pharmacist@`,
    ...demoHospitals.map(
      (hospital) => `    ${hospital.name.padEnd(27)} @${domainOf(hospital).padEnd(29)} ${hospital.id}`,
    ),
    `    ${'All hospitals'.padEnd(27)} ${operatorEmail}`,
  ]
}

function mailPlace(config: Config): string {
  if (config.inherited['SMTP_URL']) return 'sent by the server that SMTP_URL names'
  return `no SMTP_URL is set, so mails are files in ${near(config, join(config.dataDir, 'mail'))}`
}

function databasePlace(url: string): string {
  const { hostname, port, username } = new URL(url)
  return `PostgreSQL at ${hostname}:${port || 5432}, user ${decodeURIComponent(username)}`
}

function near(config: Config, path: string): string {
  const short = relative(config.calledFrom, path)
  return short === '' || short.startsWith('..') ? path : short
}
