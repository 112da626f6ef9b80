import { allRoutes } from '@hospital/contracts'
import { openApiDocument } from '../src/openapi.ts'

export const openApiFile = new URL('../../docs/openapi.json', import.meta.url)

/** docs/openapi.json: what `/openapi.json` answers, in lines, so that a change of the contract can be read. */
export const openApiText = (): string => `${JSON.stringify(openApiDocument(allRoutes), null, 1)}\n`
