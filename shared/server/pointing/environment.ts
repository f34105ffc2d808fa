import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Authority } from './authority.ts'
import { TRUST_STORE_PASSWORD } from './trust-store.ts'

/** Variables that send a program of any runtime to the twins without a change of its source. */
export interface ProxyEnvironment {
  readonly set: Readonly<Record<string, string>>
  /** Variables of the outer shell that would win over ours. */
  readonly unset: readonly string[]
}

const NO_PROXY = 'localhost,127.0.0.1,::1,.localhost'

/** Variables that add an authority to the ones a program trusts. */
const ADDS = ['NODE_EXTRA_CA_CERTS', 'DENO_CERT']

/** Variables that replace them: they get the usual roots and ours. HTTPLIB2_CA_CERTS is the only one httplib2 reads. */
const REPLACES = [
  'SSL_CERT_FILE',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'GIT_SSL_CAINFO',
  'HTTPLIB2_CA_CERTS',
  'PIP_CERT',
  'CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE',
  'AWS_CA_BUNDLE',
]

/** Options a runtime reads from a variable, which an outer shell may already have set: ours come after. */
const APPENDED = ['JAVA_TOOL_OPTIONS', 'NODE_OPTIONS']

/** Makes Node before 24 honour the proxy; newer ones pass it by. CommonJS, so that every Node can require it. */
const PRELOAD = fileURLToPath(new URL('preload.cjs', import.meta.url))

/**
 * What `dtu exec` sets.
 *
 * @param port a port of the universe's own: Java sends no proxy user, and the metadata server is asked directly.
 */
export function proxyEnvironment(options: {
  readonly universe: string
  readonly port: number
  readonly authority: Pick<Authority, 'certificateFile' | 'bundleFile' | 'trustStoreFile' | 'folder'>
}): ProxyEnvironment {
  const { universe, port, authority } = options
  const proxy = `http://${encodeURIComponent(universe)}:x@127.0.0.1:${port}`
  const both = (name: string, value: string) => ({ [name]: value, [name.toLowerCase()]: value })
  return {
    set: {
      ...both('HTTPS_PROXY', proxy),
      ...both('HTTP_PROXY', proxy),
      ...both('ALL_PROXY', proxy),
      ...both('NO_PROXY', NO_PROXY),
      NODE_USE_ENV_PROXY: '1',
      NODE_OPTIONS: `--require ${quoted(PRELOAD)}`,
      ...Object.fromEntries(ADDS.map((name) => [name, authority.certificateFile])),
      ...Object.fromEntries(REPLACES.map((name) => [name, authority.bundleFile])),
      JAVA_TOOL_OPTIONS: javaOptions(port, authority.trustStoreFile),
      GCE_METADATA_HOST: `localhost:${port}`,
      GCE_METADATA_IP: `localhost:${port}`,
      // A folder without credentials: gcloud's own would win over the metadata server.
      CLOUDSDK_CONFIG: join(authority.folder, 'gcloud'),
    },
    unset: ['SSL_CERT_DIR', 'GOOGLE_APPLICATION_CREDENTIALS', 'NO_GCE_CHECK'],
  }
}

function javaOptions(port: number, trustStore: string): string {
  const proxies = ['http', 'https'].flatMap((scheme) => [
    `-D${scheme}.proxyHost=127.0.0.1`,
    `-D${scheme}.proxyPort=${port}`,
  ])
  return [
    ...proxies,
    '-Dhttp.nonProxyHosts=localhost|127.*|[::1]',
    `-Djavax.net.ssl.trustStore=${quoted(trustStore)}`,
    '-Djavax.net.ssl.trustStoreType=JKS',
    `-Djavax.net.ssl.trustStorePassword=${TRUST_STORE_PASSWORD}`,
  ].join(' ')
}

const quoted = (path: string) => (path.includes(' ') ? `"${path}"` : path)

/** Another environment with these variables in it. */
export function withProxy(outer: NodeJS.ProcessEnv, { set, unset }: ProxyEnvironment): NodeJS.ProcessEnv {
  const env = { ...outer }
  for (const name of unset) delete env[name]
  for (const [name, value] of Object.entries(set)) {
    const before = APPENDED.includes(name) ? outer[name] : undefined
    env[name] = before ? `${before} ${value}` : value
  }
  return env
}
