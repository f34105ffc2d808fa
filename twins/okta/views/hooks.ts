import { hinted, type Linker, plain } from '../links.ts'
import type { Document, Json } from '../tables/document.ts'
import { isoTime } from '../time.ts'

/** What a hook's own links offer in a status; what it does when active is the caller's. */
function hookLinks(call: Linker, path: string, status: string | undefined, act: string, actPath: string) {
  const self = plain(call, path)
  return status === 'INACTIVE'
    ? { activate: hinted(call, `${path}/lifecycle/activate`, 'POST'), self, delete: hinted(call, path, 'DELETE') }
    : {
        self,
        [act]: hinted(call, path + actPath, 'POST'),
        deactivate: hinted(call, `${path}/lifecycle/deactivate`, 'POST'),
      }
}

/** A channel without its secrets. */
function channelView(channel: Json) {
  const config = channel.config as Json
  const scheme = config.authScheme as Json | null
  const { authScheme: _, clientSecret: __, uri, headers, method, ...rest } = config
  return {
    type: channel.type,
    version: channel.version,
    config: { uri, headers, method, authScheme: scheme && { type: scheme.type, key: scheme.key }, ...rest },
  }
}

export function eventHookView(call: Linker, hook: Document) {
  const { verificationStatus, name, description, createdBy, events, channel } = hook.data
  return {
    id: hook.id,
    status: hook.status,
    verificationStatus,
    name,
    description,
    created: isoTime(hook.created),
    createdBy,
    lastUpdated: isoTime(hook.lastUpdated),
    events,
    channel: channelView(channel as Json),
    _links: hookLinks(call, `/api/v1/eventHooks/${hook.id}`, hook.status, 'verify', '/lifecycle/verify'),
  }
}

export function inlineHookView(call: Linker, hook: Document) {
  const { name, type, version, channel } = hook.data
  return {
    id: hook.id,
    status: hook.status,
    name,
    type,
    version,
    channel: channelView(channel as Json),
    created: isoTime(hook.created),
    lastUpdated: isoTime(hook.lastUpdated),
    _links: hookLinks(call, `/api/v1/inlineHooks/${hook.id}`, hook.status, 'execute', '/execute'),
  }
}

export function hookKeyView(_call: Linker, key: Document) {
  const { keyId, name, isUsed } = key.data
  return { id: key.id, keyId, name, created: isoTime(key.created), lastUpdated: isoTime(key.lastUpdated), isUsed }
}
