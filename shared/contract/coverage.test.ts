import { expect, it } from 'vitest'
import { contract } from '../kernel/contract.ts'
import { cover, handlersOf } from './coverage.ts'

const operation = (operationId: string, added = false) => ({
  operationId,
  responses: {},
  ...(added ? { 'x-dtu-added': true } : {}),
})
const published = contract('pets', {
  openapi: '3.1.0',
  info: { title: '', version: '' },
  paths: {
    '/a': { get: operation('getA'), put: operation('putA') },
    '/b': { get: operation('getB'), delete: operation('ours', true) },
  },
})

it('counts published operations that have a handler, and those of them that were proven', () => {
  expect(cover(published, ['getA', 'getB', 'ours', 'unheardOf'], ['getB', 'putA', 'ours'])).toEqual({
    operations: 3,
    built: 2,
    proven: 1,
    missing: ['putA'],
    unproven: ['getA'],
  })
})

it('finds handlers in every file of a twin', () => {
  const get = () => ({ status: 200 }) as never
  expect(handlersOf({ operations: [{ getA: get }, { getB: get }] })).toEqual(['getA', 'getB'])
})
