import { createHash, sign, X509Certificate } from 'node:crypto'
import type { SigningKey } from '../../../shared/universe/keys.ts'

/** Names of a certificate's subject, in order: `[['CN', 'acme']]`. */
export type DistinguishedName = readonly (readonly [type: string, value: string])[]

/** Who Okta's own signing certificates are for: the org by its subdomain. */
export const oktaSubject = (subdomain: string): DistinguishedName => [
  ['C', 'US'],
  ['ST', 'California'],
  ['L', 'San Francisco'],
  ['O', 'Okta'],
  ['OU', 'SSOProvider'],
  ['CN', subdomain],
  ['E', 'info@okta.com'],
]

/**
 * A self-signed certificate (X.509 v3, SHA-256 with RSA) as base64 DER: what Okta gives for each signing key.
 *
 * @param years how long it is valid, from `from`
 * @example selfSigned(signingKey(0), oktaSubject('acme'), call.now, 10) // 'MIIDpDCCAoyg…'
 */
export function selfSigned(
  key: SigningKey,
  subject: DistinguishedName,
  from: number,
  years: number,
  serial = 1,
): string {
  const until = new Date(from)
  until.setUTCFullYear(until.getUTCFullYear() + years)
  const body = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(serialNumber(from, serial)),
    SHA256_WITH_RSA,
    nameOf(subject),
    sequence(utcTime(new Date(from)), utcTime(until)),
    nameOf(subject),
    publicKeyOf(key),
  )
  return signedBy(key, body).toString('base64')
}

/** A request for a certificate (PKCS #10) as base64 DER. */
export function signingRequest(key: SigningKey, subject: DistinguishedName, dnsNames: readonly string[] = []): string {
  const names = sequence(...dnsNames.map((name) => tagged(0x82, Buffer.from(name, 'ascii'))))
  const extension = sequence(oid('2.5.29.17'), tagged(0x04, names))
  const attributes =
    dnsNames.length > 0 ? sequence(oid('1.2.840.113549.1.9.14'), set(sequence(extension))) : Buffer.alloc(0)
  const body = sequence(integer(Buffer.from([0])), nameOf(subject), publicKeyOf(key), tagged(0xa0, attributes))
  return signedBy(key, body).toString('base64')
}

/** What a certificate says of itself, or `undefined` when it is none. Line breaks and PEM armour are forgiven. */
export function readCertificate(
  text: string,
): { expires: number; n: string; e: string; thumbprint: string } | undefined {
  try {
    const der = Buffer.from(text.replace(/-----[^-]+-----|\s/g, ''), 'base64')
    const certificate = new X509Certificate(der)
    const { n, e } = certificate.publicKey.export({ format: 'jwk' })
    if (!n || !e) return undefined
    return {
      expires: certificate.validToDate.getTime(),
      n,
      e,
      thumbprint: createHash('sha256').update(der).digest('base64url'),
    }
  } catch {
    return undefined
  }
}

/** `x5t#S256`: SHA-256 of the DER. */
export const certificateThumbprint = (base64: string): string =>
  createHash('sha256').update(Buffer.from(base64, 'base64')).digest('base64url')

function signedBy(key: SigningKey, body: Buffer): Buffer {
  const signature = sign('RSA-SHA256', body, key.privateKey)
  return sequence(body, SHA256_WITH_RSA, tagged(0x03, Buffer.concat([Buffer.from([0]), signature])))
}

const publicKeyOf = (key: SigningKey): Buffer => key.publicKey.export({ type: 'spki', format: 'der' })

const NAME_TYPES: Readonly<Record<string, string>> = {
  CN: '2.5.4.3',
  C: '2.5.4.6',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  E: '1.2.840.113549.1.9.1',
}

function nameOf(name: DistinguishedName): Buffer {
  return sequence(
    ...name.map(([type, value]) => {
      const kind = type === 'C' ? 0x13 : type === 'E' ? 0x16 : 0x0c
      return set(sequence(oid(NAME_TYPES[type] as string), tagged(kind, Buffer.from(value, 'utf8'))))
    }),
  )
}

/** Six bytes of time and two of count: unique enough, and as long as Okta's. */
function serialNumber(from: number, serial: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeUIntBE(from % 2 ** 47, 0, 6)
  bytes.writeUInt16BE(serial % 2 ** 16, 6)
  return bytes
}

function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content])
  const size = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

const sequence = (...parts: Buffer[]): Buffer => tagged(0x30, Buffer.concat(parts))
const set = (...parts: Buffer[]): Buffer => tagged(0x31, Buffer.concat(parts))

function integer(bytes: Buffer): Buffer {
  const first = bytes[0] ?? 0
  return tagged(0x02, first >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes)
}

function utcTime(date: Date): Buffer {
  const text = date.toISOString().replace(/[-:T]/g, '').slice(0, 14)
  // After 2049 the year takes four digits.
  return date.getUTCFullYear() < 2050
    ? tagged(0x17, Buffer.from(`${text.slice(2)}Z`))
    : tagged(0x18, Buffer.from(`${text}Z`))
}

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second]
  for (const arc of rest) {
    const groups = [arc & 0x7f]
    for (let high = arc >>> 7; high > 0; high >>>= 7) groups.unshift((high & 0x7f) | 0x80)
    bytes.push(...groups)
  }
  return tagged(0x06, Buffer.from(bytes))
}

const SHA256_WITH_RSA = sequence(oid('1.2.840.113549.1.1.11'), tagged(0x05, Buffer.alloc(0)))
