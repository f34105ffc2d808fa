import { ok } from '../../../shared/kernel/reply.ts'
import { signingKey } from '../../../shared/universe/keys.ts'
import { invalid, notFound } from '../errors.ts'
import { PREFIX } from '../ids.ts'
import { resource } from '../resource.ts'
import type { Document } from '../tables/document.ts'
import { hookKeyView } from '../views/hooks.ts'
import { operations } from './define.ts'

/** The public half, under the key's own id. */
const publicKey = (key: Document) => ({
  ...signingKey(key.data.pool as number).publicJwk,
  alg: 'RSA',
  kid: key.data.keyId,
  use: null,
})

/** Keys that sign what hooks receive. */
export const hookKeys = {
  ...resource({
    table: (tables) => tables.hookKeys,
    prefix: PREFIX.hookKey,
    kind: 'HookKey',
    param: 'id',
    operations: {
      list: 'listHookKeys',
      create: 'createHookKey',
      get: 'getHookKey',
      replace: 'replaceHookKey',
      remove: 'deleteHookKey',
    },
    required: ['name'],
    unique: 'name',
    data: (body, call, before) => ({
      keyId: before?.data.keyId ?? call.random.uuid(),
      name: body.name,
      isUsed: before?.data.isUsed ?? false,
      pool: before?.data.pool ?? call.sequence('okta.keyPool'),
    }),
    guard(verb, row) {
      if (verb === 'remove' && row.data.isUsed) invalid('hookKey', ['The key is in use by a hook.'])
    },
    view: (row, call) => ({ ...hookKeyView(call, row), _embedded: { publicKey: publicKey(row) } }),
    listed: (row, call) => hookKeyView(call, row),
  }),
  ...operations({
    getPublicKey(call) {
      const { keyId } = call.params
      const key = call.tables.hookKeys.all().find((row) => row.data.keyId === keyId)
      return key ? ok(publicKey(key)) : notFound(keyId, 'HookKey')
    },
  }),
}
