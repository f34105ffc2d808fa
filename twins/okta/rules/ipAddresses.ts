import { isIP } from 'node:net'

/** A part of a network zone: `{type: 'CIDR', value: '10.0.0.0/8'}` or `{type: 'RANGE', value: '10.0.0.1-10.0.0.9'}`. */
export interface ZoneAddress {
  readonly type: 'CIDR' | 'RANGE'
  readonly value: string
}

/**
 * Reads an address, a range of them or a network, of either version of IP. A single address is a range of one.
 *
 * @returns `undefined` for text that is none of these
 * @example readAddress('10.0.0.1') // { type: 'RANGE', value: '10.0.0.1-10.0.0.1' }
 */
export function readAddress(text: string): ZoneAddress | undefined {
  if (text.includes('/')) return isNetwork(text) ? { type: 'CIDR', value: text } : undefined
  const [first = '', last = first, ...more] = text.split('-')
  const version = isIP(first)
  if (version === 0 || isIP(last) !== version || more.length > 0) return undefined
  return { type: 'RANGE', value: `${first}-${last}` }
}

function isNetwork(text: string): boolean {
  const [address = '', length = '', ...more] = text.split('/')
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
  return /^\d{1,3}$/.test(length) && Number(length) <= bits && more.length === 0
}
