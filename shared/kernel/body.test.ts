import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MalformedBody, parseForm, parseJson, parseMultipart } from './body.ts'

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))

describe('parseJson', () => {
  it('refuses what is no JSON, and nesting made to exhaust a stack', () => {
    for (const text of ['', '{', 'nul', '{"a":1}x']) expect(() => parseJson(text)).toThrow(MalformedBody)
    expect(() => parseJson('['.repeat(100_000))).toThrow(/deeply/)
    expect(() => parseJson(`${'{"a":'.repeat(501)}1${'}'.repeat(501)}`)).toThrow(/deeply/)
  })

  it('does not count brackets inside strings', () => {
    expect(parseJson(JSON.stringify({ a: '[{\\"'.repeat(1000) }))).toEqual({ a: '[{\\"'.repeat(1000) })
  })
})

describe('parseForm', () => {
  it('lists repeated fields', () => {
    expect(parseForm('a=1&b=x%20y&a=2&c=')).toEqual({ a: ['1', '2'], b: 'x y', c: '' })
  })
})

describe('parseMultipart', () => {
  it('gives back any bytes, whatever they contain', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { minLength: 1, maxLength: 4 }), (files) => {
        const parts = files.flatMap((file, i) => [
          Buffer.from(`--b0undary\r\nContent-Disposition: form-data; name="f${i}"; filename="${i}.bin"\r\n\r\n`),
          Buffer.from(file),
          Buffer.from('\r\n'),
        ])
        const body = new Uint8Array(Buffer.concat([...parts, Buffer.from('--b0undary--\r\n')]))
        const parsed = parseMultipart(body, 'multipart/form-data; boundary="b0undary"')
        expect(parsed.map(({ name, filename, bytes }) => [name, filename, [...bytes]])).toEqual(
          files.map((file, i) => [`f${i}`, `${i}.bin`, [...file]]),
        )
      }),
    )
  })

  it('tolerates a preamble, bare line feeds and a closing boundary without a line end', () => {
    const body = bytes('ignored\n--x\nContent-Type: application/json\n\n{"a":1}\n--x\n\nplain\n--x--')
    const parts = parseMultipart(body, 'multipart/related; boundary=x')
    expect(parts.map(({ type, bytes }) => [type, Buffer.from(bytes).toString()])).toEqual([
      ['application/json', '{"a":1}'],
      ['text/plain', 'plain'],
    ])
  })

  it.each([
    ['multipart/form-data', '--x--'],
    ['multipart/form-data; boundary=x', 'nothing'],
    ['multipart/form-data; boundary=x', '--x\r\nA: b\r\n\r\ncut short'],
  ])('refuses %s %j', (type, body) => {
    expect(() => parseMultipart(bytes(body), type)).toThrow(MalformedBody)
  })
})
