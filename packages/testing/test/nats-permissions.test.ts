import { connect } from 'node:net'
import { natsUser, type Program, programs } from '@hospital/stack/embedded'
import t from 'tap'
import { startNats } from '../src/index.ts'

// Speaks the wire protocol itself: the rules must hold against any client.

const password = (program: Program) => `password-of-${program}`
const server = await startNats({ users: programs.map((program) => natsUser(program, password(program))) })
t.teardown(server.stop)

/** Connects as a program (or as nobody), sends lines, and answers what the server says to them. */
async function say(program: Program | null, lines: string[]): Promise<string> {
  const { port } = new URL(server.url)
  const socket = connect({ host: '127.0.0.1', port: Number(port) })
  const who = program === null ? {} : { user: program, pass: password(program) }
  const answer = await new Promise<string>((resolve, reject) => {
    let text = ''
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk
      // The PONG comes after the answers to all that was sent before the PING.
      if (/PONG|-ERR 'Authorization/.test(text)) resolve(text)
    })
    socket.on('error', reject)
    const options = { verbose: false, protocol: 1, headers: true, ...who }
    socket.write(`CONNECT ${JSON.stringify(options)}\r\n${lines.map((line) => `${line}\r\n`).join('')}PING\r\n`)
  })
  socket.destroy()
  return answer
}

const publish = (subject: string) => [`PUB ${subject} 2`, '{}']
const subscribe = (subject: string) => [`SUB ${subject} 1`]

t.test('nobody gets in without a password', async (t) => {
  t.match(await say(null, publish('identity.a.user.created.v1')), /Authorization Violation/)
})

t.test('each program speaks for itself alone', async (t) => {
  for (const program of programs) {
    for (const other of programs) {
      const answer = await say(program, publish(`${other}.hospital_a.thing.changed.v1`))
      const mayPublish = program === other && program !== 'gateway'
      t.equal(/Permissions Violation/.test(answer), !mayPublish, `${program} publishes as ${other}`)
    }
  }
})

t.test('nobody answers another one’s questions, and nobody reads another one’s answers', async (t) => {
  for (const program of programs) {
    for (const other of programs.filter((name) => name !== program)) {
      t.match(await say(program, subscribe(`rpc.${other}.check_session`)), /Permissions Violation/)
      t.match(await say(program, subscribe(`_INBOX_${other}.>`)), /Permissions Violation/)
    }
    t.notMatch(await say(program, subscribe(`_INBOX_${program}.>`)), /Permissions Violation/)
    t.notMatch(await say(program, publish('rpc.identity.check_session')), /Permissions Violation/)
  }
})

t.test('nobody deletes or empties a stream, or makes another one’s', async (t) => {
  const forbidden = [
    'STREAM.DELETE.CLINICAL',
    'STREAM.PURGE.CLINICAL',
    'STREAM.MSG.DELETE.CLINICAL',
    'CONSUMER.DELETE.CLINICAL.x',
  ]
  for (const program of programs) {
    for (const call of forbidden) t.match(await say(program, publish(`$JS.API.${call}`)), /Permissions Violation/)
  }
  t.match(await say('identity', publish('$JS.API.STREAM.CREATE.CLINICAL')), /Permissions Violation/)
  t.match(await say('gateway', publish('$JS.API.STREAM.CREATE.CLINICAL')), /Permissions Violation/)
  t.notMatch(await say('clinical', publish('$JS.API.STREAM.CREATE.CLINICAL')), /Permissions Violation/)
})
