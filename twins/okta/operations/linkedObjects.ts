import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { blank, fail, invalid, notFound } from '../errors.ts'
import { plain } from '../links.ts'
import { page } from '../paging.ts'
import { objectBody } from '../resource.ts'
import { userOf } from '../rules/users.ts'
import type { LinkedObjectDefinition } from '../tables/directory.ts'
import type { Json } from '../tables/document.ts'
import { linkedObjectView } from '../views/schemas.ts'
import { objectIn } from './body.ts'
import { type OktaCall, operations } from './define.ts'

const MAXIMUM = 200

/** Relations between users, of which one side has one and the other many: manager and subordinates. */
export const linkedObjects = operations({
  listLinkedObjectDefinitions(call) {
    return ok(call.tables.linkedObjects.all().map((definition) => linkedObjectView(definition, call)))
  },

  createLinkedObjectDefinition(call) {
    const body = objectBody(call)
    const definition = { primary: side(body, 'primary'), associated: side(body, 'associated') }
    const names = [definition.primary.name, definition.associated.name]
    const clash = names[0] === names[1] ? names[0] : names.find((name) => named(call, name))
    if (clash !== undefined) fail('E0000127', `A linked object with the name '${clash}' already exists`)
    if (call.tables.linkedObjects.size >= MAXIMUM) fail('E0000127', `No more than ${MAXIMUM} definitions are allowed`)
    call.tables.linkedObjects.insert(definition)
    return created(linkedObjectView(definition, call))
  },

  getLinkedObjectDefinition(call) {
    return ok(linkedObjectView(definitionOf(call, call.params.linkedObjectName), call))
  },

  /** By either name; the values go too. */
  deleteLinkedObjectDefinition(call) {
    const { name } = definitionOf(call, call.params.linkedObjectName).primary
    for (const value of call.tables.linkedValues.where('name', name)) {
      call.tables.linkedValues.remove(`${name}/${value.associatedId}`)
    }
    call.tables.linkedObjects.remove(name)
    return noContent()
  },

  /** Another primary takes the place of the first. */
  assignLinkedObjectValueForPrimary(call) {
    const { name } = definitionOf(call, call.params.primaryRelationshipName).primary
    const associated = userOf(call, call.params.userIdOrLogin)
    const primary = userOf(call, call.params.primaryUserId)
    if (associated.id === primary.id) invalid('linkedObject', ['A user cannot be linked to themselves'])
    call.tables.linkedValues.put({ name, associatedId: associated.id, primaryId: primary.id })
    return noContent()
  },

  listLinkedObjectsForUser(call) {
    const user = userOf(call, call.params.userIdOrLogin)
    const name = call.params.relationshipName
    const definition = definitionOf(call, name)
    const { linkedValues } = call.tables
    const key = definition.primary.name
    const one = linkedValues.get(`${key}/${user.id}`)
    const ids =
      key === name
        ? one
          ? [one.primaryId]
          : []
        : linkedValues.where('primary', [key, user.id]).map((value) => value.associatedId)
    const options = { limit: 1000, max: 1000, cursor: (id: string) => id }
    return page(call, ids, options, (id) => ({ _links: { self: plain(call, `/api/v1/users/${id}`) } }))
  },

  /** Absent is as good as removed. */
  deleteLinkedObjectForUser(call) {
    const user = userOf(call, call.params.userIdOrLogin)
    const { name } = definitionOf(call, call.params.relationshipName).primary
    call.tables.linkedValues.remove(`${name}/${user.id}`)
    return noContent()
  },
})

const named = (call: OktaCall, name: string): LinkedObjectDefinition | undefined =>
  call.tables.linkedObjects.get(name) ?? call.tables.linkedObjects.by('associated', name)

const definitionOf = (call: OktaCall, name: string): LinkedObjectDefinition =>
  named(call, name) ?? notFound(name, 'LinkedObjectProperty')

function side(body: Json, which: 'primary' | 'associated'): LinkedObjectDefinition['primary'] {
  const given = objectIn(body, which)
  const missing = ['name', 'title'].filter((field) => !given[field])
  if (missing.length)
    invalid(
      which,
      missing.map((field) => blank(`${which}.${field}`)),
    )
  return {
    name: String(given.name),
    title: String(given.title),
    description: String(given.description ?? ''),
    type: String(given.type ?? 'USER'),
  }
}
