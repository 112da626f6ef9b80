import { type ChartArea, chartAreaOf, type Permission } from './permissions.ts'

/**
 * Who may know that something of a kind has changed, by `<service>.<entity>`: the permission that reading it needs, or
 * null for what concerns no person in a hospital. Kinds that are not listed nobody hears of.
 */
export const eventAccess: Readonly<Record<string, Permission | null>> = {
  'identity.user': 'users.read',
  'identity.role': 'users.read',
  'identity.session': null,
  'identity.tenant': null,
  'clinical.patient': 'patients.read',
  'clinical.medical_record': 'records.read',
  'clinical.prescription': 'prescriptions.read',
  'clinical.allergy': 'prescriptions.read',
  'clinical.allergy_attestation': 'prescriptions.read',
  'clinical.alert': 'prescriptions.read',
  'clinical.patient_state': 'records.read',
  'clinical.lab_test': 'labs.read',
  'clinical.critical_result': 'labs.read',
  'clinical.tenant': null,
  'scheduling.appointment': 'appointments.read',
  'scheduling.waitlist_entry': 'appointments.read',
  'scheduling.working_hours': 'appointments.read',
  'scheduling.time_off': 'appointments.read',
  'scheduling.hospital': 'appointments.read',
  'scheduling.tenant': null,
}

const neededFor = (type: string): Permission | null => {
  const [, service, entity] = type.split('.')
  const kind = `${service}.${entity}`
  return Object.hasOwn(eventAccess, kind) ? (eventAccess[kind] ?? null) : null
}

/** The part of a patient's chart that an event of this type is about; null for other events. */
export function chartAreaOfEvent(type: string): ChartArea | null {
  const needed = neededFor(type)
  return needed === null ? null : chartAreaOf(needed)
}

/** True when the holder of these permissions may know of an event of this type (`hospital.clinical.patient.updated.v1`). */
export function mayKnowEvent(type: string, held: readonly Permission[]): boolean {
  const needed = neededFor(type)
  return needed !== null && held.includes(needed)
}
