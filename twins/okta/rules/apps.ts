import { blank, fail, invalid, notFound, taken } from '../errors.ts'
import { appTarget, type Recorder, record } from '../events.ts'
import { newId, PREFIX } from '../ids.ts'
import { objectIn, textIn } from '../operations/body.ts'
import type { App, SignOnMode } from '../tables/applications.ts'
import type { Json } from '../tables/document.ts'
import type { OktaTables } from '../tables.ts'
import { CATALOGUE_APPS, CUSTOM_MODES, PASSWORD_MODES, SIGN_ON_MODES } from './appCatalogue.ts'
import { addAppKey, keysOf, orgKeyId, signsAssertions } from './appKeys.ts'
import { putKeys, settledSecret } from './clientSecrets.ts'
import { addMappings } from './mappings.ts'
import { oauthClientCredentials, oauthClientSettings } from './oauthClient.ts'
import { addRateLimit } from './principalRateLimits.ts'
import { samlSignOn } from './samlSettings.ts'

/** The app a path names, or 404. */
export const appOf = (call: { readonly tables: OktaTables }, id: string): App =>
  call.tables.apps.get(id) ?? notFound(id, 'AppInstance')

/** The app behind an OAuth client id, or 404. */
export const appByClient = (call: { readonly tables: OktaTables }, clientId: string): App =>
  call.tables.apps.by('client', clientId) ?? notFound(clientId, 'PublicClientApp')

/** Apps made with the org cannot be changed, deactivated or removed. */
export function ownApp(app: App): App {
  if (app.builtIn) fail('E0000143')
  return app
}

/** Checks a new app and stores it, with the key, the secret and the policies it starts with. */
export function createApp(call: Recorder, body: Json, active: boolean): { app: App; secret?: string } {
  const given = textIn(body, 'name')?.toLowerCase()
  const mode = modeOf(body, given)
  const label = labelOf(body)
  const id = newId(call, PREFIX.app)
  const name = given ?? customName(call, label)
  const clientId = isOAuthClient(mode, name) ? clientIdOf(call.tables, body, id) : undefined
  const parts = completed(body, mode, name, given === undefined, undefined)
  const kid = mode === 'OPENID_CONNECT' ? orgKeyId() : signsAssertions(mode) ? addAppKey(call, id) : undefined
  const app = call.tables.apps.insert({
    id,
    name,
    label,
    status: active ? 'ACTIVE' : 'INACTIVE',
    created: call.now,
    lastUpdated: call.now,
    signOnMode: mode,
    ...parts,
    ...(clientId !== undefined && { clientId }),
    ...(kid !== undefined && { kid }),
    externalKey: newId(call, PREFIX.samlKey),
    ...defaultPolicies(call.tables),
  })
  addMappings(call, app, false)
  if (clientId !== undefined) addRateLimit(call, 'OAUTH_CLIENT', clientId, call.caller?.userId ?? null)
  record(call, 'application.lifecycle.create', [appTarget(app)])
  if (active) record(call, 'application.lifecycle.activate', [appTarget(app)])
  return { app, secret: settledClient(call, app, body) }
}

/** The keys and the secret that an OAuth client was given, or has; gives the secret to show. */
function settledClient(call: Recorder, app: App, body: Json): string | undefined {
  if (app.clientId === undefined) return undefined
  putKeys(call, app, objectIn(objectIn(objectIn(body, 'settings'), 'oauthClient'), 'jwks'))
  return settledSecret(call, app, textIn(objectIn(objectIn(body, 'credentials'), 'oauthClient'), 'client_secret'))
}

/** Replaces an app by what was sent; what the system decides stays. */
export function replaceApp(call: Recorder, before: App, body: Json): { app: App; secret?: string } {
  if (before.builtIn) fail('E0000143')
  const label = labelOf(body)
  const mode = body.signOnMode === undefined || body.signOnMode === null ? before.signOnMode : modeOf(body, before.name)
  const custom = !(before.name in CATALOGUE_APPS) && before.name.startsWith(`${subdomainOf(call.tables)}_`)
  if (custom && before.status === 'INACTIVE') keepMetadata(before, body)
  const app = call.tables.apps.patch(before.id, {
    label,
    signOnMode: mode,
    lastUpdated: call.now,
    profile: undefined, // gone when the request does not repeat it (seen in traffic)
    ...completed(body, mode, before.name, custom, before),
    ...signingOf(call, before, mode, body),
  })
  record(call, 'application.lifecycle.update', [appTarget(app)])
  return { app, secret: settledClient(call, app, body) }
}

/** The key an app signs with: one of its own that the request chooses, and a first one as soon as it needs any. */
function signingOf(call: Recorder, before: App, mode: SignOnMode | null, body: Json): Pick<App, 'kid'> {
  if (signsAssertions(mode) && before.kid === undefined) return { kid: addAppKey(call, before.id) }
  const kid = textIn(objectIn(objectIn(body, 'credentials'), 'signing'), 'kid')
  if (kid === undefined || kid === before.kid) return {}
  return keysOf(call, before).some((key) => key.kid === kid) ? { kid } : notFound(kid, 'JsonWebKey')
}

/** Where a custom app signs on automatically is part of its metadata, which only an active instance may change. */
function keepMetadata(before: App, body: Json): void {
  if (before.signOnMode !== 'AUTO_LOGIN') return
  const now = objectIn(before.settings, 'signOn')
  const next = objectIn(objectIn(body, 'settings'), 'signOn')
  if (next.loginUrl !== now.loginUrl || next.redirectUrl !== now.redirectUrl)
    fail('E0000024', '', ['This operation on app metadata is not yet supported: No active instances.'])
}

/** An integration of the catalogue that signs on by OpenID Connect shows no client of its own (seen in traffic). */
const isOAuthClient = (mode: SignOnMode | null, name: string): boolean =>
  mode === 'OPENID_CONNECT' && name === 'oidc_client'

function modeOf(body: Json, name: string | undefined): SignOnMode | null {
  const mode = body.signOnMode
  if (mode === undefined || mode === null) {
    // An integration of the catalogue may come without a mode and keeps none (seen in traffic).
    return name === undefined ? invalid('mediated', ['Invalid signOnMode']) : (CATALOGUE_APPS[name]?.modes?.[0] ?? null)
  }
  if (!SIGN_ON_MODES.has(String(mode))) invalid('mediated', ['Invalid signOnMode'])
  if (name === undefined && !CUSTOM_MODES.has(String(mode))) invalid('name', [blank('name')])
  // An integration of the catalogue signs on automatically in its own way, by the browser plugin if it has one.
  if (mode === 'AUTO_LOGIN' && typeof body.name === 'string')
    return CATALOGUE_APPS[name ?? '']?.modes?.length === 0 ? null : 'BROWSER_PLUGIN'
  return mode as SignOnMode
}

function labelOf(body: Json): string {
  const label = textIn(body, 'label')
  if (label === undefined || label === '') return invalid('label', ['label: The field cannot be left blank'])
  if (label.length > 100) return invalid('label', ['label: String is too long. Expected 1..100 characters'])
  return label
}

export const subdomainOf = (tables: OktaTables): string => tables.org.all()[0]?.subdomain ?? ''

/** `{subdomain}_{label in lower case, letters and digits}_{n}`. */
function customName(call: Recorder, label: string): string {
  const plain = label.toLowerCase().replace(/[^a-z0-9]/g, '')
  return `${subdomainOf(call.tables)}_${plain}_${call.sequence('okta.customApp')}`
}

function clientIdOf(tables: OktaTables, body: Json, id: string): string {
  const chosen = textIn(objectIn(objectIn(body, 'credentials'), 'oauthClient'), 'client_id')
  if (!chosen) return id
  if (chosen.length < 6 || chosen.length > 100)
    invalid('client_id', ['client_id: String is out of range. Expected 6..100 characters'])
  if (tables.apps.by('client', chosen)) invalid('credentials.oauthClient.client_id', [taken('client_id')])
  return chosen
}

/** The default policies of the org: what an app is protected by until it is given another. */
function defaultPolicies(tables: OktaTables): Pick<App, 'accessPolicyId' | 'enrollmentPolicyId'> {
  const named = (type: string) => tables.policies.all().find((policy) => policy.type === type && policy.system)?.id
  const accessPolicyId = named('ACCESS_POLICY')
  const enrollmentPolicyId = named('PROFILE_ENROLLMENT')
  return { ...(accessPolicyId && { accessPolicyId }), ...(enrollmentPolicyId && { enrollmentPolicyId }) }
}

type Parts = Pick<App, 'accessibility' | 'visibility' | 'features' | 'credentials' | 'settings'> &
  Partial<Pick<App, 'profile' | 'licensing' | 'password'>>

/** Everything of an app that a request can say, with what Okta fills in. */
function completed(body: Json, mode: SignOnMode | null, name: string, custom: boolean, before: App | undefined): Parts {
  const accessibility = objectIn(body, 'accessibility')
  const visibility = objectIn(body, 'visibility')
  const hide = objectIn(visibility, 'hide')
  const hidden = mode === 'OPENID_CONNECT'
  const credentials = objectIn(body, 'credentials')
  const password = textIn(objectIn(credentials, 'password'), 'value') ?? before?.password
  return {
    accessibility: {
      selfService: accessibility.selfService ?? false,
      errorRedirectUrl: accessibility.errorRedirectUrl ?? null,
      loginRedirectUrl: accessibility.loginRedirectUrl ?? null,
    },
    visibility: {
      autoLaunch: visibility.autoLaunch ?? false,
      autoSubmitToolbar: visibility.autoSubmitToolbar ?? false,
      hide: { iOS: hide.iOS ?? hidden, web: hide.web ?? hidden },
      appLinks: { ...linksOf(name), ...objectIn(visibility, 'appLinks') },
    },
    features: (body.features as string[] | undefined) ?? before?.features ?? [],
    credentials: credentialsOf(credentials, mode, name, objectIn(body, 'settings'), before),
    settings: settingsOf(objectIn(body, 'settings'), mode, name, custom),
    ...(password !== undefined && { password }),
    ...(body.profile !== undefined && { profile: objectIn(body, 'profile') }),
    ...licensingOf(body, name),
  }
}

function licensingOf(body: Json, name: string): Pick<App, 'licensing'> {
  const standard = CATALOGUE_APPS[name]?.licensing
  return standard || body.licensing !== undefined ? { licensing: { ...standard, ...objectIn(body, 'licensing') } } : {}
}

const linksOf = (name: string): Json => CATALOGUE_APPS[name]?.links ?? { [`${name}_link`]: true }

function credentialsOf(
  given: Json,
  mode: SignOnMode | null,
  name: string,
  settings: Json,
  before: App | undefined,
): Json {
  const template = objectIn(given, 'userNameTemplate')
  const custom = template.type === 'CUSTOM'
  const userNameTemplate = {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Okta's own placeholder
    template: template.template ?? '${source.login}',
    ...(template.suffix ? { suffix: template.suffix } : {}),
    type: template.type ?? 'BUILT_IN',
    ...(custom && { pushStatus: template.pushStatus || 'DONT_PUSH' }),
  }
  if (isOAuthClient(mode, name)) {
    return {
      userNameTemplate,
      oauthClient: oauthClientCredentials(
        objectIn(given, 'oauthClient'),
        objectIn(settings, 'oauthClient'),
        before && oauthCredentials(before),
      ),
    }
  }
  if (mode === null || !PASSWORD_MODES.has(mode)) return { userNameTemplate }
  const scheme = given.scheme ?? 'EDIT_USERNAME_AND_PASSWORD'
  const shared = scheme === 'SHARED_USERNAME_AND_PASSWORD'
  if (shared && !given.userName)
    invalid('credentials.userName', ['credentials.userName: The field cannot be left blank'])
  return {
    scheme,
    userNameTemplate,
    revealPassword: given.revealPassword ?? false,
    ...(shared && { userName: given.userName, password: {} }),
  }
}

/** The OAuth members of an app's credentials. */
export const oauthCredentials = (app: App): Json => objectIn(app.credentials, 'oauthClient')

function settingsOf(given: Json, mode: SignOnMode | null, name: string, custom: boolean): Json {
  const app = { ...CATALOGUE_APPS[name]?.settings, ...emptied(objectIn(given, 'app')) }
  const notes = objectIn(given, 'notes')
  const complaint = CATALOGUE_APPS[name]?.complaint?.(app, mode)
  if (complaint !== undefined) invalid('settings', [complaint])
  return {
    app,
    notifications: {
      vpn: {
        network: { connection: 'DISABLED' },
        message: null,
        helpUrl: null,
        ...objectIn(objectIn(given, 'notifications'), 'vpn'),
      },
    },
    manualProvisioning: given.manualProvisioning ?? false,
    implicitAssignment: given.implicitAssignment ?? false,
    emOptInStatus: given.emOptInStatus ?? 'NONE',
    notes: { admin: notes.admin ?? null, enduser: notes.enduser ?? null },
    ...(isOAuthClient(mode, name) && { oauthClient: oauthClientSettings(objectIn(given, 'oauthClient')) }),
    ...signOnOf(objectIn(given, 'signOn'), mode, custom),
  }
}

/** An empty text is no setting. */
const emptied = (app: Json): Json =>
  Object.fromEntries(Object.entries(app).map(([name, value]) => [name, value === '' ? null : value]))

/** `settings.signOn` is kept for SAML and automatic sign-on alone. */
function signOnOf(given: Json, mode: SignOnMode | null, custom: boolean): Json {
  if (mode === 'SAML_2_0' || mode === 'SAML_1_1') return { signOn: samlSignOn(given, mode, custom) }
  if (mode === 'AUTO_LOGIN' && custom) {
    if (!given.loginUrl) invalid('settings.signOn.loginUrl', ['loginUrl: The field cannot be left blank'])
    return { signOn: { redirectUrl: given.redirectUrl ?? null, loginUrl: given.loginUrl } }
  }
  return {}
}
