import type { SlackCall } from '../caller.ts'
import { done, fail } from '../errors.ts'
import { newApp } from '../install.ts'
import { json } from '../rules/arguments.ts'
import { manifestIssues, manifestSettings } from '../rules/manifest.ts'
import type { App, Json } from '../tables.ts'
import { declareSteps } from '../workflows.ts'
import { operations } from './define.ts'

function manifestOf(call: SlackCall): Json {
  const manifest = json((call.query as { manifest?: string }).manifest)
  if (typeof manifest !== 'object' || manifest === null || Array.isArray(manifest)) {
    throw fail('invalid_manifest', { errors: [{ message: 'must provide an object', pointer: '/' }] })
  }
  const errors = manifestIssues(manifest as Json)
  if (errors.length > 0) throw fail('invalid_manifest', { errors })
  return manifest as Json
}

function known(call: SlackCall): App {
  const id = String((call.query as { app_id?: string }).app_id ?? '')
  if (!/^A[A-Z0-9]+$/.test(id)) throw fail('invalid_app_id')
  const app = call.tables.apps.get(id)
  if (!app) throw fail('app_not_found')
  return app
}

const authorizeUrl = (call: SlackCall, app: App): string => {
  const query = new URLSearchParams({
    client_id: app.clientId,
    scope: app.scopes.bot.join(','),
    user_scope: app.scopes.user.join(','),
  })
  return call.link(`/oauth/v2/authorize?${query}`)
}

export const manifests = operations({
  'apps.manifest.validate': (call) => {
    manifestOf(call)
    return done({ errors: [] })
  },

  'apps.manifest.create': (call) => {
    const { user, app: manager, team } = call.caller
    const app = newApp(call, {
      ...manifestSettings(manifestOf(call)),
      collaborators: user ? [user.id] : [],
      ...(manager ? { managedBy: manager.id } : {}),
    })
    declareSteps(call, app, team.id, user?.id ?? '')
    const {
      clientId: client_id,
      clientSecret: client_secret,
      verificationToken: verification_token,
      signingSecret: signing_secret,
    } = app
    const credentials = { client_id, client_secret, verification_token, signing_secret }
    return done({ app_id: app.id, credentials, oauth_authorize_url: authorizeUrl(call, app) })
  },

  'apps.manifest.update': (call) => {
    const app = known(call)
    const settings = manifestSettings(manifestOf(call))
    const hasNewScopes = settings.scopes?.bot.some((scope) => !app.scopes.bot.includes(scope)) ?? false
    declareSteps(
      call,
      call.tables.apps.replace({ ...app, ...settings }),
      call.caller.team.id,
      call.caller.user?.id ?? '',
    )
    return done({ app_id: app.id, permissions_updated: hasNewScopes })
  },

  'apps.manifest.export': (call) => done({ manifest: known(call).manifest }),

  'apps.manifest.delete': (call) => {
    const { id } = known(call)
    call.tables.apps.remove(id)
    for (const token of call.tables.tokens.where('owner', id)) call.tables.tokens.replace({ ...token, revoked: true })
    return done()
  },
})
