import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls'
import { SERVED_DOMAINS } from './hosts.ts'
import { certificatesOf, trustStore } from './trust-store.ts'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const DAY = 86_400_000
const YEARS_OF_AUTHORITY = 1

/** Where the authority lives unless a data folder is named: one per person and machine. */
export const defaultAuthorityFolder = () => process.env.DTU_CA_DIR ?? join(homedir(), '.dtu')

/**
 * A certificate authority of this installation, made on first use. It is constrained by name to the hosts we serve and
 * loopback, so that a leaked key vouches for nobody else, and its key is readable by its owner only.
 */
export class Authority {
  readonly folder: string
  /** PEM file of the authority alone. */
  readonly certificateFile: string
  /** PEM file of the system's usual roots and ours, for variables that replace a program's store. */
  readonly bundleFile: string
  /** The same as a Java key store. */
  readonly trustStoreFile: string
  readonly #contexts = new Map<string, Promise<SecureContext>>()
  #loaded: Promise<Loaded> | undefined

  constructor(folder: string = defaultAuthorityFolder()) {
    this.folder = folder
    this.certificateFile = join(folder, 'ca.pem')
    this.bundleFile = join(folder, 'bundle.pem')
    this.trustStoreFile = join(folder, 'trust.jks')
  }

  /** Makes sure the authority's files are there. */
  async ready(): Promise<this> {
    await this.#load()
    return this
  }

  /** Makes the files that variables name, when there are none yet. Later starts pay for one look. */
  async exists(): Promise<void> {
    if (!existsSync(this.certificateFile)) await this.ready()
  }

  /** What TLS needs to answer as `host`. Made on the first connection and kept. */
  contextFor(host: string): Promise<SecureContext> {
    let context = this.#contexts.get(host)
    if (!context) {
      context = this.#issue(host)
      this.#contexts.set(host, context)
    }
    return context
  }

  async #load(): Promise<Loaded> {
    this.#loaded ??= this.#open()
    return this.#loaded
  }

  async #open(): Promise<Loaded> {
    const x509 = await library()
    const keyFile = join(this.folder, 'ca-key.pem')
    if (existsSync(keyFile) && existsSync(this.certificateFile)) {
      const pem = readFileSync(this.certificateFile, 'utf8')
      const certificate = new x509.X509Certificate(pem)
      if (certificate.notAfter.getTime() > Date.now() + 30 * DAY) {
        const der = x509.PemConverter.decodeFirst(readFileSync(keyFile, 'utf8'))
        const key = await crypto.subtle.importKey('pkcs8', der, ALGORITHM, true, ['sign'])
        if (!existsSync(this.bundleFile) || !existsSync(this.trustStoreFile)) this.#publish(pem)
        return { pem, certificate, key }
      }
    }
    const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      name: 'CN=Digital Twin Universe (this installation), O=Digital Twin Universe',
      serialNumber: serial(),
      notBefore: new Date(Date.now() - DAY),
      notAfter: new Date(Date.now() + YEARS_OF_AUTHORITY * 365 * DAY),
      signingAlgorithm: ALGORITHM,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
        await nameConstraints(),
      ],
    })
    const pem = `${certificate.toString('pem')}\n`
    mkdirSync(this.folder, { recursive: true, mode: 0o700 })
    const der = await crypto.subtle.exportKey('pkcs8', keys.privateKey)
    write(keyFile, x509.PemConverter.encode(der, 'PRIVATE KEY'), 0o600)
    write(this.certificateFile, pem, 0o644)
    this.#publish(pem)
    return { pem, certificate, key: keys.privateKey }
  }

  /** Writes what programs are given to trust: the usual roots and this authority. */
  #publish(pem: string): void {
    const bundle = `${rootCertificates.join('\n')}\n${pem}`
    write(this.bundleFile, bundle, 0o644)
    write(this.trustStoreFile, trustStore(certificatesOf(bundle)), 0o644)
  }

  async #issue(host: string): Promise<SecureContext> {
    const x509 = await library()
    const { pem, certificate: authority, key } = await this.#load()
    const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
    const address = /^[\d.]+$/.test(host) || host.includes(':')
    const leaf = await x509.X509CertificateGenerator.create({
      subject: `CN=${host}`,
      issuer: authority.subject,
      serialNumber: serial(),
      notBefore: new Date(Date.now() - DAY),
      notAfter: new Date(Math.min(Date.now() + 90 * DAY, authority.notAfter.getTime())),
      signingAlgorithm: ALGORITHM,
      publicKey: keys.publicKey,
      signingKey: key,
      extensions: [
        new x509.SubjectAlternativeNameExtension(
          address
            ? [{ type: 'ip', value: host }]
            : [
                { type: 'dns', value: host },
                ...(host === 'localhost' ? [{ type: 'ip' as const, value: '127.0.0.1' }] : []),
              ],
        ),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        await x509.AuthorityKeyIdentifierExtension.create(authority),
      ],
    })
    const privateKey = x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY')
    return createSecureContext({ key: privateKey, cert: `${leaf.toString('pem')}\n${pem}` })
  }
}

interface Loaded {
  readonly pem: string
  readonly certificate: import('@peculiar/x509').X509Certificate
  readonly key: CryptoKey
}

/** Loaded on the first TLS connection: a server that nobody speaks TLS to never pays for it. */
async function library() {
  await import('reflect-metadata')
  const x509 = await import('@peculiar/x509')
  x509.cryptoProvider.set(crypto)
  return x509
}

/** The critical name-constraints extension (RFC 5280, 4.2.1.10), which the certificate library has no class for. */
async function nameConstraints() {
  const x509 = await library()
  const { GeneralName, GeneralSubtree, GeneralSubtrees, NameConstraints } = await import('@peculiar/asn1-x509')
  const { AsnConvert } = await import('@peculiar/asn1-schema')
  const permittedSubtrees = new GeneralSubtrees([
    ...SERVED_DOMAINS.map((domain) => new GeneralSubtree({ base: new GeneralName({ dNSName: domain }) })),
    ...['127.0.0.0/8', '::1/128'].map((range) => new GeneralSubtree({ base: new GeneralName({ iPAddress: range }) })),
  ])
  const der = AsnConvert.serialize(new NameConstraints({ permittedSubtrees }))
  return new x509.Extension('2.5.29.30', true, der)
}

function serial(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[0] = ((bytes[0] as number) & 0x7f) | 0x40
  return Buffer.from(bytes).toString('hex')
}

/** Written beside and moved into place: two processes that start together both end with a whole file. */
function write(file: string, text: string | Buffer, mode: number): void {
  const beside = `${file}.${process.pid}`
  writeFileSync(beside, text, { mode })
  chmodSync(beside, mode)
  renameSync(beside, file)
}
