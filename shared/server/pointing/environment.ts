import type { Authority } from './authority.ts'

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

/**
 * What `dtu exec` sets. The universe is the proxy's user name, since every client sends it with the first CONNECT; Java
 * sends none and gets a proxy port of the universe's own, when there is one.
 */
export function proxyEnvironment(options: {
  readonly universe: string
  readonly port: number
  readonly authority: Pick<Authority, 'certificateFile' | 'bundleFile'>
  /** Options already in JAVA_TOOL_OPTIONS. */
  readonly javaOptions?: string
}): ProxyEnvironment {
  const { universe, port, authority } = options
  const proxy = `http://${encodeURIComponent(universe)}:x@127.0.0.1:${port}`
  const both = (name: string, value: string) => ({ [name]: value, [name.toLowerCase()]: value })
  const java = ['http', 'https'].flatMap((scheme) => [
    `-D${scheme}.proxyHost=127.0.0.1`,
    `-D${scheme}.proxyPort=${port}`,
  ])
  return {
    set: {
      ...both('HTTPS_PROXY', proxy),
      ...both('HTTP_PROXY', proxy),
      ...both('ALL_PROXY', proxy),
      ...both('NO_PROXY', NO_PROXY),
      NODE_USE_ENV_PROXY: '1',
      ...Object.fromEntries(ADDS.map((name) => [name, authority.certificateFile])),
      ...Object.fromEntries(REPLACES.map((name) => [name, authority.bundleFile])),
      JAVA_TOOL_OPTIONS: [options.javaOptions, ...java, '-Dhttp.nonProxyHosts=localhost|127.*']
        .filter(Boolean)
        .join(' '),
    },
    unset: ['SSL_CERT_DIR', 'GOOGLE_APPLICATION_CREDENTIALS'],
  }
}
