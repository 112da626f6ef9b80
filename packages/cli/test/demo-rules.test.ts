import t from 'tap'
import { type DemoFacts, databaseHost, decideDemo, isLoopback } from '../src/demo/rules.ts'

/** Every combination of the facts; production and the word together are refused before it comes to this. */
function* everyCase(): Generator<DemoFacts> {
  for (const production of [false, true])
    for (const word of [undefined, true, false])
      for (const isOwn of [false, true])
        for (const databaseHosts of [['127.0.0.1'], ['127.0.0.1', 'db.example.org']])
          for (const gatewayHost of ['localhost', '0.0.0.0'])
            for (const content of ['nothing', 'demo', 'people'] as const)
              if (!(production && word === true)) yield { production, word, isOwn, databaseHosts, gatewayHost, content }
}

t.test(
  'public passwords only where the program made the databases for it, on loopback, or where it is said',
  async (t) => {
    let cases = 0
    for (const facts of everyCase()) {
      cases += 1
      const { production, word, isOwn, databaseHosts, gatewayHost, content } = facts
      const decision = decideDemo(facts)
      const isClosed = databaseHosts.length === 1 && gatewayHost === 'localhost'
      const isFree = !production && isOwn && isClosed && content !== 'people'
      const what = JSON.stringify(facts)
      t.equal(decision.objection === undefined, word === true || isFree, `allowed: ${what}`)
      t.equal(decision.loads, word === true || (isFree && word === undefined), `loaded: ${what}`)
      t.equal(
        decision.hasPublicOperator,
        content === 'nothing' && (word === true || (isFree && word === undefined)),
        `who governs all hospitals: ${what}`,
      )
    }
    t.equal(cases, 120)
  },
)

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
