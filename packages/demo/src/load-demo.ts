import { type DatabaseUrls, gatewayKey } from '@hospital/stack'
import type { Config, Service } from '@hospital/stack/config'
import { explain } from '@hospital/stack/failure'
import { progressBar, say } from '@hospital/stack/terminal'
import { bookAppointments } from './appointments.ts'
import { leaveOpenWork } from './attention.ts'
import { calendarFrom, noteAllergies, orderTests, prescribe, writeRecords } from './care.ts'
import { demoHospitals } from './hospitals.ts'
import { patientsOf } from './patients.ts'
import { markLoaded, type NotedHospital } from './progress.ts'
import { type Actor, isRefusal, type ServiceClient, serviceClient } from './service-client.ts'
import { createHospital } from './staff.ts'

interface DemoSurroundings {
  services: { name: string; url: string }[]
  databases: DatabaseUrls
  /** Those that are loaded already are left alone. */
  hospitals: NotedHospital[]
  stop: AbortSignal
}

const atATime = 2

/**
 * Loads demo hospitals through the services' own HTTP interface. Interrupted, it goes on at the next start; a failure is
 * told and stops nothing else.
 */
export async function loadDemo(
  config: Config,
  { services, databases, hospitals, stop }: DemoSurroundings,
): Promise<void> {
  const urls = Object.fromEntries(services.map(({ name, url }) => [name, url])) as Record<Service, string>
  const client = serviceClient(urls, gatewayKey(config))
  const queue = hospitals.filter(({ isLoaded }) => !isLoaded)
  if (queue.length === 0) return
  const bar = progressBar('Demo hospitals', queue.length, config.isTerminal)
  let done = 0
  const failures: string[] = []
  const work = async () => {
    for (let noted = queue.shift(); noted !== undefined && !stop.aborted; noted = queue.shift()) {
      try {
        await loadHospital(client, databases.identity, noted)
        await markLoaded(databases.identity, noted.id)
      } catch (error) {
        failures.push(explain(error))
      }
      done += 1
      bar.update(done, failures.length)
    }
  }
  await Promise.all(Array.from({ length: atATime }, work))
  bar.end()
  if (failures.length > 0) say(`  ! The demo data is incomplete (${failures[0]}); the next start goes on with it.`)
}

async function loadHospital(client: ServiceClient, identityUrl: string, noted: NotedHospital): Promise<void> {
  const { id, datesFrom } = noted
  const index = demoHospitals.findIndex((hospital) => hospital.id === id)
  const hospital = demoHospitals[index]
  if (hospital === undefined) throw new Error(`there is no demo hospital ${id}`)
  const when = calendarFrom(datesFrom)
  const staff = await createHospital(client, identityUrl, hospital, index)
  const patients: number[] = []
  for (const patient of patientsOf(index))
    patients.push(await register(client, staff.receptionist, staff.admin, patient))
  const records = await writeRecords(client, staff, patients, when)
  await noteAllergies(client, staff, patients)
  await prescribe(client, staff, patients, records)
  await orderTests(client, staff, patients)
  await bookAppointments(client, staff, patients, when)
  await leaveOpenWork(client, staff, patients, patientsOf(index))
}

/** The Admin registers, who may also write the clinical text; a patient who is there already is found by number. */
async function register(
  client: ServiceClient,
  reader: Actor,
  admin: Actor,
  patient: { patient_number: string },
): Promise<number> {
  const expected = ['patient-number-taken']
  const path = '/api/patients?allow_duplicate=true'
  const answer = await client.tryPost<{ id: number }>('clinical', admin, path, patient, expected)
  if (!isRefusal(answer)) return answer.id
  const query = `/api/patients?q=${patient.patient_number}`
  const { data } = await client.get<{ data: { id: number; patient_number: string }[] }>('clinical', reader, query)
  const found = data.find(({ patient_number }) => patient_number === patient.patient_number)
  if (found === undefined) throw new Error(`patient ${patient.patient_number} is taken and not to be found`)
  return found.id
}
