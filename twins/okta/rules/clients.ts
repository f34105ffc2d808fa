import type { JsonWebKey } from 'node:crypto'
import type { App } from '../tables/applications.ts'
import type { Json } from '../tables/document.ts'
import type { OktaTables } from '../tables.ts'
import { isMember } from './membership.ts'

/** An app as its OAuth side sees it. */
export interface Client {
  readonly app: App
  readonly id: string
  readonly authMethod: string
  readonly pkceRequired: boolean
  readonly grantTypes: readonly string[]
  readonly responseTypes: readonly string[]
  readonly redirectUris: readonly string[]
  readonly postLogoutUris: readonly string[]
  readonly applicationType: string
  readonly dpopBound: boolean
  readonly wildcardRedirect: boolean
  readonly rotation: 'STATIC' | 'ROTATE'
  /** Seconds the value before a rotation is still taken. */
  readonly leeway: number
  readonly consentMethod: string
  readonly jwks: readonly JsonWebKey[]
  readonly groupsClaim?: Json
}

const list = (value: unknown): string[] => (Array.isArray(value) ? (value as string[]) : [])

/** The client of an id; only OpenID Connect apps are clients. */
export function findClient(tables: OktaTables, clientId: string): Client | undefined {
  const app = tables.apps.by('client', clientId)
  if (app?.signOnMode !== 'OPENID_CONNECT') return undefined
  const settings = (app.settings.oauthClient ?? {}) as Json
  const credentials = (app.credentials.oauthClient ?? {}) as Json
  const refresh = (settings.refresh_token ?? {}) as { rotation_type?: string; leeway?: number }
  const keys = tables.clientKeys
    .where('parent', app.id)
    .filter((row) => row.status !== 'INACTIVE')
    .map((row) => row.data as JsonWebKey)
  const inline = ((settings.jwks as Json | undefined)?.keys ?? []) as JsonWebKey[]
  return {
    app,
    id: clientId,
    authMethod: (credentials.token_endpoint_auth_method as string | undefined) ?? 'client_secret_basic',
    pkceRequired: credentials.pkce_required === true,
    grantTypes: list(settings.grant_types),
    responseTypes: list(settings.response_types),
    redirectUris: list(settings.redirect_uris),
    postLogoutUris: list(settings.post_logout_redirect_uris),
    applicationType: (settings.application_type as string | undefined) ?? 'web',
    dpopBound: settings.dpop_bound_access_tokens === true,
    wildcardRedirect: settings.wildcard_redirect === 'SUBDOMAIN',
    rotation: refresh.rotation_type === 'ROTATE' ? 'ROTATE' : 'STATIC',
    leeway: refresh.leeway ?? 0,
    consentMethod: (settings.consent_method as string | undefined) ?? 'TRUSTED',
    jwks: keys.length > 0 ? keys : inline,
    ...(settings.groups_claim ? { groupsClaim: settings.groups_claim as Json } : {}),
  }
}

/** Whether a client may send people to an address: exactly, or by the wildcard in the first label. */
export function allowsRedirect(client: Client, uri: string): boolean {
  return client.redirectUris.some((allowed) => {
    if (allowed === uri) return true
    if (!client.wildcardRedirect || !allowed.includes('*')) return false
    const pattern = allowed.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    return new RegExp(`^${pattern.join('[^./]*')}$`).test(uri)
  })
}

/** Whether a user may use the client's app. */
export const isAssigned = (tables: OktaTables, { app }: Client, userId: string): boolean =>
  isUserAssigned(tables, app, userId)

/** Whether a user may use an app: assigned in person or by a group, or the app is for everyone. */
export function isUserAssigned(tables: OktaTables, app: App, userId: string): boolean {
  if (app.builtIn || app.settings.implicitAssignment === true) return true
  if (tables.appUsers.has(`${app.id}/${userId}`)) return true
  const user = tables.users.get(userId)
  return tables.appGroups.where('app', app.id).some(({ groupId }) => {
    const group = tables.groups.get(groupId)
    return group !== undefined && user !== undefined && isMember({ tables }, group, user)
  })
}
