import { performance } from 'node:perf_hooks'
import { receptionist, startClinicalApp } from './clinical-app.ts'

// Search over 100,000 patients of one hospital, through the HTTP interface.
//   node services/clinical/test/patient-search.bench.ts [patients] [queries a kind]
const [patients = 100_000, rounds = 40] = process.argv.slice(2).map(Number)

const firstNames =
  `James Mary John Patricia Robert Jennifer Michael Linda William Elizabeth David Barbara Richard Susan Joseph
  Jessica Thomas Sarah Charles Karen José María Ana Luis Sofía Mohammed Fatima Ahmed Aisha Wei Li Ming Hiroshi Yuki Anna
  Katarzyna Piotr Zoë Renée François Björn Søren Łukasz Ivan Olga Jean-Pierre Mary-Ann Noah Emma Olivia Liam`.split(
    /\s+/,
  )
const stems =
  `Smith John Will Brown Jon Gar Mill Dav Rodri Mart Hern Lop Gonz Wil And Thom Tay Moor Jack Lee Per Whit Har San
  Clark Ram Lew Rob Walk You All King Wri Scott Torr Nguy Hill Flor Gre Adam Nels Bak Hall Riv Camp Mitch Car Müll Öst Peñ`.split(
    /\s+/,
  )
const endings = `son er ez s man ton ley ard field well ski sen ović ini eau ford wood berg stein ham`.split(/\s+/)

const app = await startClinicalApp()
try {
  await app.db.query(
    `INSERT INTO hospital_a.patients (patient_number, first_name, last_name, date_of_birth, email, phone)
     SELECT 'B' || lpad(n::text, 7, '0'),
       ($2::text[])[1 + floor(power(random(), 2) * array_length($2::text[], 1))::int],
       ($3::text[])[1 + floor(power(random(), 2) * array_length($3::text[], 1))::int]
         || ($4::text[])[1 + floor(power(random(), 1.5) * array_length($4::text[], 1))::int],
       date '1930-01-01' + (random() * 33000)::int, 'person' || n || '@example.org', '555-' || lpad((random() * 9999999)::int::text, 7, '0')
     FROM generate_series(1, $1) AS n`,
    [patients, firstNames, stems, endings],
  )
  await app.db.query('VACUUM ANALYZE hospital_a.patients')
  const sample = await app.db.query<
    Record<'first_name' | 'last_name' | 'born' | 'phone' | 'patient_number' | 'email', string>
  >(
    `SELECT first_name, last_name, date_of_birth::text AS born, phone, patient_number, email
     FROM hospital_a.patients ORDER BY random() LIMIT $1`,
    [rounds],
  )
  type Row = (typeof sample)[number]
  const typo = (word: string) => `${word.slice(0, 2)}${word.slice(3)}`
  const kinds: Record<string, (row: Row) => string> = {
    'full name': (p) => `${p.first_name} ${p.last_name}`,
    'names turned round': (p) => `${p.last_name} ${p.first_name}`,
    'last name': (p) => p.last_name,
    'first name': (p) => p.first_name,
    'part of a name': (p) => p.last_name.slice(1, 5),
    'two letters': (p) => p.last_name.slice(0, 2),
    'one letter': (p) => p.last_name.slice(0, 1),
    'initial and name': (p) => `${p.first_name.slice(0, 1)} ${p.last_name}`,
    'a letter missing': (p) => `${p.first_name} ${typo(p.last_name)}`,
    nobody: (p) => `xq${p.last_name}zz`,
    'patient number': (p) => p.patient_number,
    'phone suffix': (p) => p.phone.slice(-4),
    'whole phone': (p) => p.phone,
    'e-mail': (p) => p.email,
    'birth date': (p) => p.born.split('-').reverse().join('/'),
    'name and birth date': (p) => `${p.last_name} ${p.born}`,
  }
  const every: number[] = []
  const at = (sorted: number[], share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1)
  for (const [kind, query] of Object.entries(kinds)) {
    const times: number[] = []
    let found = 0
    for (const row of sample) {
      const started = performance.now()
      const { status, body } = await app.get(receptionist, `/api/patients?q=${encodeURIComponent(query(row))}`)
      times.push(performance.now() - started)
      if (status !== 200) throw new Error(JSON.stringify(body))
      found += body.data.length
    }
    times.sort((a, b) => a - b)
    every.push(...times)
    process.stdout.write(
      `${kind.padEnd(20)} p50 ${at(times, 0.5)} ms  p95 ${at(times, 0.95)} ms  max ${at(times, 1)} ms  (${(found / rounds).toFixed(1)} found)\n`,
    )
  }
  every.sort((a, b) => a - b)
  process.stdout.write(`${patients} patients, all kinds: p50 ${at(every, 0.5)} ms  p95 ${at(every, 0.95)} ms\n`)
} finally {
  await app.stop()
}
