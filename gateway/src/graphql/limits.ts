import { problems } from '@hospital/contracts'
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  Location,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'

/**
 * What one document may ask for. graphql-js validates in time that grows with the square of a document, so this is asked
 * before; within it the dearest document that we know costs some milliseconds.
 */
export const documentLimits = {
  bytes: 32 * 1024,
  /** Counted while parsing: it also ends the parser's recursion before the stack does. */
  tokens: 1_000,
  /** Operations and fragments that the document defines. */
  definitions: 30,
  /** At the root every field is an operation of its own, aliased or not. */
  operations: 20,
  /** Fields and fragments, with every fragment written out wherever it is used. */
  fields: 300,
  aliases: 100,
  /** Fields of one name in one place are compared each with each, their arguments letter by letter. */
  comparisons: 1_000,
  depth: 8,
  /** The standard introspection query is 15 deep: the type of an argument unwraps list by list. */
  introspectionDepth: 16,
  /** Requests of services, of which every entity that links lead to is one: known only while it is carried out. */
  requests: 500,
}

const refuse = (message: string) =>
  new GraphQLError(message, { extensions: { code: 'document-limit', status: problems['document-limit'][0] } })

/** What it costs to compare a field with one of its name; two letters of arguments cost as much as the field. */
function weightOf({ arguments: given = [] }: FieldNode): number {
  const [first, last] = [given.at(0)?.loc, given.at(-1)?.loc]
  return first && last ? 1 + (last.end - first.start) / 2 : 1
}

const asksAboutSchema = (name: string): boolean => name === '__schema' || name === '__type'

/** @throws GraphQLError `document-limit` before a long document is parsed */
export function checkLength(source: string): void {
  if (Buffer.byteLength(source) > documentLimits.bytes)
    throw refuse(`The document is longer than ${documentLimits.bytes} bytes.`)
}

/** @throws GraphQLError `document-limit` when the document leads to more requests */
export function countRequest(made: { requests: number }): void {
  if (++made.requests > documentLimits.requests) throw refuse(`More than ${documentLimits.requests} requests.`)
}

/**
 * Counts what a parsed document asks for, before it is validated, in time that is bounded by the limits: fragments are
 * written out as they will be carried out, and counting stops where a limit is passed.
 * @throws GraphQLError `document-limit`
 */
export function checkDocument(document: DocumentNode): void {
  // mercurius takes JSON for a syntax tree where the text does not parse: nothing would have counted its tokens.
  if (!(document?.loc instanceof Location)) throw new GraphQLError('Send the document as text.')
  if (document.definitions.length > documentLimits.definitions)
    throw refuse(`More than ${documentLimits.definitions} operations and fragments defined.`)
  const fragments = new Map<string, FragmentDefinitionNode>()
  const operations: OperationDefinitionNode[] = []
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
    else if (definition.kind === Kind.OPERATION_DEFINITION) operations.push(definition)
  }
  const count = counter(fragments)
  for (const { selectionSet } of operations) count.operation(selectionSet)
  const unused = [...fragments.keys()].find((name) => !count.used.has(name))
  if (unused !== undefined) throw new GraphQLError(`Fragment "${unused}" is never used.`)
}

function counter(fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
  const used = new Set<string>()
  let fields = 0
  let aliases = 0
  let comparisons = 0

  /** The fields of one place by the name of their answer, fragments written out, each once a place as in execution. */
  function collect(sets: readonly SelectionSetNode[]): Map<string, FieldNode[]> {
    const found = new Map<string, FieldNode[]>()
    const spread = new Set<string>()
    const open = [...sets]
    for (let set = open.pop(); set !== undefined; set = open.pop()) {
      for (const selection of set.selections) {
        if (++fields > documentLimits.fields)
          throw refuse(`More than ${documentLimits.fields} fields, with the fragments written out.`)
        if (selection.kind === Kind.INLINE_FRAGMENT) open.push(selection.selectionSet)
        else if (selection.kind === Kind.FIELD) addTo(found, selection)
        else if (!spread.has(selection.name.value)) {
          spread.add(selection.name.value)
          used.add(selection.name.value)
          const fragment = fragments.get(selection.name.value)
          if (fragment) open.push(fragment.selectionSet)
        }
      }
    }
    return found
  }

  function addTo(found: Map<string, FieldNode[]>, field: FieldNode): void {
    const name = (field.alias ?? field.name).value
    const same = found.get(name)
    comparisons += (same?.length ?? 0) * weightOf(field)
    if (comparisons > documentLimits.comparisons)
      throw refuse(`Too often the same field in one place: "${name.slice(0, 50)}".`)
    if (same === undefined) found.set(name, [field])
    else same.push(field)
    if (field.alias && ++aliases > documentLimits.aliases)
      throw refuse(`More than ${documentLimits.aliases} fields with aliases.`)
  }

  function walk(found: Map<string, FieldNode[]>, depth: number, inSchema: boolean): void {
    const most = inSchema ? documentLimits.introspectionDepth : documentLimits.depth
    if (found.size > 0 && depth > most) throw refuse(`Deeper than ${most} levels.`)
    for (const same of found.values()) {
      const below = same.flatMap(({ selectionSet }) => selectionSet ?? [])
      const entersSchema = inSchema || same.some(({ name }) => asksAboutSchema(name.value))
      // Each alias of a list of types multiplies the answer, which is made in one go.
      if (inSchema && same.some(({ alias }) => alias)) throw refuse('No aliases in introspection.')
      if (below.length > 0) walk(collect(below), depth + 1, entersSchema)
    }
  }

  return {
    used,
    operation(selectionSet: SelectionSetNode): void {
      const roots = collect([selectionSet])
      if (roots.size > documentLimits.operations)
        throw refuse(`More than ${documentLimits.operations} operations in one document.`)
      const names = [...roots.values()].flatMap((same) => same[0]?.name.value ?? [])
      if (names.filter((name) => name === '__schema').length > 1) throw refuse('More than one __schema.')
      walk(roots, 1, false)
    },
  }
}
