import {
  type Access,
  allRoutes,
  eventAccess,
  hospitalRoles,
  operatorRole,
  permissions,
  type RouteContract,
} from '@hospital/contracts'

const roles = [...hospitalRoles, operatorRole]

const line = ({ method, path, operationId }: RouteContract) => `- \`${operationId}\`: ${method} ${path}`

/** The answers' fields that are there for holders of the permission: `name` in the answers of … */
function fieldLines(access: Access): string[] {
  const fields = allRoutes.flatMap(({ operationId, fields = {} }) =>
    Object.entries(fields).flatMap(([name, any]) => (any.some((one) => one === access) ? [{ name, operationId }] : [])),
  )
  return [...Map.groupBy(fields, ({ name }) => name)].map(
    ([name, group]) =>
      `- the field \`${name}\` in the answers of ${group.map(({ operationId }) => `\`${operationId}\``).join(', ')}`,
  )
}

function openedBy(access: Access): string[] {
  const operations = allRoutes.filter((route) => route.access === access).map(line)
  const events = Object.keys(eventAccess).filter((kind) => eventAccess[kind] === access)
  const hears = events.length > 0 ? [`- hears on the event stream of: ${events.join(', ')}`] : []
  const opened = [...operations, ...fieldLines(access), ...hears]
  return opened.length > 0 ? opened : ['- no operation by itself']
}

/** docs/permissions.md: who holds a permission, and what it is good for. */
export function permissionsDocument(): string {
  const rows = permissions.map(
    (permission) =>
      `| ${permission} | ${roles.map((role) => (role.permissions.includes(permission) ? '✓' : '')).join(' | ')} |`,
  )
  return [
    '# Permissions',
    '',
    'Generated from the contracts by `npm run docs`; the tests compare it. Roles that a hospital makes itself can hold every permission but `tenants.manage`.',
    'A permission about a chart is not all: where a hospital asks for it, a care relation is needed too ([decision 0020](decisions/0020-care-relations-at-every-door-of-a-chart.md)).',
    '',
    `| permission | ${roles.map(({ name }) => name).join(' | ')} |`,
    `|---|${roles.map(() => ':-:|').join('')}`,
    ...rows,
    '',
    '## What each permission opens',
    '',
    ...permissions.flatMap((permission) => [`### ${permission}`, '', ...openedBy(permission), '']),
    '## What everybody may who is signed in',
    '',
    ...openedBy('signed-in'),
    '',
    '## What needs no sign-in',
    '',
    ...openedBy('public'),
    '',
  ].join('\n')
}
