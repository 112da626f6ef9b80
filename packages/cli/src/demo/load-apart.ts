import type { Config } from '../config.ts'
import { checkNats } from '../stack/nats.ts'
import type { DatabaseUrls } from '../stack/postgres.ts'
import { startServices, untilReady } from '../stack/programs.ts'
import { say } from '../terminal.ts'
import { loadDemo } from './load-demo.ts'
import type { NotedHospital } from './progress.ts'

/** Loads demo hospitals where nothing runs yet: the services are started for it, and stopped again. */
export async function loadDemoApart(
  config: Config,
  { databases, natsUrl, hospitals }: { databases: DatabaseUrls; natsUrl: string; hospitals: NotedHospital[] },
): Promise<void> {
  if (hospitals.every(({ isLoaded }) => isLoaded)) return
  await checkNats(natsUrl)
  const surroundings = { databaseUrls: databases, natsUrl, onRestart: () => {}, say }
  const services = await startServices(config, surroundings)
  try {
    for (const service of services) await untilReady(service)
    await loadDemo(config, { services, databases, hospitals, stop: new AbortController().signal })
  } finally {
    await Promise.all(services.map((service) => service.stop()))
  }
}
