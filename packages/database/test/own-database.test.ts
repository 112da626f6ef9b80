import { randomBytes } from 'node:crypto'
import { ensureDatabase, isOwnDatabase, withOwner } from '@hospital/database'
import { startPostgres, withDatabase } from '@hospital/testing'
import t, { type Test } from 'tap'

// Whether a database was made by this program decides what may be put into it, so nothing else may look like it.

const server = await startPostgres()
t.teardown(() => server.stop())

const run = (text: string, url = server.url) => withOwner(url, async (owner) => (await owner.query(text)).rows)

function nameFor(t: Test): { name: string; url: string } {
  const name = `own_${randomBytes(5).toString('hex')}`
  t.teardown(() => run(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))
  return { name, url: withDatabase(server.url, name) }
}

const leftovers = (name: string) => run(`SELECT datname FROM pg_database WHERE starts_with(datname, '${name}_')`)

t.test('a database that was missing is ours, also at every later start and under another name', async (t) => {
  const { name, url } = nameFor(t)
  await ensureDatabase(url)
  t.ok(await isOwnDatabase(url))
  await ensureDatabase(url)
  t.ok(await isOwnDatabase(url))
  const renamed = nameFor(t)
  await run(`ALTER DATABASE ${name} RENAME TO ${renamed.name}`)
  t.ok(await isOwnDatabase(renamed.url))
  t.same(await leftovers(name), [])
})

t.test('one that was there is not, however empty; nor is a copy of one of ours', async (t) => {
  const given = nameFor(t)
  await run(`CREATE DATABASE ${given.name}`)
  await run(`COMMENT ON DATABASE ${given.name} IS 'theirs'`)
  await ensureDatabase(given.url)
  t.notOk(await isOwnDatabase(given.url))
  t.match(
    await run(`SELECT shobj_description(oid, 'pg_database') AS word FROM pg_database WHERE datname = '${given.name}'`),
    [{ word: 'theirs' }],
  )
  const { name, url } = nameFor(t)
  await ensureDatabase(url)
  const copy = nameFor(t)
  await run(`CREATE DATABASE ${copy.name} TEMPLATE ${name}`)
  t.notOk(await isOwnDatabase(copy.url))
})

t.test('several starts at once make one, and it is ours', async (t) => {
  const { name, url } = nameFor(t)
  await Promise.all(Array.from({ length: 4 }, () => ensureDatabase(url)))
  t.ok(await isOwnDatabase(url))
  t.same(await leftovers(name), [], 'what was made in vain is gone')
})

t.test('it has its mark from the moment it has its name', async (t) => {
  const { url } = nameFor(t)
  let isMade = false
  const watching = (async () => {
    const seen: boolean[] = []
    while (!isMade) {
      const isOwn = await isOwnDatabase(url).catch(() => undefined)
      if (isOwn !== undefined) seen.push(isOwn)
    }
    return seen
  })()
  await ensureDatabase(url)
  isMade = true
  t.notOk((await watching).includes(false))
})
