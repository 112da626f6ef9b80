import { allRoutes, type RouteContract } from '@hospital/contracts'
import { startSystem, type TestSystem, temporaryFolder } from '@hospital/testing'
import t, { type Test } from 'tap'
import { faultsOf } from '../src/faults.ts'
import { comesBack, documentOf, type Row, unsentFields } from '../src/round-trip.ts'
import { type Case, cases, type Made, outOfScope } from './round-trip-cases.ts'

// What an operation accepts comes back: every field of every POST, PUT and PATCH is sent once by REST and once by GraphQL, and
// is found again in its own answer and in what is read afterwards, by both.

const byId = new Map(allRoutes.map((contract) => [contract.operationId, contract]))
const contractOf = (operation: string): RouteContract => {
  const contract = byId.get(operation)
  if (contract === undefined) throw new Error(`${operation} is no operation`)
  return contract
}

/** Any id, for looking at what would be sent. */
const numbers = new Proxy({ n: 0 } as Made, { get: (made, name) => (name === 'n' ? 0 : (made[String(name)] ?? 1)) })

t.test('every field that an operation accepts is sent', async (t) => {
  const accepting = allRoutes.filter(
    ({ body, method, answer, secretAnswer }) =>
      body !== undefined && method !== 'GET' && method !== 'DELETE' && answer !== null && !secretAnswer,
  )
  for (const { operationId, body } of accepting.filter(({ operationId }) => !(operationId in outOfScope))) {
    const sent = cases.filter(([operation]) => operation === operationId).map(([, { body }]) => body(numbers))
    t.ok(sent.length > 0, `${operationId} has a case in round-trip-cases.ts`)
    if (sent.length === 0) continue
    const missing = sent
      .map((value) => unsentFields(body as object, value))
      .reduce((all, some) => all.filter((f) => some.includes(f)))
    const known = missing.filter((field) => !(operationId === 'createUser' && field === 'role_id'))
    t.same(
      known,
      [],
      `${operationId} sends every field that its contract accepts: add these to its case in round-trip-cases.ts`,
    )
  }
})

t.test('what is accepted comes back', async (t) => {
  const folder = await temporaryFolder()
  const system = await startSystem({ dataDir: folder.path })
  try {
    const doors = await openDoors(system, folder.path)
    for (const [n, door] of [doors.rest, doors.graphql].entries()) {
      await t.test(n === 0 ? 'sent by REST' : 'sent by GraphQL', async (t) => {
        const made = await prepare(doors, n)
        for (const [operation, given] of cases) {
          await prove(t, operation, given, made, door, doors).catch((error: Error) => t.fail(error.message))
        }
      })
    }
  } finally {
    await system.stop()
    await folder.remove()
  }
})

/** Carries an operation out by one door; answers its answer. */
type Door = (as: string, contract: RouteContract, path: Row, body?: Row, ifMatch?: string) => Promise<Row>
interface Doors {
  rest: Door
  graphql: Door
}

async function prove(t: Test, operation: string, given: Case, made: Made, door: Door, doors: Doors): Promise<void> {
  const contract = contractOf(operation)
  const sent = given.body(made)
  const path = given.path?.(made) ?? {}
  const before = given.versionOf && (await doors.rest(given.as, contractOf(given.versionOf.operation), {}))
  const ifMatch = contract.ifMatch === 'none' ? undefined : before ? `"${before['version']}"` : '*'
  const answer = await door(given.as, contract, path, sent, ifMatch)
  if (given.keep) made[given.keep] = Number(answer['id'])
  if (operation === 'recordAllergy') made['alert'] = await alertOf(doors, made)
  const places = Object.keys(sent).filter((field) => given.found?.[field] !== null)
  const compare = (row: unknown, where: string) => {
    for (const field of places) {
      const place = given.found?.[field]
      const found = place ? place(row) : (row as Row | undefined)?.[field]
      t.ok(comesBack(sent[field], found), `${operation}: ${field} comes back ${where}`, {
        sent: sent[field],
        found: found ?? null,
        hint: `${field} is in the body; it has to be in the entity that is answered, too`,
      })
    }
  }
  compare(answer, 'in the answer')
  if (given.read === null) return
  const { operation: readBy, path: readPath, row } = given.read ?? { operation: getterOf(contract) }
  const reader = contractOf(readBy)
  const where = readPath?.(made, answer) ?? (reader.params ? { id: answer['id'] ?? path['id'] } : {})
  for (const [name, read] of Object.entries(doors) as [string, Door][]) {
    const page = await read(given.reader ?? given.as, reader, where)
    const found = row ? row(page, made) : page
    if (places.length === 0) {
      t.ok(comesBack(sent, found), `${operation} stands in ${readBy}`, { sent, found })
    } else compare(found, `by ${readBy} over ${name}`)
  }
}

/** The operation that reads one row of the collection an operation belongs to. */
function getterOf({ path, operationId }: RouteContract): string {
  const collection = path.split('/').slice(0, 3).join('/')
  const getter = allRoutes.find((contract) => contract.method === 'GET' && contract.path === `${collection}/:id`)
  if (getter === undefined) throw new Error(`${operationId} needs a read in round-trip-cases.ts`)
  return getter.operationId
}

async function openDoors(system: TestSystem, dataDir: string): Promise<Doors> {
  const refuse = (operation: string, answer: object): never => {
    throw new Error(`${operation}: ${JSON.stringify(answer).slice(0, 2000)}\n${faultsOf(dataDir, answer)}`)
  }
  const tokens = new Map<string, string>()
  const tokenOf = async (as: string): Promise<string> => {
    const email = as === 'operator' ? 'operator@platform.local' : `${as}@citygeneralhospital.com`
    const known = tokens.get(as) ?? (await system.signIn(email))
    tokens.set(as, known)
    return known
  }
  const rest: Door = async (as, contract, path, body, ifMatch) => {
    const address = contract.path.replace(/:(\w+)/g, (_, name: string) => String(path[name]))
    const { status, body: answer } = await system.request(contract.method, address, {
      token: await tokenOf(as),
      ...(body === undefined ? {} : { body }),
      headers: ifMatch === undefined ? {} : { 'if-match': ifMatch },
    })
    return status === contract.status ? answer : refuse(`${contract.operationId} by REST`, answer)
  }
  const fields = await graphqlFields(system, await tokenOf('admin'))
  const graphql: Door = async (as, contract, path, body, ifMatch) => {
    const field = contract.method === 'GET' ? contract.operationId.replace(/^(list|get)/, '') : contract.operationId
    const name = field.charAt(0).toLowerCase() + field.slice(1)
    const types = fields.get(name)
    if (types === undefined) throw new Error(`${name} is no field of GraphQL`)
    const variables: Row = { ...path, ...(body ? { input: body } : {}), ...(ifMatch ? { if_match: ifMatch } : {}) }
    const used = Object.fromEntries(Object.keys(variables).map((variable) => [variable, types[variable] ?? 'missing']))
    const { body: answer } = await system.request('POST', '/graphql', {
      token: await tokenOf(as),
      body: { query: documentOf(contract, name, used), variables },
    })
    const data = (answer['data'] as Row | null)?.[name]
    const isRefused = answer['errors'] || data === undefined || data === null
    return isRefused ? refuse(`${contract.operationId} by GraphQL`, answer) : (data as Row)
  }
  return { rest, graphql }
}

interface TypeRef {
  kind: string
  name: string | null
  ofType: TypeRef | null
}
const written = ({ kind, name, ofType }: TypeRef): string =>
  kind === 'NON_NULL'
    ? `${written(ofType as TypeRef)}!`
    : kind === 'LIST'
      ? `[${written(ofType as TypeRef)}]`
      : String(name)

/** The arguments of every field, by its name. */
async function graphqlFields(system: TestSystem, token: string): Promise<Map<string, Record<string, string>>> {
  const type = 'type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }'
  const of = `{ fields { name args { name ${type} } } }`
  const { body } = await system.request('POST', '/graphql', {
    token,
    body: { query: `{ __schema { queryType ${of} mutationType ${of} } }` },
  })
  type Kind = { fields: { name: string; args: { name: string; type: TypeRef }[] }[] }
  const { queryType, mutationType } = (body['data'] as { __schema: Record<'queryType' | 'mutationType', Kind> })
    .__schema
  return new Map(
    [...queryType.fields, ...mutationType.fields].map(({ name, args }) => [
      name,
      Object.fromEntries(args.map((argument) => [argument.name, written(argument.type)])),
    ]),
  )
}

/** People and rows that cases need and do not make themselves. */
async function prepare({ rest }: Doors, n: number): Promise<Made> {
  const idOf = async (as: string) => Number((await rest(as, contractOf('getMe'), {}))['id'])
  const made: Made = { n, doctor: await idOf('doctor'), otherDoctor: await idOf('james.okafor') }
  made['thirdDoctor'] = await idOf('lucia.fernandez')
  made[`assigned${n}`] = await idOf(n === 0 ? 'nurse' : 'noah.fischer')
  const twin = { first_name: `Zed${n}`, last_name: `Quux${n}`, date_of_birth: `195${n}-01-01` }
  made['twin'] = Number((await rest('receptionist', contractOf('registerPatient'), {}, twin))['id'])
  const record = { patient_id: made['twin'], visit_date: '2024-01-01T10:00:00Z', notes: 'signed' }
  made['signedRecord'] = Number((await rest('doctor', contractOf('createMedicalRecord'), {}, record))['id'])
  await rest('doctor', contractOf('signMedicalRecord'), { id: made['signedRecord'] }, undefined, '*')
  return made
}

async function alertOf({ rest }: Doors, made: Made): Promise<number> {
  const page = await rest('doctor', contractOf('listAlerts'), {})
  const alerts = page['data'] as { id: number; patient_id: number }[]
  return alerts.find(({ patient_id }) => patient_id === made['patient'])?.id ?? 0
}
