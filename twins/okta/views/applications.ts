import { signingKey } from '../../../shared/universe/keys.ts'
import { PARTITION } from '../ids.ts'
import { hinted, plain } from '../links.ts'
import type { OktaContext } from '../operations/define.ts'
import { CATALOGUE_APPS } from '../rules/appCatalogue.ts'
import { certificateThumbprint } from '../rules/certificates.ts'
import type { App, AppGroup, AppKey, AppUser, ClientSecret } from '../tables/applications.ts'
import { isoTime, isoTimeOrNull } from '../time.ts'

type Viewer = Pick<OktaContext, 'link' | 'tables'>

const LOGO = 'https://ok14static.oktacdn.com/assets/img/logos/default.png'

/** Where an uploaded logo is served. */
export const logoPath = ({ externalKey }: App): string => `/fs/bco/4/fs0${externalKey.slice(3)}`

/** An app. `secret` is shown by the reply that created or replaced it and never again. */
export function appView(app: App, call: Viewer, secret?: string) {
  const [org] = call.tables.org.all()
  return {
    id: app.id,
    orn: `orn:${PARTITION}:idp:${org?.id}:apps:${app.name}:${app.id}`,
    name: app.name,
    label: app.label,
    status: app.status,
    lastUpdated: isoTime(app.lastUpdated),
    created: isoTime(app.created),
    accessibility: app.accessibility,
    visibility: app.visibility,
    ...(app.licensing && { licensing: app.licensing }),
    features: app.features,
    signOnMode: app.signOnMode,
    credentials: credentialsView(app, secret),
    universalLogout: universalLogout(app),
    settings: app.settings,
    ...(app.profile && { profile: app.profile }),
    ...(app.expressConfiguration && { expressConfiguration: app.expressConfiguration }),
    _links: appLinks(app, call),
  }
}

function credentialsView(app: App, secret: string | undefined) {
  const { oauthClient, ...credentials } = app.credentials as { oauthClient?: Record<string, unknown> }
  const signing = { ...(app.kid !== undefined && { kid: app.kid }) }
  if (!oauthClient) return { ...credentials, signing }
  const { autoKeyRotation, ...rest } = oauthClient
  return {
    ...credentials,
    signing,
    oauthClient: {
      autoKeyRotation,
      client_id: app.clientId,
      ...(secret !== undefined && { client_secret: secret }),
      ...rest,
    },
  }
}

const UNSUPPORTED = { status: 'UNSUPPORTED' }

const GLOBAL_TOKEN_REVOCATION = {
  status: 'DISABLED',
  supportType: 'FULL',
  identityStack: 'NOT_SHARED',
  protocol: 'GLOBAL_TOKEN_REVOCATION',
}

/** Apps of one's own can take part in universal logout; one of the catalogue says whether it can. */
function universalLogout({ name, settings }: App) {
  const own = name === 'oidc_client' || (settings.signOn && 'ssoAcsUrl' in (settings.signOn as object))
  return own ? GLOBAL_TOKEN_REVOCATION : (CATALOGUE_APPS[name]?.universalLogout ?? UNSUPPORTED)
}

/** The page that explains how to set an app up: for SAML, and for the catalogue's OpenID Connect integrations. */
function helpPage({ name, signOnMode, builtIn }: App): string | undefined {
  if (builtIn) return undefined
  if (signOnMode?.startsWith('SAML')) return 'instructions'
  return signOnMode === 'OPENID_CONNECT' && name !== 'oidc_client' ? 'external-doc' : undefined
}

function appLinks(app: App, call: Viewer) {
  const path = `/api/v1/apps/${app.id}`
  const instance = `aln${app.externalKey.slice(3)}`
  const page = helpPage(app)
  const names = Object.entries((app.visibility.appLinks ?? {}) as Record<string, boolean>)
  const help = (document: string) => ({
    href: call.link(`/app/${app.name}/${app.id}/setup/help/${app.signOnMode}/${document}`),
    type: 'text/html',
  })
  return {
    ...(page && { help: help(page) }),
    ...(app.signOnMode === 'SAML_2_0' && {
      metadata: { href: call.link(`${path}/sso/saml/metadata`), type: 'application/xml' },
    }),
    uploadLogo: hinted(call, `${path}/logo`, 'POST'),
    appLinks: names.map(([name]) => ({
      name,
      href: call.link(`/home/${app.name}/${app.id}/${instance}`),
      type: 'text/html',
    })),
    ...(app.enrollmentPolicyId && { profileEnrollment: plain(call, `/api/v1/policies/${app.enrollmentPolicyId}`) }),
    policies: hinted(call, `${path}/policies`, 'PUT'),
    groups: plain(call, `${path}/groups`),
    logo: [{ name: 'medium', href: app.logo ? call.link(logoPath(app)) : LOGO, type: 'image/png' }],
    ...(app.signOnMode === 'OPENID_CONNECT' &&
      !(app.builtIn && !app.name.includes('flow')) && {
        clientCredentials: [{ name: 'secrets', href: call.link(`${path}/credentials/secrets`) }],
      }),
    ...(app.accessPolicyId && { accessPolicy: plain(call, `/api/v1/policies/${app.accessPolicyId}`) }),
    users: plain(call, `${path}/users`),
    ...(app.status === 'ACTIVE'
      ? { deactivate: plain(call, `${path}/lifecycle/deactivate`) }
      : { activate: plain(call, `${path}/lifecycle/activate`) }),
  }
}

/** A user's assignment to an app. */
export function appUserView(assignment: AppUser, call: Viewer) {
  const [group] = assignment.groupIds
  return {
    id: assignment.userId,
    externalId: null,
    created: isoTime(assignment.created),
    lastUpdated: isoTime(assignment.lastUpdated),
    scope: assignment.scope,
    status: assignment.status,
    statusChanged: isoTime(assignment.statusChanged),
    passwordChanged: isoTimeOrNull(assignment.passwordChanged),
    syncState: 'DISABLED',
    credentials: { ...assignment.credentials, ...(assignment.password !== undefined && { password: {} }) },
    profile: assignment.profile,
    _links: {
      app: plain(call, `/api/v1/apps/${assignment.appId}`),
      user: plain(call, `/api/v1/users/${assignment.userId}`),
      ...(assignment.scope === 'GROUP' &&
        group && {
          group: { name: call.tables.groups.get(group)?.profile.name, href: call.link(`/api/v1/groups/${group}`) },
        }),
    },
  }
}

/** A group's assignment to an app. */
export const appGroupView = (assignment: AppGroup, call: Viewer) => ({
  id: assignment.groupId,
  lastUpdated: isoTime(assignment.lastUpdated),
  priority: assignment.priority,
  profile: assignment.profile,
  _links: {
    app: plain(call, `/api/v1/apps/${assignment.appId}`),
    self: plain(call, `/api/v1/apps/${assignment.appId}/groups/${assignment.groupId}`),
    group: plain(call, `/api/v1/groups/${assignment.groupId}`),
  },
})

/** A signing key of an app: the public half with its certificate. */
export function appKeyView(key: AppKey) {
  const { n, e } = signingKey(key.pool).publicJwk
  return {
    kty: 'RSA',
    created: isoTime(key.created),
    lastUpdated: isoTime(key.lastUpdated),
    expiresAt: isoTime(key.expiresAt),
    kid: key.kid,
    use: 'sig',
    x5c: [key.certificate],
    'x5t#S256': certificateThumbprint(key.certificate),
    e,
    n,
  }
}

/** A client secret; unlike in apps, its value is readable here. */
export function secretView(secret: ClientSecret, call: Viewer) {
  const path = `/api/v1/apps/${secret.appId}/credentials/secrets/${secret.id}`
  return {
    id: secret.id,
    created: isoTime(secret.created),
    lastUpdated: isoTime(secret.lastUpdated),
    status: secret.status,
    client_secret: secret.secret,
    secret_hash: secret.secretHash,
    _links:
      secret.status === 'ACTIVE'
        ? { deactivate: hinted(call, `${path}/lifecycle/deactivate`, 'POST') }
        : { activate: hinted(call, `${path}/lifecycle/activate`, 'POST'), delete: hinted(call, path, 'DELETE') },
  }
}
