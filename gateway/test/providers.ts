import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { setTimeout as delay } from 'node:timers/promises'
import { temporaryFolder } from '@hospital/testing'
import { Provider } from 'oidc-provider'
import type { Test } from 'tap'
import { listen } from './stage.ts'

export interface Cognito {
  issuer: string
  clientId: string
  /** Signs the person in and answers both tokens. */
  signIn(email: string): Promise<{ access: string; id: string; subject: string }>
}

/** An Amazon Cognito user pool on this machine. */
export async function startCognito(t: Test): Promise<Cognito> {
  const folder = await temporaryFolder()
  const port = await freePort()
  const program = createRequire(import.meta.url).resolve('cognito-local/lib/bin/start.js')
  const child = spawn(process.execPath, [program], {
    cwd: folder.path,
    env: {
      PATH: process.env['PATH'],
      HOST: '127.0.0.1',
      PORT: `${port}`,
      AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE: '1',
    },
    stdio: 'ignore',
  })
  t.teardown(async () => {
    child.kill('SIGKILL')
    await once(child, 'exit')
    await folder.remove()
  })
  const url = `http://127.0.0.1:${port}`
  const call = async <Answer = unknown>(operation: string, body: object): Promise<Answer> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
        'content-type': 'application/x-amz-json-1.1',
      },
      body: JSON.stringify(body),
    })
    const answer = await response.json()
    if (!response.ok) throw new Error(`${operation}: ${JSON.stringify(answer)}`)
    return answer as Answer
  }
  for (let tries = 0; ; tries++) {
    const up = await fetch(url).catch(() => null)
    if (up || tries > 300) break
    await delay(100)
  }
  const { UserPool: pool } = await call<{ UserPool: { Id: string } }>('CreateUserPool', { PoolName: 'staff' })
  const { UserPoolClient: client } = await call<{ UserPoolClient: { ClientId: string } }>('CreateUserPoolClient', {
    UserPoolId: pool.Id,
    ClientName: 'web',
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
  })
  return {
    issuer: `${url}/${pool.Id}`,
    clientId: client.ClientId,
    async signIn(email) {
      const Password = 'Correct-Horse-9'
      await call('AdminCreateUser', {
        UserPoolId: pool.Id,
        Username: email,
        UserAttributes: [
          { Name: 'email', Value: email },
          { Name: 'email_verified', Value: 'true' },
        ],
        MessageAction: 'SUPPRESS',
      })
      await call('AdminSetUserPassword', { UserPoolId: pool.Id, Username: email, Password, Permanent: true })
      const { AuthenticationResult: tokens } = await call<{
        AuthenticationResult: { AccessToken: string; IdToken: string }
      }>('InitiateAuth', {
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: client.ClientId,
        AuthParameters: { USERNAME: email, PASSWORD: Password },
      })
      const claims = JSON.parse(Buffer.from(tokens.IdToken.split('.')[1] ?? '', 'base64url').toString())
      return { access: tokens.AccessToken, id: tokens.IdToken, subject: claims.sub }
    },
  }
}

interface Oidc {
  issuer: string
  /** An access token (RFC 9068) for the API; its subject is the client. */
  token(audience: string): Promise<string>
}

/** An OpenID provider whose access tokens are JWTs. */
export async function startOidc(t: Test): Promise<Oidc> {
  const port = await freePort()
  const issuer = `http://127.0.0.1:${port}`
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const provider = new Provider(issuer, {
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'first', use: 'sig', alg: 'ES256' }] },
    clients: [
      {
        client_id: 'staff-app',
        client_secret: 'a-secret-of-the-test',
        grant_types: ['client_credentials'],
        id_token_signed_response_alg: 'ES256',
        redirect_uris: [],
        response_types: [],
      },
    ],
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context, resource) => ({
          scope: 'api',
          audience: resource,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  })
  const server = createServer(provider.callback()).listen(port, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  return {
    issuer,
    async token(audience) {
      const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from('staff-app:a-secret-of-the-test').toString('base64')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials', resource: audience, scope: 'api' }),
      })
      const answer = (await response.json()) as { access_token?: string }
      if (!answer.access_token) throw new Error(JSON.stringify(answer))
      return answer.access_token
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  const port = Number(new URL(await listen(server)).port)
  server.close()
  await once(server, 'close')
  return port
}
