import { createHash } from 'node:crypto'

const MAGIC = 0xfeedfeed
const VERSION = 2
const TRUSTED_CERTIFICATE = 2
/** Java's own salt for a store's checksum. */
const SALT = 'Mighty Aphrodite'

/** The password Java's own store has; it protects nothing, the certificates are public. */
export const TRUST_STORE_PASSWORD = 'changeit'

/**
 * A Java key store (JKS) of trusted certificates. Java reads no PEM, and a `.p12` needs an attribute of Java's own on each
 * certificate; this older format is a list of certificates and a checksum.
 */
export function trustStore(certificates: readonly Buffer[], password = TRUST_STORE_PASSWORD): Buffer {
  const parts: Buffer[] = [integers(MAGIC, VERSION, certificates.length)]
  certificates.forEach((certificate, index) => {
    parts.push(
      integers(TRUSTED_CERTIFICATE),
      text(`authority-${index}`),
      Buffer.alloc(8), // when it was added; nobody reads it
      text('X.509'),
      integers(certificate.length),
      certificate,
    )
  })
  const body = Buffer.concat(parts)
  const checksum = createHash('sha1')
    .update(Buffer.from(password, 'utf16le').swap16())
    .update(SALT)
    .update(body)
    .digest()
  return Buffer.concat([body, checksum])
}

/** The certificates of a PEM text, as DER. */
export function certificatesOf(pem: string): Buffer[] {
  const blocks = pem.matchAll(/-----BEGIN CERTIFICATE-----([\s\S]+?)-----END CERTIFICATE-----/g)
  return Array.from(blocks, ([, base64 = '']) => Buffer.from(base64, 'base64'))
}

function integers(...values: number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4)
  values.forEach((value, index) => {
    buffer.writeUInt32BE(value, index * 4)
  })
  return buffer
}

/** A string as Java's DataOutput writes it: two bytes of length, then the text. */
function text(value: string): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(value.length)
  return Buffer.concat([length, Buffer.from(value, 'latin1')])
}
