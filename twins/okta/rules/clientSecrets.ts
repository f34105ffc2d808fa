import { createHash } from 'node:crypto'
import type { Recorder } from '../events.ts'
import { newId, PREFIX } from '../ids.ts'
import type { App, ClientSecret } from '../tables/applications.ts'
import type { Json } from '../tables/document.ts'

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
    secret,
    secretHash: createHash('md5').update(secret).digest('base64url'),
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
