import t from 'tap'
import { type DemoFacts, databaseHost, decideDemo, isLoopback } from '../src/rules.ts'

/** Every combination of the facts; production and the word together are refused before it comes to this. */
const everyCase: DemoFacts[] = [false, true].flatMap((production) =>
  [undefined, false, ...(production ? [] : [true])].flatMap((word) =>
    [false, true].flatMap((canLoad) =>
      [false, true].flatMap((isOwn) =>
        [['127.0.0.1'], ['127.0.0.1', 'db.example.org']].flatMap((databaseHosts) =>
          ['localhost', '0.0.0.0'].flatMap((gatewayHost) =>
            (['nothing', 'demo', 'people'] as const).map((content) => {
              return { production, word, canLoad, isOwn, databaseHosts, gatewayHost, content }
            }),
          ),
        ),
      ),
    ),
  ),
)

t.test('public passwords: where the program made the databases for it, on loopback, or where it is said', async (t) => {
  t.equal(everyCase.length, 240)
  for (const facts of everyCase) {
    const { production, canLoad, word, isOwn, databaseHosts, gatewayHost, content } = facts
    const isClosed = databaseHosts.length === 1 && gatewayHost === 'localhost'
    const isFree = !production && isOwn && isClosed && content !== 'people'
    const mayLoad = word === true || (isFree && word === undefined)
    const { objection, ...decision } = decideDemo(facts)
    const what = JSON.stringify(facts)
    t.equal(objection === undefined, word === true || isFree, `allowed: ${what}`)
    const expected = {
      loads: mayLoad && canLoad,
      hasPublicOperator: mayLoad && canLoad && content === 'nothing',
      isLeftOpen: mayLoad && !canLoad && content === 'nothing',
    }
    t.same(decision, expected, what)
  }
})

t.test('loopback is what only this machine reaches', async (t) => {
  for (const host of [
    'localhost',
    'LOCALHOST',
    '127.0.0.1',
    '127.1.2.3',
    '::1',
    '0:0:0:0:0:0:0:1',
    '::ffff:127.0.0.1',
    '/tmp',
  ])
    t.ok(isLoopback(host), host)
  for (const host of [
    '0.0.0.0',
    '::',
    '',
    '10.0.0.1',
    '192.168.1.5',
    '128.0.0.1',
    'fe80::1',
    '::ffff:10.0.0.1',
    'localhost.example.org',
    'db',
    '127.0.0.1.example.org',
    '127.1',
  ])
    t.notOk(isLoopback(host), host)
})

t.test('the host of a database is the one that the driver connects to', async (t) => {
  const hosts: Record<string, string> = {
    'postgres://u:p@localhost:5432/x': 'localhost',
    'postgres://u:p@[::1]:5432/x': '::1',
    'postgres://u:p@db.example.org/x': 'db.example.org',
    'postgres://u:p@localhost/x?host=db.example.org': 'db.example.org',
    'postgres://u:p@db.example.org/x?host=/var/run/postgresql': '/var/run/postgresql',
    'postgres:///x': '',
  }
  for (const [url, host] of Object.entries(hosts)) t.equal(databaseHost(url), host, url)
})
