import { expect, it } from 'vitest'
import { type JsonObject, objectAt } from '../json.ts'
import { operationsOf } from '../operations.ts'
import { normaliseDiscovery } from './discovery.ts'

const NOTES: JsonObject = {
  discoveryVersion: 'v1',
  name: 'notes',
  version: 'v2',
  revision: '20260101',
  title: 'Notes API',
  servicePath: 'notes/v2/',
  auth: { oauth2: { scopes: { 'https://example.test/auth/notes': { description: 'See notes' } } } },
  parameters: { fields: { location: 'query', type: 'string', description: 'Which' } },
  schemas: {
    Note: {
      id: 'Note',
      type: 'object',
      properties: {
        size: { type: 'string', format: 'int64', readOnly: true, description: 'Bytes' },
        state: { type: 'string', enum: ['OPEN', 'DONE'], enumDescriptions: ['Open.', 'Done.'] },
        owner: { $ref: 'Person' },
        any: { type: 'any' },
        labels: { type: 'object', additionalProperties: { type: 'string' } },
        pinned: { type: 'boolean', default: 'false' },
        kind: { type: 'string', annotations: { required: ['notes.create'] } },
      },
    },
    Person: { id: 'Person', type: 'object', properties: { notes: { type: 'array', items: { $ref: 'Note' } } } },
  },
  resources: {
    notes: {
      methods: {
        create: {
          id: 'notes.notes.create',
          path: 'notes',
          httpMethod: 'POST',
          request: { $ref: 'Note' },
          response: { $ref: 'Note' },
          scopes: ['https://example.test/auth/notes', 'https://example.test/auth/notes.write'],
          supportsMediaUpload: true,
          mediaUpload: { accept: ['*/*'], maxSize: '10', protocols: { simple: { path: '/upload/notes/v2/notes' } } },
        },
        delete: { id: 'notes.notes.delete', path: 'notes/{noteId}', httpMethod: 'DELETE', scopes: [] },
      },
      resources: {
        lines: {
          methods: {
            append: {
              id: 'notes.notes.lines.append',
              path: 'notes/{+noteId}:append',
              httpMethod: 'POST',
              parameters: {
                noteId: { location: 'path', type: 'string', required: true },
                count: { location: 'query', type: 'integer', default: '3', minimum: '1', maximum: '9' },
                ranges: { location: 'query', type: 'string', repeated: true },
              },
              response: { $ref: 'Person' },
              scopes: [],
            },
          },
        },
      },
    },
  },
}

const document = normaliseDiscovery(NOTES)
const operations = operationsOf(document)

it('names operations by their discovery ids and keeps custom verbs in the path', () => {
  expect([...operations.values()].map(({ id, method, path }) => [id, method, path])).toEqual([
    ['notes.notes.create', 'post', '/notes/v2/notes'],
    ['notes.notes.delete', 'delete', '/notes/v2/notes/{noteId}'],
    ['notes.notes.lines.append', 'post', '/notes/v2/notes/{noteId}:append'],
  ])
})

it('reads defaults and limits, which discovery writes as text', () => {
  expect(operations.get('notes.notes.lines.append')?.operation.parameters).toEqual([
    { name: 'noteId', in: 'path', required: true, schema: { type: 'string' } },
    { name: 'count', in: 'query', schema: { type: 'integer', default: 3, minimum: 1, maximum: 9 } },
    { name: 'ranges', in: 'query', schema: { type: 'array', items: { type: 'string' } } },
  ])
})

it('lists scopes as alternatives and upload paths as further paths', () => {
  const create = operations.get('notes.notes.create')?.operation
  expect(create?.security).toEqual([
    { Oauth2: ['https://example.test/auth/notes'] },
    { Oauth2: ['https://example.test/auth/notes.write'] },
  ])
  expect(create?.['x-dtu-paths']).toEqual(['/upload/notes/v2/notes'])
  expect(create?.['x-google-mediaUpload']).toEqual({ accept: ['*/*'], maxSize: '10' })
  expect(create?.tags).toEqual(['notes'])
})

it('answers 204 where there is no reply', () => {
  expect(operations.get('notes.notes.delete')?.operation.responses).toEqual({ '204': { description: '' } })
})

it('keeps common parameters once', () => {
  expect(document['x-dtu-parameters']).toEqual([{ name: 'fields', in: 'query', schema: { type: 'string' } }])
})

it('turns schemas into JSON Schema', () => {
  expect(objectAt(objectAt(document, 'components'), 'schemas').Note).toEqual({
    type: 'object',
    properties: {
      size: { type: 'string', format: 'int64', readOnly: true },
      state: { type: 'string', enum: ['OPEN', 'DONE'] },
      owner: { $ref: '#/components/schemas/Person' },
      any: {},
      labels: { type: 'object', additionalProperties: { type: 'string' } },
      pinned: { type: 'boolean', default: false },
      kind: { type: 'string', 'x-google-required': ['notes.create'] },
    },
  })
})
