/** Steps an operator can take; `provisioning` ends by itself when every service has its schema. */
export const canChangeStatus = (from: string, to: string): boolean => from === to || from !== 'provisioning'

/** Schemas that belong to the system, or to PostgreSQL. */
const reserved = ['public', 'extensions', 'information_schema', 'identity', 'clinical', 'scheduling', 'platform']

/** An id that no hospital can have: it would be a schema that is there already. */
export const isReservedId = (id: string): boolean => reserved.includes(id) || id.startsWith('pg_')

/** A zone of the IANA database, by a name that PostgreSQL and calendars know too. */
export function isTimeZone(name: string): boolean {
  if (name !== 'UTC' && !name.includes('/')) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
