import { BASE62 } from '../../../shared/universe/random.ts'
import { callingApp, type SlackCall } from '../caller.ts'
import { done, fail } from '../errors.ts'
import { seconds } from '../ids.ts'
import { flag, text } from '../rules/arguments.ts'
import type { ExternalToken } from '../tables.ts'
import { operations } from './define.ts'

/** Tokens of other services that people gave an app; a run of a function reads them by id. */

const TOKEN_LIFE = 3600

function renewed(call: SlackCall, row: ExternalToken): ExternalToken {
  if (!row.refreshable) throw fail('no_refresh_token')
  const token = call.random.text(64, BASE62)
  return call.tables.externalTokens.replace({ ...row, token, expires: seconds(call.now) + TOKEN_LIFE })
}

/** The tokens a deletion names, all of them the calling app's. */
function named(call: SlackCall): ExternalToken[] {
  const { app_id: appId, provider_key: provider, external_token_id: id } = call.query as Record<string, unknown>
  const own = callingApp(call.caller).id
  if (text(appId) !== undefined && !call.tables.apps.has(String(appId))) throw fail('app_not_found')
  if (text(id) === undefined && text(provider) === undefined && text(appId) === undefined) throw fail('invalid_args')
  const row = text(id) === undefined ? undefined : call.tables.externalTokens.get(String(id))
  if (text(id) !== undefined && !row) throw fail('token_not_found')
  if ((text(appId) ?? row?.appId ?? own) !== own || (row && row.appId !== own)) throw fail('invalid_auth')
  if (row) return [row]
  const all = call.tables.externalTokens.all().filter((one) => one.appId === own)
  if (text(provider) === undefined) return all
  const { external_auth_providers: providers } = callingApp(call.caller).manifest as {
    external_auth_providers?: { oauth2?: object }
  }
  const matching = all.filter((one) => one.provider === provider)
  if (matching.length === 0 && !(String(provider) in (providers?.oauth2 ?? {}))) throw fail('providers_not_found')
  return matching
}

export const externalTokens = operations({
  'apps.auth.external.get': (call) => {
    const row = call.tables.externalTokens.get(String(call.query.external_token_id))
    if (!row || row.appId !== callingApp(call.caller).id) throw fail('token_not_found')
    const isStale = row.expires <= seconds(call.now) || flag(call.query.force_refresh)
    const { token, extras } = isStale ? renewed(call, row) : row
    return done({ external_token: token, token_response_extras: extras ?? null })
  },

  'apps.auth.external.delete': (call) => {
    const rows = named(call)
    if (rows.length === 0) throw fail('no_tokens_found')
    for (const { id } of rows) call.tables.externalTokens.remove(id)
    return done()
  },
})
