import { describe, expect, it } from 'vitest'
import { ContractRouter } from './router.ts'

const router = new ContractRouter<string>()
for (const [method, path] of [
  ['GET', '/users'],
  ['POST', '/users'],
  ['GET', '/users/{id}'],
  ['GET', '/users/me/{thing}'],
  ['GET', '/users/{id}/groups'],
  ['GET', '/v4/{sheet}/values/{range}'],
  ['POST', '/v4/{sheet}/values/{range}:append'],
  ['POST', '/v4/{sheet}/values:batchGet'],
  ['POST', '/v4/{sheet}:batchUpdate'],
  ['GET', '/.well-known/{file}.json'],
] as const) {
  router.add(method, path, `${method} ${path}`)
}

const match = (method: string, path: string) => {
  const [[found] = []] = router.match(method, path)
  return found ? [found[0], found[1]] : undefined
}

describe('ContractRouter', () => {
  it.each([
    ['GET', '/users', 'GET /users', {}],
    ['GET', '/users/u1', 'GET /users/{id}', { id: 'u1' }],
    ['GET', '/users/me', 'GET /users/{id}', { id: 'me' }],
    ['GET', '/users/me/links', 'GET /users/me/{thing}', { thing: 'links' }],
    ['GET', '/users/u1/groups', 'GET /users/{id}/groups', { id: 'u1' }],
    ['GET', '/v4/S/values/Sheet1!A1:B2', 'GET /v4/{sheet}/values/{range}', { sheet: 'S', range: 'Sheet1!A1:B2' }],
    [
      'POST',
      '/v4/S/values/Sheet1!A1:B2:append',
      'POST /v4/{sheet}/values/{range}:append',
      { sheet: 'S', range: 'Sheet1!A1:B2' },
    ],
    ['POST', '/v4/S/values:batchGet', 'POST /v4/{sheet}/values:batchGet', { sheet: 'S' }],
    ['POST', '/v4/S:batchUpdate', 'POST /v4/{sheet}:batchUpdate', { sheet: 'S' }],
    ['GET', '/.well-known/keys.json', 'GET /.well-known/{file}.json', { file: 'keys' }],
  ])('%s %s', (method, path, template, params) => {
    expect(match(method, path)).toEqual([template, params])
  })

  it('goes back from a literal that leads nowhere', () => {
    expect(match('GET', '/users/me/groups')?.[0]).toBe('GET /users/me/{thing}')
    expect(match('GET', '/users/me/groups/x')).toBeUndefined()
  })

  it.each([
    ['GET', '/'],
    ['GET', '/users/'],
    ['GET', '/v4/S/values/'],
    ['POST', '/v4/S/values/:append'],
    ['GET', '/.well-known/.json'],
    ['DELETE', '/users'],
  ])('does not know %s %s', (method, path) => {
    expect(match(method, path)).toBeUndefined()
  })

  it('tells which verbs a path has', () => {
    expect(router.allowed('/users').sort()).toEqual(['GET', 'POST'])
    expect(router.allowed('/users/u1')).toEqual(['GET'])
    expect(router.allowed('/nobody')).toEqual([])
  })

  it('refuses two operations for one place', () => {
    expect(() => router.add('GET', '/users/{other}', 'again')).toThrow(/two operations/)
  })
})
