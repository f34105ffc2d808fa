import { content, ok, type Reply } from '../../shared/kernel/reply.ts'
import { type AuthHandler, formOf } from './auth.ts'
import { serviceAccountOf } from './defaults.ts'
import { BROAD_SCOPES } from './scopes.ts'
import { idTokenOf, issueAccessToken } from './tokens.ts'

/**
 * The metadata server of a Compute Engine machine: with `GCE_METADATA_HOST` set to a twin, Google's clients find
 * credentials without a key. Answers only requests that carry `Metadata-Flavor: Google`, as the real one does.
 */

type MetadataCall = Parameters<AuthHandler>[0]

const FLAVOR = { 'metadata-flavor': 'Google' }
const text = (body: string): Reply => content(body, 'application/text', FLAVOR)
const json = (body: unknown): Reply => ok(body, { ...FLAVOR, 'content-type': 'application/json' })

const VALUES: readonly [path: RegExp, answer: (call: MetadataCall) => Reply][] = [
  [/^$/, () => text('computeMetadata/\n')],
  [/^\/computeMetadata\/v1$/, () => text('instance/\nproject/\nuniverse/\n')],
  [/^\/computeMetadata\/v1\/instance$/, () => text('id\nname\nservice-accounts/\nzone\n')],
  [/\/universe\/universe[-_]domain$/, () => text('googleapis.com')],
  [/\/project\/project-id$/, (call) => text(projectOf(call).id)],
  [/\/project\/numeric-project-id$/, (call) => text(projectOf(call).number)],
  [/\/service-accounts$/, (call) => text(`default/\n${serviceAccountOf(call).user.email}/\n`)],
  [/\/service-accounts\/[^/]+$/, account],
  [/\/service-accounts\/[^/]+\/email$/, (call) => text(serviceAccountOf(call).user.email)],
  [/\/service-accounts\/[^/]+\/scopes$/, () => text(BROAD_SCOPES.join('\n'))],
  [/\/service-accounts\/[^/]+\/token$/, token],
  [/\/service-accounts\/[^/]+\/identity$/, identity],
]

const metadata: AuthHandler = (call) => {
  if (call.request.header('metadata-flavor') !== 'Google') {
    return { ...content('Missing required header "Metadata-Flavor": "Google"', 'text/html', FLAVOR), status: 403 }
  }
  const path = call.request.path.replace(/\/+$/, '')
  const found = VALUES.find(([pattern]) => pattern.test(path))
  return found ? found[1](call) : { ...text('Not Found'), status: 404 }
}

function projectOf(call: MetadataCall) {
  const project = call.tables.projects.all()[0]
  if (!project) throw new Error('A universe without a Google project')
  return project
}

function account(call: MetadataCall): Reply {
  const { email } = serviceAccountOf(call).user
  if (formOf(call).recursive === undefined) return text('aliases\nemail\nidentity\nscopes\ntoken\n')
  return json({ aliases: ['default'], email, scopes: BROAD_SCOPES })
}

function token(call: MetadataCall): Reply {
  const scopes = formOf(call).scopes?.split(',') ?? BROAD_SCOPES
  const { user } = serviceAccountOf(call)
  const accessToken = issueAccessToken(call, { user, clientId: user.subject, scopes })
  return json({ access_token: accessToken, expires_in: 3599, token_type: 'Bearer' })
}

function identity(call: MetadataCall): Reply {
  const { audience } = formOf(call)
  if (!audience) return { ...text('non-empty audience parameter required'), status: 400 }
  const { user } = serviceAccountOf(call)
  return content(idTokenOf(call, user, audience, user.subject), 'text/html', FLAVOR)
}

/** The handler of the operation that `openapi/overlays/google.yaml` adds. */
export const metadataOperations = { 'google.metadata.get': metadata }
