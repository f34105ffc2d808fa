import { createHash } from 'node:crypto'
import type { Recorder } from '../events.ts'
import { clientSecret, newId, PREFIX } from '../ids.ts'
import type { App, ClientSecret } from '../tables/applications.ts'
import type { Json } from '../tables/document.ts'

/**
 * The secret of a client after its app was written: the one sent, the one it has, or a new one.
 * `undefined` for clients that prove themselves otherwise.
 */
export function settledSecret(call: Recorder, app: App, sent: string | undefined): string | undefined {
  const { token_endpoint_auth_method: method } = (app.credentials.oauthClient ?? {}) as Json
  if (app.clientId === undefined || method === 'none' || method === 'private_key_jwt') return undefined
  const known = call.tables.clientSecrets.where('app', app.id)
  const [first] = known
  if (first === undefined) return addSecret(call, app, sent ?? clientSecret(call)).secret
  if (sent === undefined || known.some(({ secret }) => secret === sent)) return sent ?? first.secret
  return call.tables.clientSecrets.patch(first.id, { ...secretData(sent), lastUpdated: call.now }).secret
}

const secretData = (secret: string): Pick<ClientSecret, 'secret' | 'secretHash'> => ({
  secret,
  secretHash: createHash('md5').update(secret).digest('base64url'),
})

/** Stores a client secret; two can be there at a time, so that they can be rotated. */
export function addSecret(
  call: Recorder,
  app: App,
  secret: string,
  status: ClientSecret['status'] = 'ACTIVE',
): ClientSecret {
  return call.tables.clientSecrets.insert({
    id: newId(call, PREFIX.clientSecret),
    appId: app.id,
    ...secretData(secret),
    status,
    created: call.now,
    lastUpdated: call.now,
  })
}

/** Keeps the public keys an app was given with `settings.oauthClient.jwks`, in place of those it had. */
export function putKeys(call: Recorder, app: App, jwks: Json): void {
  const { clientKeys } = call.tables
  if (!Array.isArray(jwks.keys)) return
  const kept = clientKeys.where('parent', app.id)
  for (const row of kept) clientKeys.remove(row.id)
  for (const key of jwks.keys as Json[]) {
    const same = kept.find((row) => row.data.kid === key.kid)
    clientKeys.insert({
      id: same?.id ?? newId(call, 'pks'),
      parent: app.id,
      status: (key.status as string | undefined) ?? 'ACTIVE',
      created: same?.created ?? call.now,
      lastUpdated: call.now,
      data: key,
    })
  }
}
