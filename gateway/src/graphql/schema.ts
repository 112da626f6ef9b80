import type { RouteContract } from '@hospital/contracts'
import {
  GraphQLBoolean,
  type GraphQLFieldConfig,
  type GraphQLFieldConfigArgumentMap,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLSchema,
  GraphQLString,
} from 'graphql'
import { load } from './loader.ts'
import { type Arguments, change, type GraphqlContext, type OperationDeps, read } from './operation.ts'
import { capital, graphqlTypes, type JsonSchema } from './types.ts'

type Field = GraphQLFieldConfig<Record<string, unknown>, GraphqlContext, Arguments>

/** Signing in happens before GraphQL, and a bundle is no GraphQL document. */
export const isInGraphql = (contract: RouteContract): boolean =>
  contract.access !== 'public' && !contract.consumes.includes('application/fhir+json')

/** `listPatients` → `patients`, `getPatient` → `patient`; changes keep their operation's name. */
export const fieldNameOf = ({ operationId, method }: RouteContract): string => {
  const noun = method === 'GET' ? operationId.replace(/^(list|get)(?=[A-Z])/, '') : operationId
  return noun.charAt(0).toLowerCase() + noun.slice(1)
}

/** A page of patients is a `PatientsPage`; entities have names of their own. */
const answerName = (contract: RouteContract): string => {
  const isPage = 'page' in ((contract.answer as JsonSchema | null)?.properties ?? {})
  return `${capital(isPage ? fieldNameOf(contract) : contract.operationId)}${isPage ? 'Page' : 'Answer'}`
}

/** Where an entity's field refers to another entity: `patient_id` of anything leads to `patient`. */
const links = [
  { idField: 'patient_id', link: 'patient', one: 'getPatient', list: 'listPatients' },
  { idField: 'doctor_id', link: 'doctor', one: 'getUser', list: 'listUsers' },
  { idField: 'ordered_by', link: 'orderer', one: 'getUser', list: 'listUsers' },
]

/** One GraphQL schema over the operations of all services: every field is a contract, carried out as REST does. */
export function graphqlSchema(contracts: readonly RouteContract[], deps: OperationDeps): GraphQLSchema {
  const offered = contracts.filter(isInGraphql)
  const byId = new Map(offered.map((contract) => [contract.operationId, contract]))

  const linksOf = (name: string, schema: JsonSchema): Record<string, Field> =>
    Object.fromEntries(
      links.flatMap(({ idField, link, ...names }): [string, Field][] => {
        const [one, list] = [byId.get(names.one), byId.get(names.list)]
        const leads = schema.properties?.[idField] && !schema.properties[link] && name !== 'Patient'
        if (!one?.answer || !list || !leads) return []
        const type = types.output(one.answer as JsonSchema, capital(link)) as GraphQLOutputType
        const resolve: Field['resolve'] = (parent, _none, context) =>
          typeof parent[idField] === 'number' ? load(deps, { one, list }, context, parent[idField]) : null
        return [[link, { type, resolve }]]
      }),
    )
  const types = graphqlTypes(linksOf)

  const argumentsOf = (contract: RouteContract): GraphQLFieldConfigArgumentMap => {
    const name = capital(contract.operationId)
    const input = contract.body ? types.input(contract.body as JsonSchema, `${name}Input`) : null
    return {
      ...types.inputFields((contract.params ?? {}) as JsonSchema, `${name}Params`),
      ...types.inputFields((contract.query ?? {}) as JsonSchema, `${name}Query`),
      ...(input ? { input: { type: new GraphQLNonNull(input) } } : {}),
      ...(contract.ifMatch === 'none' ? {} : { if_match: { type: GraphQLString } }),
      ...(contract.idempotent ? { idempotency_key: { type: GraphQLString } } : {}),
    }
  }

  const fieldOf = (contract: RouteContract): Field => ({
    type: contract.answer ? types.output(contract.answer as JsonSchema, answerName(contract)) : GraphQLBoolean,
    description: contract.summary,
    args: argumentsOf(contract),
    resolve: (_parent, given, context, field) =>
      contract.method === 'GET' ? read(deps, contract, context, given) : change(deps, contract, context, given, field),
  })

  const fieldsOf = (isQuery: boolean) =>
    Object.fromEntries(
      offered
        .filter((contract) => (contract.method === 'GET') === isQuery)
        .map((contract) => [fieldNameOf(contract), fieldOf(contract)]),
    )
  return new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields: fieldsOf(true) }),
    mutation: new GraphQLObjectType({ name: 'Mutation', fields: fieldsOf(false) }),
  })
}
