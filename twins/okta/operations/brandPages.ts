import { noContent, ok } from '../../../shared/kernel/reply.ts'
import { fail, notFound } from '../errors.ts'
import { hinted } from '../links.ts'
import { objectBody } from '../resource.ts'
import type { Document, Json } from '../tables/document.ts'
import { brandOf } from './brands.ts'
import { type OktaCall, operations } from './define.ts'

type Kind = 'error' | 'sign-in'
type Variant = 'customized' | 'preview'

/** Labels of the sign-in widget nobody has changed. */
const WIDGET: Json = {
  signInLabel: null,
  usernameLabel: null,
  usernameInfoTip: null,
  passwordLabel: null,
  passwordInfoTip: null,
  showPasswordVisibilityToggle: true,
  showUserIdentifier: true,
  forgotPasswordLabel: null,
  forgotPasswordUrl: null,
  unlockAccountLabel: null,
  unlockAccountUrl: null,
  helpLabel: null,
  helpUrl: null,
  customLink1Label: null,
  customLink1Url: null,
  customLink2Label: null,
  customLink2Url: null,
  authenticatorPageCustomLinkLabel: null,
  authenticatorPageCustomLinkUrl: null,
  classicRecoveryFlowEmailOrUsernameLabel: null,
  widgetGeneration: 'G2',
}

/** What reading the widget's labels shows besides; the reply that writes them leaves it out. Recorded. */
const PROMPT: Json = {
  postAuthKeepMeSignedInPrompt: { title: null, subtitle: null, acceptButtonText: null, rejectButtonText: null },
}

/** Okta's own wording, which the default page shows. */
const WORDING: Json = {
  signInLabel: 'Sign In',
  usernameLabel: 'Username',
  usernameInfoTip: '',
  passwordLabel: 'Password',
  passwordInfoTip: '',
  showPasswordVisibilityToggle: true,
  showUserIdentifier: true,
  forgotPasswordLabel: 'Forgot password?',
  forgotPasswordUrl: '',
  unlockAccountLabel: 'Unlock account?',
  unlockAccountUrl: '',
  helpLabel: 'Help',
  helpUrl: '',
  customLink1Label: '',
  customLink1Url: '',
  customLink2Label: '',
  customLink2Url: '',
  authenticatorPageCustomLinkLabel: '',
  authenticatorPageCustomLinkUrl: '',
  classicRecoveryFlowEmailOrUsernameLabel: 'Email or Username',
  widgetGeneration: 'G2',
}

const ENFORCED = { contentSecurityPolicySetting: { mode: 'enforced' } }

const WIDGET_VERSIONS = [...versions(5, 11, 16), '^5', ...versions(6, 0, 9), '^6', ...versions(7, 0, 38), '^7', '*']

function versions(major: number, from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => `${major}.${from + index}`)
}

const DEFAULT_HTML = `<!DOCTYPE html>
<html>
<head>
    <meta http-equiv="Content-Type" content="text/html; charset=UTF-8">
    <link href="{{themedStylesUrl}}" rel="stylesheet" type="text/css">
    <title>{{orgName}} - {{errorSummary}}</title>
</head>
<body>
    <div id="okta-login-container"></div>
</body>
</html>
`

const idOf = (call: OktaCall, kind: Kind | 'sign-out', variant: Variant) =>
  `${brandOf(call).id}/pages/${kind}/${variant}`

const defaultPage = (kind: Kind): Json =>
  kind === 'error'
    ? { pageContent: DEFAULT_HTML, ...ENFORCED }
    : { pageContent: DEFAULT_HTML, ...ENFORCED, widgetVersion: '^7', widgetCustomizations: WORDING }

function completed(kind: Kind, body: Json): Json {
  const policy = body.contentSecurityPolicySetting
    ? { contentSecurityPolicySetting: body.contentSecurityPolicySetting }
    : {}
  if (kind === 'error') return { pageContent: body.pageContent ?? DEFAULT_HTML, ...policy }
  return {
    pageContent: body.pageContent ?? null,
    widgetVersion: body.widgetVersion ?? null,
    widgetCustomizations: { ...WIDGET, ...(body.widgetCustomizations as Json | undefined) },
    ...policy,
  }
}

const read = (page: Json): Json =>
  page.widgetCustomizations
    ? { ...page, widgetCustomizations: { ...PROMPT, ...(page.widgetCustomizations as Json) } }
    : page

const get = (kind: Kind, variant: Variant) => (call: OktaCall) => {
  const row = call.tables.brandPages.get(idOf(call, kind, variant))
  return row ? ok(read(row.data)) : notFound(brandOf(call).id, variant === 'preview' ? 'PreviewPage' : 'CustomizedPage')
}

/** The brand whose pages are to be changed: those of the default brand are Okta's (okta-sdk-dotnet's live suite). */
function ownBrand(call: OktaCall): Document {
  const brand = brandOf(call)
  return brand.data.isDefault ? fail('E0000213') : brand
}

const replace = (kind: Kind, variant: Variant) => (call: OktaCall) => {
  const parent = ownBrand(call).id
  const data = completed(kind, objectBody(call as { body: unknown }))
  call.tables.brandPages.put({ id: idOf(call, kind, variant), parent, created: call.now, lastUpdated: call.now, data })
  return ok(data)
}

const remove = (kind: Kind, variant: Variant) => (call: OktaCall) => {
  ownBrand(call)
  call.tables.brandPages.remove(idOf(call, kind, variant))
  return noContent()
}

/** The resource that leads to a page's variants. */
const root = (kind: Kind) => (call: OktaCall) => {
  const path = `/api/v1/brands/${brandOf(call).id}/pages/${kind}`
  const { expand = [] } = call.query as { expand?: string[] }
  const row = (variant: Variant) => {
    const stored = call.tables.brandPages.get(idOf(call, kind, variant))
    return stored && read(stored.data)
  }
  const parts = {
    ...(expand.includes('default') && { default: defaultPage(kind) }),
    ...(expand.includes('customized') && row('customized') && { customized: row('customized') }),
    ...(expand.includes('preview') && row('preview') && { preview: row('preview') }),
  }
  return ok({
    ...(Object.keys(parts).length > 0 && { _embedded: parts }),
    _links: {
      self: hinted(call, path, 'GET'),
      default: hinted(call, `${path}/default`, 'GET'),
      customized: hinted(call, `${path}/customized`, 'GET', 'PUT', 'DELETE'),
      preview: hinted(call, `${path}/preview`, 'GET', 'PUT', 'DELETE'),
    },
  })
}

const URIS = ['apple-app-site-association', 'assetlinks.json', 'webauthn']

const uriOf = (call: OktaCall): string => {
  const { path } = call.params as { path: string }
  return URIS.includes(path) ? path : fail('E0000258', URIS.join(', '))
}

const uriView = (call: OktaCall, brandId: string, path: string) => {
  const base = `/api/v1/brands/${brandId}/well-known-uris/${path}`
  return {
    representation: call.tables.brandPages.get(`${brandId}/well-known-uris/${path}`)?.data.representation ?? {},
    _links: { self: hinted(call, `${base}/customized`, 'GET', 'PUT') },
  }
}

/** The address itself, which leads to what the brand says there. */
function uriRoot(call: OktaCall) {
  const [id, path] = [brandOf(call).id, uriOf(call)]
  const base = `/api/v1/brands/${id}/well-known-uris/${path}`
  const { expand = [] } = call.query as { expand?: string[] }
  return {
    ...(expand.includes('customized') && { _embedded: { customized: uriView(call, id, path) } }),
    _links: { self: hinted(call, base, 'GET'), customized: hinted(call, `${base}/customized`, 'GET', 'PUT') },
  }
}

/** What every brand answers alike, once it is there. */
const fixed = (answer: () => unknown) => (call: OktaCall) => {
  brandOf(call)
  return ok(answer())
}

/** Okta's own apps, which every org vouches for to Apple's devices. */
const OKTA_APPS = {
  authsrv: { apps: ['B7F62B65BN.com.okta.mobile', 'B7F62B65BN.com.okta.mobile.auth-service-extension'] },
}

/** What the default brand says at a well-known address: nothing there is nothing found. */
const served = (path: string, own?: Json) => (call: OktaCall) => {
  const brand = call.tables.brands.all().find((row) => row.data.isDefault)
  const said = call.tables.brandPages.get(`${brand?.id}/well-known-uris/${path}`)?.data.representation
  if (own) return ok({ ...own, ...(said as Json | undefined) })
  return said ? ok(said) : notFound(path, 'WellKnownURI')
}

/** Pages a brand shows: signing in, signing out, errors, and what it says at well-known addresses. */
export const brandPages = operations({
  getErrorPage: root('error'),
  getCustomizedErrorPage: get('error', 'customized'),
  replaceCustomizedErrorPage: replace('error', 'customized'),
  deleteCustomizedErrorPage: remove('error', 'customized'),
  getDefaultErrorPage: fixed(() => defaultPage('error')),
  getPreviewErrorPage: get('error', 'preview'),
  replacePreviewErrorPage: replace('error', 'preview'),
  deletePreviewErrorPage: remove('error', 'preview'),
  getSignInPage: root('sign-in'),
  getCustomizedSignInPage: get('sign-in', 'customized'),
  replaceCustomizedSignInPage: replace('sign-in', 'customized'),
  deleteCustomizedSignInPage: remove('sign-in', 'customized'),
  getDefaultSignInPage: fixed(() => defaultPage('sign-in')),
  getPreviewSignInPage: get('sign-in', 'preview'),
  replacePreviewSignInPage: replace('sign-in', 'preview'),
  deletePreviewSignInPage: remove('sign-in', 'preview'),
  listAllSignInWidgetVersions: fixed(() => WIDGET_VERSIONS),

  getSignOutPageSettings: (call) =>
    ok(call.tables.brandPages.get(idOf(call, 'sign-out', 'customized'))?.data ?? { type: 'OKTA_DEFAULT' }),
  replaceSignOutPageSettings(call) {
    const { type, url } = objectBody(call as { body: unknown })
    if (type !== 'OKTA_DEFAULT' && type !== 'EXTERNALLY_HOSTED') fail('E0000003')
    const data = type === 'EXTERNALLY_HOSTED' ? { type, url } : { type }
    const parent = brandOf(call).id
    call.tables.brandPages.put({
      id: idOf(call, 'sign-out', 'customized'),
      parent,
      created: call.now,
      lastUpdated: call.now,
      data,
    })
    return ok(data)
  },

  getAllWellKnownURIs(call) {
    const { id } = brandOf(call)
    return ok({
      _links: {
        self: hinted(call, `/api/v1/brands/${id}/well-known-uris`, 'GET'),
        ...Object.fromEntries(
          URIS.map((path) => [path, hinted(call, `/api/v1/brands/${id}/well-known-uris/${path}`, 'GET')]),
        ),
      },
    })
  },
  getRootBrandWellKnownURI: (call) => ok(uriRoot(call)),
  getBrandWellKnownURI: (call) => ok(uriView(call, brandOf(call).id, uriOf(call))),
  replaceBrandWellKnownURI(call) {
    const parent = brandOf(call).id
    const path = uriOf(call)
    const { representation } = objectBody(call as { body: unknown })
    call.tables.brandPages.put({
      id: `${parent}/well-known-uris/${path}`,
      parent,
      created: call.now,
      lastUpdated: call.now,
      data: { representation },
    })
    return ok(uriView(call, parent, path))
  },
  getAppleAppSiteAssociationWellKnownURI: served('apple-app-site-association', OKTA_APPS),
  getAssetLinksWellKnownURI: served('assetlinks.json'),
  getWebAuthnWellKnownURI: served('webauthn'),
})
