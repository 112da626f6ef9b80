/** Everything a person can be allowed to do. The one list that REST, GraphQL and streams ask. */
export const permissions = [
  'users.read',
  'users.manage',
  'roles.manage',
  'hospital.manage',
  'audit.read',
  'reports.read',
  'patients.read',
  'patients.write',
  'patients.merge',
  'records.read',
  'records.write',
  'records.sign',
  'prescriptions.read',
  'prescriptions.write',
  'prescriptions.dispense',
  'prescriptions.verify',
  'prescriptions.verbal',
  'labs.read',
  'labs.manage',
  'labs.order',
  'labs.collect',
  'labs.result',
  'labs.verify',
  'appointments.read',
  'appointments.write',
  'appointments.overbook',
  'schedule.manage',
  'data.import',
  'tenants.manage',
] as const

export type Permission = (typeof permissions)[number]

export interface BuiltInRole {
  name: string
  description: string
  permissions: readonly Permission[]
}

/** The seven roles every hospital has; read-only, the same everywhere. */
export const hospitalRoles: readonly BuiltInRole[] = [
  {
    name: 'Admin',
    description: 'System administrator with full access',
    permissions: [
      'users.read',
      'users.manage',
      'roles.manage',
      'hospital.manage',
      'audit.read',
      'reports.read',
      'patients.read',
      'patients.write',
      'patients.merge',
      'records.read',
      'records.write',
      'prescriptions.read',
      'labs.read',
      'labs.manage',
      'appointments.read',
      'appointments.write',
      'appointments.overbook',
      'schedule.manage',
      'data.import',
    ],
  },
  {
    name: 'Doctor',
    description: 'Medical practitioner with patient care access',
    permissions: [
      'users.read',
      'patients.read',
      'patients.write',
      'records.read',
      'records.write',
      'records.sign',
      'prescriptions.read',
      'prescriptions.write',
      'labs.read',
      'labs.order',
      'appointments.read',
      'appointments.write',
      'appointments.overbook',
      'schedule.manage',
    ],
  },
  {
    name: 'Nurse',
    description: 'Nursing staff with patient care access',
    permissions: [
      'users.read',
      'patients.read',
      'patients.write',
      'records.read',
      'records.write',
      'prescriptions.read',
      'prescriptions.verbal',
      'labs.read',
      'labs.collect',
      'appointments.read',
      'appointments.write',
    ],
  },
  {
    name: 'Receptionist',
    description: 'Front desk staff with appointment management',
    permissions: ['users.read', 'patients.read', 'patients.write', 'appointments.read', 'appointments.write'],
  },
  {
    name: 'Manager',
    description: 'Department manager with reporting access',
    permissions: [
      'users.read',
      'audit.read',
      'reports.read',
      'patients.merge',
      'appointments.read',
      'appointments.overbook',
      'schedule.manage',
    ],
  },
  {
    name: 'Lab Technician',
    description: 'Laboratory staff with test management',
    permissions: [
      'users.read',
      'patients.read',
      'labs.read',
      'labs.manage',
      'labs.collect',
      'labs.result',
      'labs.verify',
    ],
  },
  {
    name: 'Pharmacist',
    description: 'Pharmacy staff with medication management',
    permissions: [
      'users.read',
      'patients.read',
      'prescriptions.read',
      'prescriptions.dispense',
      'prescriptions.verify',
      'prescriptions.verbal',
    ],
  },
]

/** The role of operators, who belong to the reserved tenant `platform` and manage tenants, never patients. */
export const operatorRole: BuiltInRole = {
  name: 'Operator',
  description: 'Operator of the platform, manages hospitals',
  permissions: ['tenants.manage', 'users.read', 'users.manage', 'audit.read'],
}

export const platformTenant = 'platform'

/** A hospital's own roles can hold every permission but the operators'. */
export const grantablePermissions: readonly Permission[] = permissions.filter(
  (permission) => permission !== 'tenants.manage',
)

/**
 * The permissions that a set of built-in role names gives, sorted and without repeats.
 * Names that are not built in give nothing here: a hospital's own roles carry theirs in the database.
 */
export function permissionsOfRoles(names: readonly string[]): Permission[] {
  const held = new Set(
    [...hospitalRoles, operatorRole].filter((role) => names.includes(role.name)).flatMap((role) => role.permissions),
  )
  return permissions.filter((permission) => held.has(permission))
}

/** The parts of a patient's chart. Demographics are no part of it. */
export const chartAreas = ['records', 'prescriptions', 'labs'] as const
export type ChartArea = (typeof chartAreas)[number]

/** The part of a chart that a permission is about; null for permissions about something else. */
export const chartAreaOf = (access: Access): ChartArea | null =>
  chartAreas.find((area) => access.startsWith(`${area}.`)) ?? null

/**
 * Who works for patients they have never met: an order relates the bench to the patient's laboratory tests, a prescription
 * the pharmacy to the patient's prescriptions and allergies, and to nothing else of the chart.
 */
export const worksOn: Readonly<Record<Exclude<ChartArea, 'records'>, readonly Permission[]>> = {
  prescriptions: ['prescriptions.dispense'],
  labs: ['labs.result', 'labs.verify'],
}

/** Who may use an operation: holders of a permission, anybody signed in, or the public. */
export type Access = Permission | 'signed-in' | 'public'

/** The one question every door asks. */
export function isAllowed(access: Access, held: readonly Permission[] | null): boolean {
  if (access === 'public') return true
  if (held === null) return false
  return access === 'signed-in' || held.includes(access)
}
