import { natsUser } from '@hospital/stack/embedded'
import t from 'tap'
import { startNats, startOwnPostgres } from '../src/index.ts'

t.test('PostgreSQL starts on a port of its own, and stops', async (t) => {
  const server = await startOwnPostgres()
  t.match(server.url, /^postgres:\/\/owner:\w+@127\.0\.0\.1:\d+\/postgres$/)
  t.not(new URL(server.url).port, '5432')
  await server.stop()
})

t.test('nats-server starts, comes back after a crash, and stops', async (t) => {
  const server = await startNats({ users: [natsUser('identity', 'secret-of-identity')] })
  t.match(server.url, /^nats:\/\/127\.0\.0\.1:\d+$/)
  await server.restart({ forget: true })
  await server.stop()
})
