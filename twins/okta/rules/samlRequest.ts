import { deflateRawSync, inflateRawSync } from 'node:zlib'

/** What an app asks for when it sends somebody to be signed on. */
export interface SamlRequest {
  readonly id: string
  readonly issuer?: string
  readonly acsUrl?: string
  readonly acsIndex?: number
  /** As the redirect binding carries it. */
  readonly deflated: string
}

/** Largest request read: a few kilobytes of XML at most, however small it was made for the way. */
const MAX_XML = 65_536

/** Reads an `AuthnRequest` of the redirect or POST binding; `undefined` when it is none. */
export function readSamlRequest(encoded: string, binding: 'redirect' | 'post'): SamlRequest | undefined {
  const xml = decoded(encoded, binding)
  const root = /<(?:[\w-]+:)?AuthnRequest\b([^>]*)>/.exec(xml)?.[1]
  const id = root && attribute(root, 'ID')
  if (!root || !id) return undefined
  const index = attribute(root, 'AssertionConsumerServiceIndex')
  return {
    id,
    issuer: /<(?:[\w-]+:)?Issuer\b[^>]*>\s*([^<]*?)\s*</.exec(xml)?.[1],
    acsUrl: attribute(root, 'AssertionConsumerServiceURL'),
    acsIndex: index === undefined ? undefined : Number(index),
    deflated: deflateRawSync(xml).toString('base64'),
  }
}

function decoded(encoded: string, binding: 'redirect' | 'post'): string {
  const bytes = Buffer.from(encoded, 'base64')
  if (binding === 'post') return bytes.toString('utf8')
  try {
    return inflateRawSync(bytes, { maxOutputLength: MAX_XML }).toString('utf8')
  } catch {
    return '' // not deflated, or far too long
  }
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag)
  return (value?.[1] ?? value?.[2])?.replace(/&(\w+);/g, (whole, entity: string) => ENTITIES[entity] ?? whole)
}
