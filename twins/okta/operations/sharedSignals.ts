import { accepted, created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { signingKey } from '../../../shared/universe/keys.ts'
import { blank, fail, invalid } from '../errors.ts'
import { newId } from '../ids.ts'
import { objectBody } from '../resource.ts'
import { activeKey, ORG_SERVER } from '../rules/authorizationServers.ts'
import { readJwt, signJwt } from '../rules/jwt.ts'
import { refuse } from '../rules/oauthErrors.ts'
import type { Document, Json } from '../tables/document.ts'
import { type OktaCall, operations } from './define.ts'

const SUPPORTED = [
  'https://schemas.openid.net/secevent/caep/event-type/session-revoked',
  'https://schemas.openid.net/secevent/caep/event-type/credential-change',
]

const POLL = 'https://schemas.openid.net/secevent/risc/delivery-method/push'

function streamView(call: OktaCall, row: Document) {
  const {
    aud,
    delivery,
    events_requested = [],
    format,
  } = row.data as { aud?: string; delivery?: Json; events_requested?: string[]; format?: string }
  const { authorization_header: _, ...shown } = delivery ?? {}
  return {
    aud,
    delivery: shown,
    events_requested,
    events_delivered: events_requested.filter((event) => SUPPORTED.includes(event)),
    events_supported: SUPPORTED,
    format: format ?? 'iss_sub',
    iss: call.link(''),
    min_verification_interval: 60,
    stream_id: row.id,
    _links: { self: { href: call.link(`/api/v1/ssf/stream?stream_id=${row.id}`), method: 'GET' } },
  }
}

/** An org has one stream; naming another finds nothing. */
function streamOf(call: OktaCall, named?: string): Document {
  const [row] = call.tables.ssfStreams.all()
  return row && (named === undefined || named === row.id)
    ? row
    : fail('E0000007', `Resource not found: ${named ?? ''} (SsfStream)`)
}

function checked(call: OktaCall): Json {
  const body = objectBody(call as { body: unknown })
  const { delivery, events_requested } = body as { delivery?: { endpoint_url?: string }; events_requested?: string[] }
  if (!delivery?.endpoint_url) invalid('delivery', [blank('delivery')])
  if (!events_requested?.length) invalid('events_requested', [blank('events_requested')])
  const { stream_id: _, _links, iss, events_supported, events_delivered, ...rest } = body
  return rest
}

const named = (call: OktaCall): string | undefined =>
  (call.query as { stream_id?: string }).stream_id ?? (call.body as { stream_id?: string } | undefined)?.stream_id

/** Shared Signals: security events sent to a receiver, and taken from transmitters. */
export const sharedSignals = operations({
  getWellknownSsfMetadata: (call) =>
    ok({
      authorization_schemes: [{ spec_urn: 'urn:ietf:rfc:6749' }],
      configuration_endpoint: call.link('/api/v1/ssf/stream'),
      default_subjects: 'ALL',
      delivery_methods_supported: [POLL],
      issuer: call.link(''),
      jwks_uri: call.link('/oauth2/v1/keys'),
      spec_version: '1_0-ID3',
      verification_endpoint: call.link('/api/v1/ssf/stream/verification'),
    }),

  getSsfStreams(call) {
    const id = named(call)
    if (id !== undefined) return ok(streamView(call, streamOf(call, id)))
    return ok(call.tables.ssfStreams.all().map((row) => streamView(call, row)))
  },

  createSsfStream(call) {
    const data = checked(call)
    if (call.tables.ssfStreams.size > 0) fail('E0000195', 'ssfStream', ['A stream already exists.'])
    const row = call.tables.ssfStreams.insert({
      id: newId(call, 'esc'),
      status: 'enabled',
      created: call.now,
      lastUpdated: call.now,
      data: { aud: call.link(''), ...data },
    })
    return created(streamView(call, row))
  },

  replaceSsfStream(call) {
    const row = streamOf(call, named(call))
    return ok(
      streamView(
        call,
        call.tables.ssfStreams.patch(row.id, { data: { aud: call.link(''), ...checked(call) }, lastUpdated: call.now }),
      ),
    )
  },

  updateSsfStream(call) {
    const row = streamOf(call, named(call))
    const { stream_id: _, ...changes } = objectBody(call as { body: unknown })
    return ok(
      streamView(
        call,
        call.tables.ssfStreams.patch(row.id, { data: { ...row.data, ...changes }, lastUpdated: call.now }),
      ),
    )
  },

  deleteSsfStream(call) {
    call.tables.ssfStreams.remove(streamOf(call, named(call)).id)
    return noContent()
  },

  getSsfStreamStatus(call) {
    const row = streamOf(call, named(call))
    return ok({ stream_id: row.id, status: row.status })
  },

  /** Sends a verification event with the state that was given. */
  verifySsfStream(call) {
    const { stream_id: id, state } = objectBody(call as { body: unknown }) as { stream_id?: string; state?: string }
    const row = streamOf(call, id)
    const { endpoint_url: url, authorization_header: authorization } = row.data.delivery as {
      endpoint_url: string
      authorization_header?: string
    }
    const key = activeKey(call.tables, ORG_SERVER)
    const event = { 'https://schemas.openid.net/secevent/ssf/event-type/verification': { state: state ?? null } }
    call.deliver({
      kind: 'shared_signal',
      url,
      headers: { 'content-type': 'application/secevent+jwt', ...(authorization && { authorization }) },
      body: signJwt(
        {
          iss: call.link(''),
          aud: row.data.aud,
          iat: Math.floor(call.now / 1000),
          jti: call.random.uuid(),
          sub_id: { format: 'opaque', id: row.id },
          events: event,
        },
        { kid: key.kid, privateKey: signingKey(key.pool).privateKey },
        'secevent+jwt',
      ),
    })
    return noContent()
  },

  /** A transmitter's token: its issuer must be a provider the org knows. */
  publishSecurityEventTokens(call) {
    const jwt = readJwt(call.request.text.trim())
    if (!jwt) return refuse('invalid_request', 'The request body cannot be parsed as a security event token.')
    const known = call.tables.securityEventsProviders
      .all()
      .some(({ status, data }) => status === 'ACTIVE' && (data.settings as Json).issuer === jwt.claims.iss)
    return known
      ? accepted()
      : {
          status: 400,
          body: { err: 'invalid_issuer', description: 'The issuer is not a known security events provider.' },
        }
  },
})
