import { allRoutes, enterLabResults, type RouteContract } from '@hospital/contracts'
import type { Test } from 'tap'
import { sampleOf, type TestSystem } from '../../src/index.ts'
import type { Row } from '../../src/round-trip.ts'
import { type Door, type Given, graphqlDoor, restDoor } from './asking.ts'
import { readSchema } from './documents.ts'
import { everybody, hospitals } from './people.ts'
import { must } from './planting.ts'

/** What is sent again with its Idempotency-Key is done once; where the answer is a secret, the key is refused. */
export async function proveRepeats(t: Test, system: TestSystem): Promise<void> {
  const people = await everybody(system, hospitals.matrix)
  const personOf = (role: string) =>
    people.find(({ name }) => name === role) ?? { name: role, token: '', permissions: [] }
  const tokenOf = (role: string) => personOf(role).token ?? ''
  const doors = [restDoor(system), graphqlDoor(system, await readSchema(system, tokenOf('Admin')))]
  for (const door of doors) {
    const key = `once by ${door.name}`
    await t.test(`${door.name}: results that are entered twice are no correction`, async (t) => {
      const as = (role: string, path: string, body: object) => must({ system, tokenOf }, role, 'POST', path, body)
      const patient = { first_name: 'Repeat', last_name: door.name, date_of_birth: '1971-02-03' }
      const { id: patient_id } = await as('Doctor', '/api/patients', patient)
      const { id } = await as('Doctor', '/api/lab-tests', { patient_id, test_name: 'Panel', test_type: 'chemistry' })
      await as('Nurse', `/api/lab-tests/${id}/collect`, {})
      const given = { path: { id }, body: { results: [{ name: 'Potassium', value: 4 }] }, key }
      const enter = () => door.ask(personOf('Lab Technician'), enterLabResults, given)
      const [first, again] = [await enter(), await enter()]
      t.ok(first.done && again.done, `${first.text} ${again.text}`)
      t.match(again.answer, { results_version: 1, status: 'resulted' })
      const versions = (answer: Row) => (answer['result_versions'] as Row[]).length
      t.same([versions(first.answer), versions(again.answer)], [1, 1])
    })
    await t.test(`${door.name}: a secret is kept under no key`, (t) => refuseKeys(t, door, personOf('Doctor'), key))
  }
}

async function refuseKeys(t: Test, door: Door, person: Parameters<Door['ask']>[0], key: string): Promise<void> {
  const secrets = allRoutes.filter((contract) => contract.secretAnswer && door.offers(contract))
  t.ok(secrets.length >= 3)
  const samples = ({ params, body }: RouteContract): Given => ({
    path: params ? (sampleOf(params) as Row) : {},
    body: body ? (sampleOf(body) as Row) : undefined,
  })
  for (const contract of secrets) {
    const { done, code, text } = await door.ask(person, contract, { ...samples(contract), key })
    t.notOk(done, contract.operationId)
    t.equal(code, 'invalid-request', text)
    t.match(text, /Idempotency-Key/, `${contract.operationId} says why`)
  }
}
