import { globSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import * as contracts from '../src/index.ts'
import { allEvents, allRequests, allRoutes, eventType, isEvent, isRequest } from '../src/index.ts'

const source = join(import.meta.dirname, '../src')

/** Every value that any module exports, and what operations and their steps tell. */
async function everything(): Promise<unknown[]> {
  const modules = await Promise.all(globSync('**/*.ts', { cwd: source }).map((file) => import(join(source, file))))
  const values: unknown[] = modules.flatMap((module) => Object.values(module))
  const told = allRoutes.flatMap(({ events, step }) => [
    ...events,
    ...Object.values(step?.of ?? {}).map(({ event }) => event),
  ])
  return [...values, ...told]
}

t.test('every contract of a message is known', async (t) => {
  const values = await everything()
  const strangers = [
    ...values.filter(isEvent).filter((event) => !allEvents.includes(event)),
    ...values.filter(isRequest).filter((request) => !allRequests.includes(request)),
  ]
  t.same(strangers, [], 'export these from their module and the index of their service')
  t.ok(allEvents.length > 20)
  t.ok(allRequests.length > 5)
  for (const message of [...allEvents, ...allRequests])
    t.ok(Object.values(contracts).some((value) => value === message))
})

t.test('a type and a subject mean one thing', async (t) => {
  const names = [...allEvents.map(eventType), ...allRequests.map(({ subject }) => subject)]
  t.same(
    names.filter((name, at) => names.indexOf(name) !== at),
    [],
    'give one of the two another entity, verb or subject',
  )
})
