import { describe, expect, it } from 'vitest'
import { type JsonObject, objectAt } from '../json.ts'
import { operationsOf } from '../operations.ts'
import { completeSlack, normaliseSlackArchive, normaliseSlackCatalogue, normaliseSlackTiers } from './slack.ts'

const CATALOGUE: JsonObject = {
  methods: [{ name: 'tea.brew', description: 'Brews' }],
  'tea.brew': {
    desc: 'Brews tea.',
    args: {
      type: 'object',
      required: ['token', 'channel'],
      properties: {
        token: { type: 'string', subtype: 'auth', desc: 'Token' },
        channel: { type: 'string', subtype: 'channel', desc: 'Where' },
        strong: { type: 'boolean', default: 'false' },
        cups: { type: 'integer', default: 2, maximum: 9 },
        cup: { schema: 'cup_id', desc: 'An id' },
        view: { schema: 'view' },
        blocks: { anyOf: [{ type: 'string' }, { type: 'null' }], desc: 'Blocks' },
      },
    },
    errors: [
      ['no_water', { desc: 'None.' }],
      ['cold', { desc: 'Cold.' }],
    ],
    output: { type: 'object', properties: { ts: { schema: 'ts' } }, required: ['ts'] },
    http_method: 'POST',
    json_input_supported: true,
    rate_limits: 't3',
    scope: { bot: ['tea:write', 'tea:admin'], user: ['tea:write'] },
  },
  'tea.test': { desc: 'Tests.', args: { properties: {} }, scope: {}, output: null, rate_limits: 't5' },
}

const ARCHIVE: JsonObject = {
  swagger: '2.0',
  info: { title: 'Slack Web API', version: '1.7.0' },
  basePath: '/api',
  paths: {
    '/tea.brew': {
      post: {
        operationId: 'tea_brew',
        responses: {
          200: {
            schema: {
              type: 'object',
              additionalProperties: false,
              required: ['ok', 'cup', 'long_gone'],
              properties: {
                ok: { type: 'boolean', enum: [true] },
                cup: { $ref: '#/definitions/objs_cup' },
                required: { type: 'string' },
              },
            },
          },
        },
      },
    },
  },
  definitions: { objs_cup: { items: [{ type: 'object' }, { type: 'string', pattern: '^C' }] } },
}

const catalogue = normaliseSlackCatalogue(CATALOGUE)
const whole = completeSlack([
  { name: 'slack-catalogue', word: '', document: catalogue },
  { name: 'slack-archive', word: '', document: normaliseSlackArchive(ARCHIVE) },
  { name: 'slack-tiers', word: '', document: normaliseSlackTiers({ 'tea.brew': 'Tier3', 'tea.boil': 'Tier2' }) },
])
const operations = operationsOf(whole)

describe('a method of the catalogue', () => {
  const brew = operations.get('tea.brew')

  it('is called by its name, with either verb', () => {
    expect([brew?.method, brew?.path, brew?.operation['x-dtu-verbs']]).toEqual(['post', '/api/tea.brew', ['get']])
  })

  it('has its arguments as query parameters, typed', () => {
    expect(brew?.operation.parameters).toEqual([
      { name: 'token', in: 'query', schema: { type: 'string', 'x-slack-type': 'auth' } },
      { name: 'channel', in: 'query', required: true, schema: { type: 'string', 'x-slack-type': 'channel' } },
      { name: 'strong', in: 'query', schema: { type: 'boolean', default: false } },
      { name: 'cups', in: 'query', schema: { type: 'integer', maximum: 9, default: 2 } },
      { name: 'cup', in: 'query', schema: { type: 'string', 'x-slack-type': 'cup_id' } },
      { name: 'view', in: 'query', schema: { 'x-slack-type': 'view' } },
      { name: 'blocks', in: 'query', schema: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
    ])
  })

  it('says who may call it', () => {
    expect(brew?.operation.security).toEqual([{ bot: ['tea:write'] }, { bot: ['tea:admin'] }, { user: ['tea:write'] }])
    expect(brew?.operation['x-slack-scopes']).toEqual({ bot: ['tea:write', 'tea:admin'], user: ['tea:write'] })
    expect(operations.get('tea.test')?.operation.security).toEqual([{}])
  })

  it('keeps tier, JSON support and error codes', () => {
    const { 'x-slack-tier': tier, 'x-slack-json': json, 'x-slack-errors': errors } = brew?.operation ?? {}
    expect({ tier, json, errors }).toEqual({ tier: 3, json: true, errors: ['no_water', 'cold'] })
    expect(operations.get('tea.test')?.operation).toMatchObject({ 'x-slack-tier': 5, 'x-slack-json': false })
  })

  it('takes the shape of its reply from the archive and what must be there from the catalogue', () => {
    const ok = objectAt(objectAt(brew?.operation, 'responses'), '200')
    expect(objectAt(objectAt(ok, 'content'), 'application/json').schema).toEqual({
      anyOf: [
        {
          allOf: [
            {
              type: 'object',
              properties: {
                ok: { type: 'boolean' },
                cup: { $ref: '#/components/schemas/objs_cup' },
                required: { type: 'string' },
              },
            },
            { type: 'object', required: ['ok', 'ts'] },
          ],
        },
        { $ref: '#/components/schemas/SlackError' },
      ],
    })
    expect(objectAt(objectAt(whole, 'components'), 'schemas').objs_cup).toEqual({
      anyOf: [{ type: 'object' }, { type: 'string' }],
    })
  })
})

it('a method that only the tiers know is retired: served, not counted', () => {
  expect(operations.get('tea.boil')?.operation).toMatchObject({
    'x-dtu-added': true,
    'x-slack-retired': true,
    'x-slack-tier': 2,
  })
  expect(operations.get('tea.brew')?.operation).not.toHaveProperty('x-slack-retired')
})
