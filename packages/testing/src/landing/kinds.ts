import type { ServiceName } from '@hospital/database'

export type KindName = 'patient' | 'appointment' | 'prescription' | 'lab test' | 'user'

/** What the load writes: where it is kept, and by which fields we know later that it is as acknowledged. */
export interface Kind {
  service: ServiceName
  path: string
  table: string
  /** The SQL of the word that no other row has. */
  mark: string
  /** Fields by name, each with its SQL over the row `it` of this schema. */
  columns(schema: string): Record<string, string>
  /** Those of the fields that grow with every write. */
  counted?: readonly string[]
  /** Those of the fields that the API answers under the same name. */
  answered: readonly string[]
}

export const kinds: Readonly<Record<KindName, Kind>> = {
  patient: {
    service: 'clinical',
    path: '/api/patients',
    table: 'patients',
    mark: 'last_name',
    columns: () => ({ phone: 'phone' }),
    answered: ['phone'],
  },
  appointment: {
    service: 'scheduling',
    path: '/api/appointments',
    table: 'appointments',
    mark: 'notes',
    columns: () => ({
      appointment_date: `to_char(appointment_date AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
      status: 'status',
    }),
    answered: ['appointment_date', 'status'],
  },
  prescription: {
    service: 'clinical',
    path: '/api/prescriptions',
    table: 'prescriptions',
    mark: 'instructions',
    columns: (schema) => ({
      dispensed_quantity: `(SELECT coalesce(sum(d.quantity), 0)::int FROM ${schema}.dispenses d WHERE d.prescription_id = it.id)`,
    }),
    counted: ['dispensed_quantity'],
    answered: ['dispensed_quantity'],
  },
  'lab test': {
    service: 'clinical',
    path: '/api/lab-tests',
    table: 'lab_tests',
    mark: 'test_name',
    columns: (schema) => ({
      status: 'status',
      steps: `(SELECT count(*)::int FROM ${schema}.lab_test_steps s WHERE s.lab_test_id = it.id)`,
    }),
    counted: ['steps'],
    answered: ['status'],
  },
  user: {
    service: 'identity',
    path: '/api/users',
    table: 'users',
    mark: `split_part(email, '@', 1)`,
    columns: (schema) => ({
      name: 'name',
      roles: `(SELECT count(*)::int FROM ${schema}.user_roles r WHERE r.user_id = it.id)`,
    }),
    counted: ['roles'],
    answered: ['name'],
  },
}

/** The schema of a service's tables that belong to a hospital. */
export const schemaOf = (service: ServiceName, tenantId: string): string =>
  service === 'identity' ? 'public' : tenantId

/** The schema of a service's outbox. */
export const globalSchemaOf = (service: ServiceName): string => (service === 'identity' ? 'public' : service)
