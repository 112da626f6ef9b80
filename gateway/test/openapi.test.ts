import { readFileSync } from 'node:fs'
import { allRoutes } from '@hospital/contracts'
import fastify from 'fastify'
import t from 'tap'
import { registerDocs } from '../src/docs.ts'
import { openApiFile, openApiText } from './openapi-file.ts'

t.test('docs/openapi.json is what /openapi.json answers', async (t) => {
  const app = fastify()
  t.teardown(() => app.close())
  registerDocs(app, allRoutes)
  const written = readFileSync(openApiFile, 'utf8')
  t.equal(written, openApiText(), 'run `npm run docs` and commit')
  t.same(JSON.parse(openApiText()), (await app.inject('/openapi.json')).json(), 'the same by both ways')
})
