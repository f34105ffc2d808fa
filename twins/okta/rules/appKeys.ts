import { createHash } from 'node:crypto'
import { signingKey } from '../../../shared/universe/keys.ts'
import type { Recorder } from '../events.ts'
import { keyId } from '../ids.ts'
import type { App, AppKey, SignOnMode } from '../tables/applications.ts'
import { certificateThumbprint, oktaSubject, selfSigned } from './certificates.ts'

const YEAR = 365.25 * 24 * 3600 * 1000

/** The pool's key that signs for every OpenID Connect app of an org: they share one, seen in traffic. */
const ORG_KEY = 0

/** The `kid` of the org's own signing key. */
export const orgKeyId = (): string => createHash('sha256').update(signingKey(ORG_KEY).publicJwk.n).digest('base64url')

/** A key that was made before, and the certificate somebody else signed for it. */
interface Certified {
  readonly pool: number
  readonly certificate: string
}

/** Makes a signing key with its certificate for an app; gives the `kid`. */
export function addAppKey(call: Recorder, appId: string, years = 10, certified?: Certified): string {
  const number = certified?.pool ?? call.sequence('okta.appKey')
  const subdomain = call.tables.org.all()[0]?.subdomain ?? 'okta'
  const row: AppKey = {
    kid: keyId(call),
    appId,
    created: call.now,
    lastUpdated: call.now,
    expiresAt: call.now + years * YEAR,
    certificate:
      certified?.certificate ?? selfSigned(signingKey(number), oktaSubject(subdomain), call.now, years, number),
    pool: number,
  }
  call.tables.appKeys.insert(row)
  return row.kid
}

/** Apps that sign assertions have a key of their own; the rest begin with the org's. */
export const signsAssertions = (mode: SignOnMode | null): boolean =>
  mode === 'WS_FEDERATION' || (mode?.startsWith('SAML') ?? false)

/** The signing keys of an app, oldest first. */
export function keysOf(call: Recorder, app: App): AppKey[] {
  const own = call.tables.appKeys.where('app', app.id)
  return signsAssertions(app.signOnMode) ? own : [orgKey(call), ...own]
}

function orgKey(call: Recorder): AppKey {
  const [org] = call.tables.org.all()
  const created = org?.created ?? call.now
  return {
    kid: orgKeyId(),
    appId: '',
    created,
    lastUpdated: created,
    expiresAt: created + 10 * YEAR,
    certificate: selfSigned(signingKey(ORG_KEY), oktaSubject(org?.subdomain ?? 'okta'), created, 10),
    pool: ORG_KEY,
  }
}

export const thumbprintOf = certificateThumbprint
