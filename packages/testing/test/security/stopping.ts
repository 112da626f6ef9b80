import type { Test } from 'tap'
import type { TestSystem } from '../../src/index.ts'
import { emailOf, hospitals, operatorEmail, within } from './people.ts'

const limitMs = 5_000
const password = 'orange tractor midnight 9'

interface Watched {
  token: string
  /** Resolves with the time when the stream ended. */
  ended: Promise<number>
  close(): void
}

/** A session with an open stream. */
async function watch(system: TestSystem, token: string): Promise<Watched> {
  const stop = new AbortController()
  const response = await fetch(`${system.url}/api/events/stream`, {
    headers: { authorization: `Bearer ${token}` },
    signal: stop.signal,
  })
  if (response.status !== 200 || !response.body) throw new Error(`the stream did not open: ${response.status}`)
  const reader = response.body.getReader()
  await reader.read()
  const untilEnd = async () => {
    while (!(await reader.read()).done);
    return performance.now()
  }
  const ended = untilEnd().catch(() => performance.now())
  return { token, ended, close: () => stop.abort() }
}

/** After the act, the token is refused and its stream has ended, each within the limit. */
async function stops(t: Test, system: TestSystem, token: string, path: string, act: () => Promise<void>) {
  const watched = await watch(system, token)
  const isOpen = () => system.request('GET', path, { token })
  t.equal((await isOpen()).status, 200, 'before, it is let in')
  await act()
  const actedAt = performance.now()
  const refusedAfter = await within(limitMs, async () => [401, 403].includes((await isOpen()).status))
  const tooLate = new Promise<null>((resolve) => setTimeout(resolve, limitMs - (performance.now() - actedAt), null))
  const endedAt = await Promise.race([watched.ended, tooLate])
  watched.close()
  t.not(refusedAfter, null, `the token was refused after ${refusedAfter} ms`)
  t.not(endedAt, null, `the stream ended after ${endedAt === null ? '∞' : Math.round(endedAt - actedAt)} ms`)
}

const expectStatus = async (answer: Promise<{ status: number; body: unknown }>, status: number) => {
  const got = await answer
  if (got.status !== status) throw new Error(`${got.status} ${JSON.stringify(got.body)}`)
}

export async function proveStopping(t: Test, system: TestSystem): Promise<void> {
  const admin = await system.signIn(emailOf('Admin', hospitals.stopping))
  const { body } = await system.request('GET', '/api/roles', { token: admin })
  const roleId = (name: string) => (body.data as { id: number; name: string }[]).find((role) => role.name === name)?.id
  const hire = async (role: string) => {
    const email = `${role.toLowerCase()}.${crypto.randomUUID().slice(0, 8)}@example.org`
    const user = { name: `New ${role}`, email, password, role_id: roleId(role) }
    const hired = await system.request('POST', '/api/users', { token: admin, body: user })
    if (hired.status !== 201) throw new Error(JSON.stringify(hired.body))
    return { id: Number(hired.body.id), email }
  }
  const records = '/api/medical-records'
  const me = '/api/auth/me'

  // Side by side: what takes seconds takes them once.
  await Promise.all([
    t.test('sign-out', async (t) => {
      const token = await system.signIn(emailOf('Doctor', hospitals.stopping))
      await stops(t, system, token, me, () => expectStatus(system.request('POST', '/api/auth/logout', { token }), 204))
    }),
    t.test('a session ended from another one', async (t) => {
      const email = emailOf('Pharmacist', hospitals.stopping)
      const [token, other] = [await system.signIn(email), await system.signIn(email)]
      await stops(t, system, token, me, async () => {
        const sessions = await system.request('GET', '/api/auth/sessions', { token: other })
        const ended = (sessions.body.data as { id: string; current: boolean }[]).filter(({ current }) => !current)
        for (const { id } of ended)
          await expectStatus(system.request('DELETE', `/api/auth/sessions/${id}`, { token: other }), 204)
      })
    }),
    t.test('a new password ends the other sessions', async (t) => {
      const { email } = await hire('Receptionist')
      const [token, other] = [await system.signIn(email, password), await system.signIn(email, password)]
      const change = { current_password: password, password: 'purple canyon breakfast 4' }
      await stops(t, system, token, me, () =>
        expectStatus(system.request('POST', '/api/auth/password', { token: other, body: change }), 204),
      )
    }),
    t.test('another role: what the old one allowed is refused', async (t) => {
      const { id, email } = await hire('Nurse')
      const token = await system.signIn(email, password)
      const roles = { role_ids: [roleId('Receptionist')] }
      await stops(t, system, token, records, () =>
        expectStatus(system.request('PUT', `/api/users/${id}/roles`, { token: admin, body: roles }), 200),
      )
      t.equal((await system.request('GET', '/api/patients', { token })).status, 200, 'what the new one allows is not')
    }),
    t.test('deactivation', async (t) => {
      const { id, email } = await hire('Manager')
      const token = await system.signIn(email, password)
      await stops(t, system, token, me, () =>
        expectStatus(system.request('DELETE', `/api/users/${id}`, { token: admin }), 200),
      )
      await t.rejects(system.signIn(email, password), 'and nobody signs in again')
    }),
    t.test('suspension of the hospital', async (t) => {
      const token = await system.signIn(emailOf('Doctor', hospitals.suspended))
      const operator = await system.signIn(operatorEmail)
      const suspend = { token: operator, body: { status: 'suspended' }, headers: { 'if-match': '*' } }
      await stops(t, system, token, me, () =>
        expectStatus(system.request('PATCH', '/api/tenants/demo_hospital_005', suspend), 200),
      )
      await t.rejects(system.signIn(emailOf('Nurse', hospitals.suspended)), 'and nobody signs in')
    }),
  ])
}
