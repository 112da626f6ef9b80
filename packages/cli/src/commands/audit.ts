import { join } from 'node:path'
import { type AuditVerdict, type BadRow, verifyAudit } from '@hospital/database'
import { type DatabaseUrls, readSecret, withDatabases } from '@hospital/stack'
import { type Config, readConfig, type Service, services } from '@hospital/stack/config'
import { Failure } from '@hospital/stack/failure'
import { say, seconds } from '@hospital/stack/terminal'

const usage = `Usage: hospital audit verify [--tenant T]
  Compares every row of the audit trails with its seal, and the seals with what is written down outside the database.`

/** `hospital audit verify`: has anybody touched the trail? Names the first bad row of each; exit code 1 when there is one. */
export async function audit(words: string[]): Promise<number> {
  const [verb, option, tenant, ...rest] = words
  const fits = verb === 'verify' && rest.length === 0 && (option === undefined || (option === '--tenant' && tenant))
  if (!fits) throw new Failure(usage)
  const config = readConfig()
  return withDatabases(config, (urls) => verify(config, urls, tenant))
}

async function verify(config: Config, urls: DatabaseUrls, tenant: string | undefined): Promise<number> {
  const started = Date.now()
  let bad = 0
  let unread = 0
  let checked = 0
  for (const service of services) {
    const verdicts = await verifyAudit({
      url: urls[service],
      service,
      appPassword: readSecret(config, 'database_app_password'),
      anchorDirectory: join(config.dataDir, 'audit-anchors'),
      ...(tenant === undefined ? {} : { tenants: [tenant] }),
    })
    for (const verdict of verdicts) {
      say(lineOf(service, verdict))
      checked += verdict.checked
      if (verdict.bad !== null) bad += 1
      if (verdict.failure !== null) unread += 1
    }
  }
  const findings = [
    ...(bad > 0 ? [`${bad} trails are damaged`] : []),
    ...(unread > 0 ? [`${unread} trails could not be read`] : []),
  ]
  say(
    `${checked} rows compared in ${seconds(Date.now() - started)}: ${findings.length === 0 ? 'nothing was touched' : findings.join(', ')}`,
  )
  return findings.length === 0 ? 0 : 1
}

const meanings: Record<BadRow['kind'], string> = {
  changed: 'is not what was sealed',
  missing: 'is gone',
  cut: 'and all after it are gone',
  rewritten: 'was sealed anew over other rows',
  inserted: 'was not written by a service',
}

function lineOf(service: Service, { tenantId, checked, pending, anchored, bad, failure }: AuditVerdict): string {
  const place = `${service} ${tenantId}`
  if (failure !== null) return `  ✗ ${place}: could not be read (${failure})`
  if (bad !== null) return `  ✗ ${place}: row ${bad.eventId ?? '?'} (place ${bad.seq ?? '-'}) ${meanings[bad.kind]}`
  const waiting = pending > 0 ? `, ${pending} wait for their seal` : ''
  return `  ✓ ${place}: ${checked} rows${waiting}${anchored || checked === 0 ? '' : '; nothing is written down outside the database yet'}`
}
