import type { TSchema } from '@sinclair/typebox'
import t from 'tap'
import { allRoutes, type RouteContract } from '../src/index.ts'

// What a contract does not say of a patient nobody asks: the trail names none, no care relation is asked, and clinical text
// is answered to everybody.

/** The names of the fields of a row, or of the rows of a page. */
const namesIn = (schema: TSchema | null | undefined): string[] => {
  const properties = (schema?.['properties'] ?? {}) as Record<string, TSchema>
  return [...Object.keys(properties), ...(properties['data'] ? namesIn(properties['data']['items'] as TSchema) : [])]
}

/** Whose answer does not name the patient where the others' do. */
const otherwise: Readonly<Record<string, string>> = {
  bookSeries: 'the handler notes the patient of the body: the answer holds a list of appointments',
  listAuditEvents: 'it is about the trail, whoever it is of',
}

const isAboutPatients = ({ path, answer, body }: RouteContract): boolean =>
  path.startsWith('/api/patients') || [answer, body].some((schema) => namesIn(schema).includes('patient_id'))

const unnamed = (routes: readonly RouteContract[]): string[] =>
  routes
    .filter((route) => isAboutPatients(route) && route.patient === 'none')
    .map(({ operationId }) => operationId)
    .filter((operation) => !Object.hasOwn(otherwise, operation))

const routeNamed = (operation: string): RouteContract => {
  const found = allRoutes.find(({ operationId }) => operationId === operation)
  if (found === undefined) throw new Error(`${operation} is no operation`)
  return found
}

/** The clinical text of a patient, by who may read it. */
const patientFields = routeNamed('getPatient').fields ?? {}

const unguarded = (routes: readonly RouteContract[]): string[] =>
  routes
    .filter(({ path }) => path.startsWith('/api/patients'))
    .flatMap(({ operationId, answer, fields = {} }) =>
      namesIn(answer)
        .filter((name) => Object.hasOwn(patientFields, name) && !Object.hasOwn(fields, name))
        .map((name) => `${operationId}: ${name}`),
    )

t.test('an operation about a patient says where the patient is found', async (t) => {
  t.same(unnamed(allRoutes), [], "give these contracts `patient: 'answer.id'`, 'answer.patient_id' or 'path.id'")
  t.same(unnamed([{ ...routeNamed('getPatient'), patient: 'none' }]), ['getPatient'])
  t.same(unnamed([{ ...routeNamed('prescribe'), patient: 'none' }]), ['prescribe'])
})

t.test('clinical text of a patient is answered to those alone who may read it', async (t) => {
  t.ok(Object.keys(patientFields).length > 2)
  t.same(unguarded(allRoutes), [], 'give these contracts `fields: patientFields`')
  const { fields: _, ...open } = routeNamed('listPatients')
  t.same(
    unguarded([open]),
    Object.keys(patientFields).map((name) => `listPatients: ${name}`),
  )
})
