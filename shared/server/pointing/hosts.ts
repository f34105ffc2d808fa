import type { TwinName } from '../twins.ts'

/** Real hosts that lead to a twin, by pattern: `*.` stands for one or more labels. */
const HOSTS: readonly (readonly [string, (path: string) => TwinName])[] = [
  ['slack.com', () => 'slack'],
  ['*.slack.com', () => 'slack'],
  ['*.okta.com', () => 'okta'],
  ['*.oktapreview.com', () => 'okta'],
  ['*.okta-emea.com', () => 'okta'],
  ['*.atlassian.net', () => 'jira'],
  ['api.atlassian.com', () => 'jira'],
  ['auth.atlassian.com', () => 'jira'],
  ['*.googleapis.com', googleTwin],
  ['accounts.google.com', () => 'drive'],
  [
    'docs.google.com',
    (path) => (path.startsWith('/document') ? 'docs' : path.startsWith('/spreadsheets') ? 'sheets' : 'drive'),
  ],
  ['drive.google.com', () => 'drive'],
  ['metadata.google.internal', () => 'drive'],
]

const GOOGLE: ReadonlySet<string> = new Set<TwinName>(['docs', 'drive', 'sheets'])

/**
 * Google's APIs share hosts, so the path decides. What is common to them (tokens, discovery, metadata) every one of the
 * three answers, and each of their ports answers for all three: programs mix Sheets and Drive over one root URL.
 */
function googleTwin(path: string): TwinName {
  return googleTwinOfPath(path) ?? 'drive'
}

function googleTwinOfPath(path: string): TwinName | undefined {
  if (path.startsWith('/v4/spreadsheets')) return 'sheets'
  if (path.startsWith('/v1/documents')) return 'docs'
  return /^\/(?:upload\/|resumable\/upload\/|batch\/)?drive\//.test(path) ? 'drive' : undefined
}

/** The twin that answers a path on the port of `twin`: itself, or for Google's paths the one they belong to. */
export function answering(twin: string, path: string): string {
  return GOOGLE.has(twin) ? (googleTwinOfPath(path) ?? twin) : twin
}

/** DNS names a certificate authority of ours may vouch for. */
export const SERVED_DOMAINS = [
  'slack.com',
  'okta.com',
  'oktapreview.com',
  'okta-emea.com',
  'atlassian.net',
  'atlassian.com',
  'googleapis.com',
  'google.com',
  'google.internal',
  'localhost',
]

/** The twin behind a real host, or `undefined` for a host that is none of the services'. */
export function twinOfHost(host: string, path: string): TwinName | undefined {
  const name = host.toLowerCase()
  const entry = HOSTS.find(([pattern]) =>
    pattern.startsWith('*.') ? name.endsWith(pattern.slice(1)) && name.length > pattern.length - 1 : name === pattern,
  )
  return entry?.[1](path)
}

/** Whether a host is one of the services', whatever the path. */
export const isServedHost = (host: string): boolean => twinOfHost(host, '/') !== undefined

const LOOPBACK = /^(localhost|[^.]+\.localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i

export const isLoopback = (host: string): boolean => LOOPBACK.test(host)
