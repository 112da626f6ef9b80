import t from 'tap'
import {
  allRoutes,
  grantablePermissions,
  hospitalRoles,
  isAllowed,
  operatorRole,
  permissions,
  permissionsOfRoles,
} from '../src/index.ts'

// The table as hospitals know it: A Admin, D Doctor, N Nurse, R Receptionist, M Manager, L Lab Technician, P Pharmacist.
const table: Record<string, string> = {
  'users.read': 'ADNRMLP',
  'users.manage': 'A',
  'roles.manage': 'A',
  'hospital.manage': 'A',
  'audit.read': 'AM',
  'reports.read': 'AM',
  'patients.read': 'ADNRLP',
  'patients.write': 'ADNR',
  'patients.merge': 'AM',
  'records.read': 'ADN',
  'records.write': 'ADN',
  'records.sign': 'D',
  'prescriptions.read': 'ADNP',
  'prescriptions.write': 'D',
  'prescriptions.dispense': 'P',
  'prescriptions.verify': 'P',
  'prescriptions.verbal': 'NP',
  'labs.read': 'ADNL',
  'labs.manage': 'AL',
  'labs.order': 'D',
  'labs.collect': 'NL',
  'labs.result': 'L',
  'labs.verify': 'L',
  'appointments.read': 'ADNRM',
  'appointments.write': 'ADNR',
  'appointments.overbook': 'ADM',
  'schedule.manage': 'ADM',
  'data.import': 'A',
  'tenants.manage': '',
}

t.test('the seven roles hold exactly what the table says', async (t) => {
  t.same(Object.keys(table).sort(), [...permissions].sort(), 'the table names every permission')
  for (const { name } of hospitalRoles) {
    const letter = name.charAt(0)
    const expected = permissions.filter((permission) => table[permission]?.includes(letter))
    t.same(permissionsOfRoles([name]), expected, name)
  }
  t.same(
    hospitalRoles.map(({ name }) => name),
    ['Admin', 'Doctor', 'Nurse', 'Receptionist', 'Manager', 'Lab Technician', 'Pharmacist'],
  )
})

t.test('operators manage hospitals and reach no patient', async (t) => {
  const held = permissionsOfRoles([operatorRole.name])
  t.notOk(held.some((permission) => /^(patients|records|prescriptions|labs|appointments|data)\./.test(permission)))
  t.notOk(grantablePermissions.includes('tenants.manage'), 'no hospital can make an operator')
})

t.test('every operation names who may use it, once, under one address', async (t) => {
  const known = new Set<string>([...permissions, 'signed-in', 'public'])
  for (const { operationId, access } of allRoutes) t.ok(known.has(access), `${operationId}: ${access}`)
  const ids = allRoutes.map(({ operationId }) => operationId)
  t.equal(new Set(ids).size, ids.length, 'operation ids are unique')
  const addresses = allRoutes.map(({ method, path }) => `${method} ${path.replace(/:\w+/g, ':')}`)
  t.equal(new Set(addresses).size, addresses.length, 'addresses are unique')
  const open = allRoutes.filter(({ access }) => access === 'public').map(({ operationId }) => operationId)
  t.same(
    open.sort(),
    [
      'forgotPassword',
      'getCalendarFeed',
      'getJwks',
      'refreshSession',
      'resetPassword',
      'signIn',
      'signInWithMfa',
      'verifyEmail',
    ],
    'what the public may call',
  )
})

t.test('unknown roles and nobody are allowed nothing', async (t) => {
  t.same(permissionsOfRoles(['Superuser', '']), [])
  t.notOk(isAllowed('patients.read', null))
  t.notOk(isAllowed('signed-in', null))
  t.ok(isAllowed('public', null))
})
