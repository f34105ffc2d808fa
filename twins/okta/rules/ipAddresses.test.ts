import { expect, it } from 'vitest'
import { readAddress } from './ipAddresses.ts'

it.each([
  ['10.0.0.1', { type: 'RANGE', value: '10.0.0.1-10.0.0.1' }],
  ['10.0.0.1-10.0.0.9', { type: 'RANGE', value: '10.0.0.1-10.0.0.9' }],
  ['10.0.0.0/8', { type: 'CIDR', value: '10.0.0.0/8' }],
  ['1.2.3.4/24', { type: 'CIDR', value: '1.2.3.4/24' }],
  ['2001:db8::1', { type: 'RANGE', value: '2001:db8::1-2001:db8::1' }],
  ['2001:db8::/64', { type: 'CIDR', value: '2001:db8::/64' }],
  ['', undefined],
  ['office', undefined],
  ['10.0.0', undefined],
  ['10.0.0.300', undefined],
  ['10.0.0.1-', undefined],
  ['10.0.0.1-2001:db8::1', undefined],
  ['10.0.0.1-10.0.0.2-10.0.0.3', undefined],
  ['10.0.0.0/33', undefined],
  ['10.0.0.0/', undefined],
  ['10.0.0.0/8/8', undefined],
])('%s', (text, address) => {
  expect(readAddress(text)).toEqual(address)
})
