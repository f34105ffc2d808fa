import { ok } from '../../../shared/kernel/reply.ts'
import { blank, fail, invalid } from '../errors.ts'
import { PREFIX } from '../ids.ts'
import { found, objectBody, type Resource, resource } from '../resource.ts'
import { channelFrom, inlineDelivery } from '../rules/hooks.ts'
import type { Json } from '../tables/document.ts'
import { inlineHookView } from '../views/hooks.ts'
import { operations } from './define.ts'

const TYPES = [
  'com.okta.oauth2.tokens.transform',
  'com.okta.saml.tokens.transform',
  'com.okta.import.transform',
  'com.okta.user.pre-registration',
  'com.okta.user.credential.password.import',
  'com.okta.telephony.provider',
]

const family: Resource = {
  table: (tables) => tables.inlineHooks,
  prefix: PREFIX.inlineHook,
  kind: 'InlineHook',
  param: 'inlineHookId',
  operations: {
    list: 'listInlineHooks',
    create: 'createInlineHook',
    get: 'getInlineHook',
    replace: 'replaceInlineHook',
    update: 'updateInlineHook',
    remove: 'deleteInlineHook',
    activate: 'activateInlineHook',
    deactivate: 'deactivateInlineHook',
  },
  list: (call, rows) => {
    const { type } = call.query as { type?: string }
    return type === undefined ? rows : rows.filter((row) => row.data.type === type)
  },
  required: ['name'],
  status: 'ACTIVE',
  lifecycle: 'object',
  data(body, _call, before) {
    const type = before?.data.type ?? body.type
    if (!TYPES.includes(String(type))) invalid('type', [blank('type')])
    const channel = channelFrom(body.channel as Json | undefined, before?.data.channel as Json | undefined)
    if (!channel) return invalid('channel', [blank('channel')])
    return { name: body.name, type, version: body.version ?? before?.data.version ?? '1.0.0', channel }
  },
  guard(verb, row) {
    if (verb === 'remove' && row.status === 'ACTIVE') {
      invalid('inlineHook', ['The inline hook must be deactivated before it can be deleted.'])
    }
  },
  view: (row, call) => inlineHookView(call, row),
  events: {
    create: 'inline_hook.created',
    replace: 'inline_hook.updated',
    update: 'inline_hook.updated',
    remove: 'inline_hook.deleted',
    activate: 'inline_hook.activated',
    deactivate: 'inline_hook.deactivated',
    target: 'InlineHook',
  },
}

/** Inline hooks: another server is asked in the middle of a flow. */
export const inlineHooks = {
  ...resource(family),
  ...operations({
    /** Sends the payload as it is and gives the answer back as it is. */
    executeInlineHook(call) {
      const hook = found(family, call)
      const payload = objectBody(call as { body: unknown })
      const delivery = inlineDelivery(call, hook, {}, call.link(''))
      const { status, body } = call.ask({ ...delivery, body: JSON.stringify(payload), retries: [] })
      if (status === 0) fail('E0000137')
      if (status >= 400) fail('E0000134')
      try {
        return ok(JSON.parse(body))
      } catch {
        return fail('E0000134')
      }
    },
  }),
}
