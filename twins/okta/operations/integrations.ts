import { created as createdReply, noContent, ok, type Reply } from '../../../shared/kernel/reply.ts'
import { blank, fail, invalid, notFound } from '../errors.ts'
import { record, target } from '../events.ts'
import { clientSecret, newId, PREFIX } from '../ids.ts'
import { hinted, linkTo } from '../links.ts'
import { whole } from '../paging.ts'
import { found, type Resource, resource } from '../resource.ts'
import type { Document, Json } from '../tables/document.ts'
import { isoTime } from '../time.ts'
import { lifecycleLinks } from '../views/lifecycle.ts'
import { type OktaCall, operations } from './define.ts'

const STREAM_TYPES = ['aws_eventbridge', 'splunk_cloud_logstreaming']

const logStreams = resource({
  table: (tables) => tables.logStreams,
  prefix: PREFIX.app,
  kind: 'AppInstance',
  param: 'logStreamId',
  operations: {
    list: 'listLogStreams',
    create: 'createLogStream',
    get: 'getLogStream',
    replace: 'replaceLogStream',
    remove: 'deleteLogStream',
    activate: 'activateLogStream',
    deactivate: 'deactivateLogStream',
  },
  page: { limit: 20, max: 200 },
  list(call, rows) {
    const type = /type\s+eq\s+"([^"]+)"/.exec((call.query as { filter?: string }).filter ?? '')?.[1]
    return type === undefined ? rows : rows.filter((row) => row.data.type === type)
  },
  required: ['name', 'type'],
  status: (_body, before) => before?.status ?? 'ACTIVE',
  lifecycle: 'object',
  data(body, _call, before) {
    if (!STREAM_TYPES.includes(String(body.type))) fail('E0000003')
    if (before && before.data.type !== body.type) invalid('type', ['type: The type cannot be changed'])
    if (!body.settings) invalid('settings', [blank('settings')])
    return { type: body.type, name: body.name, settings: body.settings }
  },
  view({ id, status, created, lastUpdated, data }, call) {
    const { token: _, ...settings } = data.settings as Json
    const path = `/api/v1/logStreams/${id}`
    const next = status === 'ACTIVE' ? 'deactivate' : 'activate'
    return {
      id,
      type: data.type,
      name: data.name,
      lastUpdated: isoTime(lastUpdated),
      created: isoTime(created),
      status,
      settings,
      _links: { self: linkTo(call, path, 'GET'), [next]: linkTo(call, `${path}/lifecycle/${next}`, 'POST') },
    }
  },
  events: {
    create: 'system.log_stream.lifecycle.create',
    replace: 'system.log_stream.lifecycle.update',
    remove: 'system.log_stream.lifecycle.delete',
    activate: 'system.log_stream.lifecycle.activate',
    deactivate: 'system.log_stream.lifecycle.deactivate',
    target: 'LogStream',
  },
})

/** Switching a stream answers 200 without a body: all recorded traffic agrees. */
const switched = (id: 'activateLogStream' | 'deactivateLogStream') => (call: OktaCall) => {
  ;(logStreams[id] as unknown as (call: OktaCall) => Reply)(call) // the family's handler, of any operation's call
  return { status: 200 }
}

const pushProviders = resource({
  table: (tables) => tables.pushProviders,
  prefix: PREFIX.pushProvider,
  kind: 'PushProviderConfigEntity',
  param: 'pushProviderId',
  operations: {
    list: 'listPushProviders',
    create: 'createPushProvider',
    get: 'getPushProvider',
    replace: 'replacePushProvider',
    remove: 'deletePushProvider',
  },
  list(call, rows) {
    const { type } = call.query as { type?: string }
    return type === undefined ? rows : rows.filter((row) => row.data.providerType === type)
  },
  required: ['name', 'providerType', 'configuration'],
  data: ({ name, providerType, configuration }) => ({ name, providerType, configuration }),
  guard(verb, row, call) {
    if (verb !== 'remove') return
    if (call.tables.authenticators.all().some((one) => JSON.stringify(one.data.provider ?? {}).includes(row.id)))
      fail('E0000187')
  },
  view({ id, lastUpdated, data }, call) {
    const { fileName, teamId, keyId, serviceAccountJson } = data.configuration as Json
    const account = serviceAccountJson as Json | undefined
    const configuration =
      data.providerType === 'FCM' ? { fileName, projectId: account?.project_id } : { fileName, teamId, keyId }
    return {
      id,
      providerType: data.providerType,
      name: data.name,
      lastUpdatedDate: isoTime(lastUpdated),
      configuration,
      _links: { self: hinted(call, `/api/v1/push-providers/${id}`, 'GET', 'PUT', 'DELETE') },
    }
  },
})

const uiSchemas = resource({
  table: (tables) => tables.uiSchemas,
  prefix: PREFIX.uiSchema,
  kind: 'UISchemaEntity',
  param: 'id',
  operations: { list: 'listUISchemas', create: 'createUISchema', get: 'getUISchema', replace: 'replaceUISchemas' },
  data: (body) => ({ uiSchema: body.uiSchema ?? {} }),
  view: ({ id, created, lastUpdated, data }, call) => ({
    id,
    created: isoTime(created),
    lastUpdated: isoTime(lastUpdated),
    uiSchema: data.uiSchema,
    _links: { self: hinted(call, `/api/v1/meta/uischemas/${id}`, 'GET', 'PUT', 'DELETE') },
  }),
})

const securityEventsProviders = resource({
  table: (tables) => tables.securityEventsProviders,
  prefix: 'sse',
  kind: 'SecurityEventsProvider',
  param: 'securityEventProviderId',
  operations: {
    list: 'listSecurityEventsProviderInstances',
    create: 'createSecurityEventsProviderInstance',
    get: 'getSecurityEventsProviderInstance',
    replace: 'replaceSecurityEventsProviderInstance',
    remove: 'deleteSecurityEventsProviderInstance',
    activate: 'activateSecurityEventsProviderInstance',
    deactivate: 'deactivateSecurityEventsProviderInstance',
  },
  required: ['name', 'type', 'settings'],
  unique: 'name',
  status: (_body, before) => before?.status ?? 'ACTIVE',
  lifecycle: 'object',
  data: ({ name, type, settings }) => ({ name, type, settings }),
  view: ({ id, status, data: { name, type, settings } }, call) => ({
    id,
    name,
    type,
    status,
    settings,
    _links: lifecycleLinks(call, `/api/v1/security-events-providers/${id}`, status),
  }),
})

const telephonyFamily: Resource = {
  table: (tables) => tables.telephonyProviders,
  prefix: 'oct',
  kind: 'CustomTelephonyProvider',
  param: 'customTelephonyProviderId',
  operations: {
    list: 'listAllCustomTelephonyProviderCredentials',
    create: 'createCustomTelephonyProviderCredentials',
    get: 'getCustomTelephonyProviderCredential',
    update: 'updateCustomTelephonyProviderCredential',
    remove: 'deleteCustomTelephonyProviderCredential',
    activate: 'activateCustomTelephonyCredential',
    deactivate: 'deactivateCustomTelephonyCredential',
  },
  required: ['providerName', 'providerSid', 'providerAuthToken'],
  createdStatus: 201,
  status: (_body, before) => before?.status ?? 'ACTIVE',
  lifecycle: 'object',
  data: (
    { providerName, providerSid, providerAuthToken, providerSettings, providerCapability = 'ALL' },
    call,
    before,
  ) => ({
    providerCapability,
    providerName,
    providerSid,
    providerSettings,
    providerAuthToken,
    isPrimaryProvider: before?.data.isPrimaryProvider ?? call.tables.telephonyProviders.size === 0,
  }),
  guard(verb, row) {
    if (verb === 'remove' && row.data.isPrimaryProvider && row.status === 'ACTIVE')
      invalid('customTelephonyProvider', ['The primary provider cannot be deleted while it is active.'])
  },
  view({ id, status, data: { providerAuthToken: _, isPrimaryProvider, ...rest } }) {
    return { id, isPrimaryProvider, enabled: status === 'ACTIVE', ...rest }
  },
}

const apiServiceFamily: Resource = {
  table: (tables) => tables.apiServices,
  prefix: PREFIX.app,
  kind: 'APIServiceIntegration',
  param: 'apiServiceId',
  operations: {
    list: 'listApiServiceIntegrationInstances',
    get: 'getApiServiceIntegrationInstance',
    remove: 'deleteApiServiceIntegrationInstance',
  },
  page: { limit: 20, max: 200 },
  view: (row, call) => apiServiceView(call, row),
  after(verb, row, call) {
    if (verb !== 'remove') return
    for (const secret of call.tables.apiServiceSecrets.where('parent', row.id))
      call.tables.apiServiceSecrets.remove(secret.id)
  },
}

const apiServicePath = (row: Document) => `/integrations/api/v1/api-services/${row.id}`

const apiServiceView = (call: OktaCall, row: Document, secret?: string) => {
  const { type, name, createdBy, configGuideUrl, grantedScopes, properties } = row.data
  return {
    id: row.id,
    type,
    name,
    createdAt: isoTime(row.created),
    createdBy,
    ...(secret !== undefined && { clientSecret: secret }),
    configGuideUrl,
    grantedScopes,
    properties,
    _links: {
      self: hinted(call, apiServicePath(row), 'GET', 'DELETE'),
      client: hinted(call, `/oauth2/v1/clients/${row.id}`, 'GET'),
      logo: { name: 'small', href: call.link('/assets/img/logos/default.png') },
    },
  }
}

/** The longest a service may have: two secrets, so that one can replace the other. */
const MAX_SECRETS = 2

const secretView = (call: OktaCall, row: Document, shown = false) => {
  const secret = String(row.data.secret)
  const path = `/integrations/api/v1/api-services/${row.parent}/credentials/secrets/${row.id}`
  const next = row.status === 'ACTIVE' ? 'deactivate' : 'activate'
  return {
    id: row.id,
    status: row.status,
    client_secret: shown ? secret : `***${secret.slice(-4)}`,
    secret_hash: row.data.hash,
    created: isoTime(row.created),
    lastUpdated: isoTime(row.lastUpdated),
    _links: {
      [next]: hinted(call, `${path}/lifecycle/${next}`, 'POST'),
      ...(row.status === 'INACTIVE' && { delete: hinted(call, path, 'DELETE') }),
    },
  }
}

function addSecret(call: OktaCall, serviceId: string): Document {
  const secret = clientSecret(call)
  return call.tables.apiServiceSecrets.insert({
    id: newId(call, PREFIX.clientSecret),
    parent: serviceId,
    status: 'ACTIVE',
    created: call.now,
    lastUpdated: call.now,
    data: { secret, hash: Buffer.from(secret).toString('base64url').slice(0, 22) },
  })
}

function secretOf(call: OktaCall): Document {
  const { id } = found(apiServiceFamily, call)
  const { secretId } = call.params as { secretId: string }
  const row = call.tables.apiServiceSecrets.get(secretId)
  return row?.parent === id ? row : notFound(secretId, 'OAuth2ClientSecret')
}

const moveSecret = (status: string) => (call: OktaCall) =>
  ok(secretView(call, call.tables.apiServiceSecrets.patch(secretOf(call).id, { status, lastUpdated: call.now })))

const titled = (type: string): string => {
  const base = type.replace(/_?apiservice$/, '')
  return base.charAt(0).toUpperCase() + base.slice(1)
}

/** Everything that connects an org with others: streams, push, telephony, security events, API services. */
export const integrations = {
  ...logStreams,
  ...pushProviders,
  ...uiSchemas,
  ...securityEventsProviders,
  ...resource(telephonyFamily),
  ...resource(apiServiceFamily),
  ...operations({
    activateLogStream: switched('activateLogStream'),
    deactivateLogStream: switched('deactivateLogStream'),

    /** Deleting what is not there succeeds: seen in traffic. */
    deleteUISchemas(call) {
      call.tables.uiSchemas.remove(call.params.id)
      return noContent()
    },

    setAsPrimaryCustomTelephonyCredential(call) {
      const chosen = found(telephonyFamily, call)
      for (const row of call.tables.telephonyProviders.all()) {
        call.tables.telephonyProviders.patch(row.id, { data: { ...row.data, isPrimaryProvider: row.id === chosen.id } })
      }
      const row = call.tables.telephonyProviders.get(chosen.id) as Document
      return ok(telephonyFamily.view(row, call))
    },
    sendTestCustomTelephonyProviderCredential(call) {
      found(telephonyFamily, call)
      return noContent()
    },

    createApiServiceIntegrationInstance(call) {
      const {
        type,
        grantedScopes,
        properties = {},
      } = call.body as { type?: string; grantedScopes?: string[]; properties?: Json }
      if (!type) invalid('type', [blank('type')])
      if (!grantedScopes?.length) invalid('grantedScopes', [blank('grantedScopes')])
      const row = call.tables.apiServices.insert({
        id: newId(call, PREFIX.app),
        created: call.now,
        lastUpdated: call.now,
        data: {
          type,
          name: titled(String(type)),
          createdBy: call.caller.userId ?? null,
          configGuideUrl: `https://help.okta.com/${type}`,
          grantedScopes: [...(grantedScopes ?? [])],
          properties,
        },
      })
      const secret = addSecret(call, row.id)
      record(call, 'application.lifecycle.create', [target('AppInstance', row.id, String(row.data.name))])
      return createdReply(apiServiceView(call, row, String(secret.data.secret)))
    },

    listApiServiceIntegrationInstanceSecrets(call) {
      const { id } = found(apiServiceFamily, call)
      return whole(call.tables.apiServiceSecrets.where('parent', id), (row) => secretView(call, row))
    },
    createApiServiceIntegrationInstanceSecret(call) {
      const { id } = found(apiServiceFamily, call)
      if (call.tables.apiServiceSecrets.where('parent', id).length >= MAX_SECRETS) {
        invalid('client_secret', ['You have reached the maximum number of client secrets per client.'])
      }
      return createdReply(secretView(call, addSecret(call, id), true))
    },
    deleteApiServiceIntegrationInstanceSecret(call) {
      const row = secretOf(call)
      if (row.status === 'ACTIVE') invalid('client_secret', ['Client secret must be inactive to be deleted.'])
      call.tables.apiServiceSecrets.remove(row.id)
      return noContent()
    },
    activateApiServiceIntegrationInstanceSecret: moveSecret('ACTIVE'),
    deactivateApiServiceIntegrationInstanceSecret: moveSecret('INACTIVE'),
  }),
}
