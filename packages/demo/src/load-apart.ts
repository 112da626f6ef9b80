import { checkNats, type DatabaseUrls, startServices, untilReady } from '@hospital/stack'
import type { Config } from '@hospital/stack/config'
import { say } from '@hospital/stack/terminal'
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
