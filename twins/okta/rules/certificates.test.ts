import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { signingKey } from '../../../shared/universe/keys.ts'
import { oktaSubject, readCertificate, selfSigned, signingRequest } from './certificates.ts'

const from = Date.UTC(2026, 0, 2, 3, 4, 5)

describe('self-signed certificates', () => {
  const base64 = selfSigned(signingKey(0), oktaSubject('acme'), from, 10)
  const certificate = new X509Certificate(Buffer.from(base64, 'base64'))

  it('verify with their own key and name the org', () => {
    expect(certificate.verify(signingKey(0).publicKey)).toBe(true)
    expect(certificate.subject).toContain('CN=acme')
    expect(certificate.subject).toBe(certificate.issuer)
  })

  it('last as long as asked', () => {
    expect(certificate.validFromDate.getTime()).toBe(from)
    expect(certificate.validToDate.getUTCFullYear()).toBe(2036)
    const long = new X509Certificate(Buffer.from(selfSigned(signingKey(0), oktaSubject('a'), from, 30), 'base64'))
    expect(long.validToDate.getUTCFullYear()).toBe(2056)
  })

  it('are read back', () => {
    expect(readCertificate(base64)).toMatchObject({ n: signingKey(0).publicJwk.n, e: 'AQAB' })
    expect(readCertificate('bm90IGEgY2VydGlmaWNhdGU=')).toBeUndefined()
  })
})

it('signing requests are PKCS #10', () => {
  const der = Buffer.from(signingRequest(signingKey(1), [['CN', 'SP Issuer']], ['dev.okta.com']), 'base64')
  expect(der[0]).toBe(0x30)
  expect(der.includes(Buffer.from('SP Issuer'))).toBe(true)
  expect(der.includes(Buffer.from('dev.okta.com'))).toBe(true)
})
