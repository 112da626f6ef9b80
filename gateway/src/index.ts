export { buildGateway } from './app.ts'
export { type GatewayConfig, readConfig } from './config.ts'
export { openApiDocument } from './openapi.ts'
