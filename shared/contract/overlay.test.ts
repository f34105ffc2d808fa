import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from './json.ts'
import { applyOverlay } from './overlay.ts'

const DOCUMENT: JsonObject = {
  paths: {
    '/a': { get: { operationId: 'getA', tags: ['x'] }, post: { operationId: 'makeA', tags: ['y'] } },
    '/b': { get: { operationId: 'getB', parameters: [{ name: 'q', in: 'query' }] } },
  },
  components: { schemas: { Kind: { type: 'string', enum: ['one', 'two'] } } },
}

const apply = (...actions: Json[]) => applyOverlay(DOCUMENT, { overlay: '1.0.0', actions })
const action = (target: string, update: Json) => ({ target, description: 'because', update })

describe('an overlay', () => {
  it('merges objects, extends lists by what is new, replaces the rest', () => {
    const target = '$.components.schemas.Kind'
    expect(apply(action(target, { type: 'integer', enum: ['two', 'three'], deprecated: true }))).toMatchObject({
      components: { schemas: { Kind: { type: 'integer', enum: ['one', 'two', 'three'], deprecated: true } } },
    })
  })

  it('appends to a list that is the target', () => {
    const target = "$.paths['/b'].get.parameters"
    expect(apply(action(target, { name: 'n', in: 'query' }))).toMatchObject({
      paths: { '/b': { get: { parameters: [{ name: 'q' }, { name: 'n' }] } } },
    })
  })

  it('changes everything a target finds, filters included', () => {
    const changed = apply(action("$.paths[*][?@.operationId == 'getA' || @.operationId == 'getB']", { security: [] }))
    expect(changed.paths).toEqual({
      '/a': { get: { operationId: 'getA', tags: ['x'], security: [] }, post: { operationId: 'makeA', tags: ['y'] } },
      '/b': { get: { operationId: 'getB', parameters: [{ name: 'q', in: 'query' }], security: [] } },
    })
  })

  it('removes members and items, the last first', () => {
    const remove = (target: string) => ({ target, description: 'gone', remove: true })
    expect(apply(remove("$.paths['/a'].post"), remove('$.components.schemas.Kind.enum[*]'))).toMatchObject({
      paths: { '/a': { get: {} } },
      components: { schemas: { Kind: { type: 'string', enum: [] } } },
    })
  })

  it('applies actions in order, each to what the former left', () => {
    const target = '$.components.schemas.Kind'
    const replaced = apply(
      { target: `${target}.enum`, description: 'all wrong', remove: true },
      action(target, { enum: ['new'] }),
    )
    expect(replaced).toMatchObject({ components: { schemas: { Kind: { enum: ['new'] } } } })
  })

  it('leaves the document it was given alone', () => {
    const before = structuredClone(DOCUMENT)
    apply(action('$.paths', { '/c': {} }))
    expect(DOCUMENT).toEqual(before)
  })
})

describe('an overlay that does not apply says which action and why', () => {
  it.each([
    ['finds nothing', action("$.paths['/z']", {}), "action 1: nothing in the contract matches $.paths['/z']"],
    ['no reason', { target: '$.paths', update: {} }, 'action 1 ($.paths) gives no reason'],
    ['no target', { description: 'because', update: {} }, 'action 1 has no target'],
    ['neither', { target: '$.paths', description: 'because' }, 'neither updates nor removes'],
    ['bad path', action('$.paths[', {}), 'action 1:'],
    ['plain value', action('$.components.schemas.Kind.type', 'x'), 'select the object that holds it'],
    ['everything', { target: '$', description: 'no', remove: true }, 'cannot be removed'],
  ])('%s', (_case, broken, message) => {
    expect(() => apply(broken as Json)).toThrow(message)
  })

  it('another format', () => {
    expect(() => applyOverlay(DOCUMENT, { actions: [] }, 'mine.yaml')).toThrow('mine.yaml: not an OpenAPI Overlay')
  })
})
