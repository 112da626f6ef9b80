import { performance } from 'node:perf_hooks'

/** `npm run measure -- URL`: throughput and latency of a running system with the demo hospitals, from outside. */
const url = process.argv[2] ?? 'http://localhost:3000'
const secondsEach = 8
const atOnce = 16

const signIn = async (email: string): Promise<string> => {
  const response = await fetch(`${url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: 'password123' }),
  })
  const { access_token } = (await response.json()) as { access_token: string }
  return access_token
}

type Ask = (token: string, turn: number) => Promise<Response>

const get =
  (path: string): Ask =>
  (token) =>
    fetch(url + path, { headers: { authorization: `Bearer ${token}` } })

const book: Ask = (token, turn) =>
  fetch(`${url}/api/appointments`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      patient_id: (turn % 10) + 1,
      doctor_id: doctorId,
      // Far ahead and never the same slot twice.
      appointment_date: new Date(firstSlot + turn * 5 * 60_000).toISOString(),
      duration_minutes: 5,
    }),
  })

const firstSlot = Date.now() + 365 * 86_400_000 + Math.floor(Math.random() * 2_000) * 86_400_000

/** Asks with `atOnce` callers for some seconds; requests per second and milliseconds at the median and the 95th percentile. */
async function measure(name: string, tokens: readonly string[], ask: Ask): Promise<string> {
  const times: number[] = []
  let turn = 0
  let failed = 0
  const until = performance.now() + secondsEach * 1000
  const caller = async () => {
    while (performance.now() < until) {
      const mine = turn++
      const started = performance.now()
      const response = await ask(tokens[mine % tokens.length] ?? '', mine)
      await response.arrayBuffer()
      if (response.status >= 400) failed += 1
      times.push(performance.now() - started)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, caller))
  times.sort((a, b) => a - b)
  const at = (part: number) => (times[Math.floor(times.length * part)] ?? 0).toFixed(1)
  return `| ${name} | ${Math.round(times.length / secondsEach)} | ${at(0.5)} | ${at(0.95)} | ${failed} |`
}

const hospitals = ['citygeneralhospital', 'riversidemedicalcenter', 'stmaryclinic', 'lakesidechildrenhospital']
const doctors = await Promise.all(hospitals.map((name) => signIn(`doctor@${name}.com`)))
const one = doctors.slice(0, 1)
const me = (await (await get('/api/auth/me')(one[0] ?? '', 0)).json()) as { id: number }
const doctorId = me.id

const rows = [
  await measure('patient by id, one hospital', one, get('/api/patients/1')),
  await measure('patient by id, four hospitals in turn', doctors, get('/api/patients/1')),
  await measure('search by name', one, get('/api/patients?q=doe')),
  await measure('list of appointments', one, get('/api/appointments?limit=25')),
  await measure('booking', one, book),
]
process.stdout.write(
  `| ${atOnce} callers through the gateway | per second | median ms | p95 ms | failed |\n|---|---|---|---|---|\n${rows.join('\n')}\n`,
)
