import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { contract, type Operation } from '../kernel/contract.ts'
import { Proof, readProof } from './proof.ts'

const reply = { content: { 'application/json': { schema: { type: 'object', required: ['id'] } } } }
const pets = contract('pets', {
  openapi: '3.1.0',
  info: { title: '', version: '' },
  paths: {
    '/pet': {
      get: { operationId: 'getPet', responses: { '200': reply } },
      put: { operationId: 'putPet', responses: { '200': reply } },
      delete: { operationId: 'removePet', responses: { '204': {} } },
    },
  },
})
const operation = (id: string) => pets.operations.get(id) as Operation

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'proof-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** What one process after another saw. */
function seen(...processes: [string, number, unknown][][]) {
  for (const replies of processes) {
    const proof = new Proof(new Map([['pets', pets]]))
    for (const [id, status, body] of replies) proof.observe('pets', operation(id), status, body)
    proof.save(join(folder, `${processes.indexOf(replies)}`))
  }
  return processes.map((_, index) => readProof(join(folder, `${index}`)))
}

it('proves an operation by a success that fits', () => {
  expect(
    seen([
      ['getPet', 200, { id: 1 }],
      ['removePet', 204, undefined],
    ]),
  ).toEqual([{ proven: { pets: ['getPet', 'removePet'] }, misfits: {} }])
})

it('takes a refusal for no proof, and none against', () => {
  expect(
    seen([
      ['getPet', 404, { id: 1 }],
      ['putPet', 200, { ok: false, error: 'no_pet' }],
    ]),
  ).toEqual([{ proven: {}, misfits: {} }])
})

it('takes one success that does not fit for the end of it', () => {
  expect(
    seen([
      ['getPet', 200, { id: 1 }],
      ['getPet', 200, {}],
      ['getPet', 200, { id: 2 }],
    ]),
  ).toEqual([{ proven: {}, misfits: { 'pets getPet': expect.stringContaining("required property 'id'") } }])
})

it('judges what goes over the wire', () => {
  expect(seen([['getPet', 200, { id: undefined }]])[0]?.misfits).toHaveProperty('pets getPet')
})

it('finds nothing where nothing was left', () => {
  expect(readProof(join(folder, 'none'))).toEqual({ proven: {}, misfits: {} })
})
