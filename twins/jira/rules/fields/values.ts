import type { Site } from '../../context.ts'
import { self } from '../../context.ts'
import { priorityView } from '../../views/configuration.ts'
import { userView } from '../../views/people.ts'
import { fromWiki } from '../adf/from-wiki.ts'
import { isEmpty, mentions, plainText } from '../adf/text.ts'
import { toWiki } from '../adf/to-wiki.ts'
import type { AdfDocument, AdfNode } from '../adf/types.ts'
import { isDocument, looksLikeDocument } from '../adf/validate.ts'
import { prioritiesOf, prioritySchemeOf } from '../priority-schemes.ts'
import { isDate, parseTimestamp, timestamp } from '../time.ts'
import { FieldProblem, type Kind, type WriteContext } from './types.ts'

const SET = ['set'] as const
const LIST = ['add', 'set', 'remove'] as const
const isNothing = (value: unknown): value is null | undefined | '' =>
  value === null || value === undefined || value === ''
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A kind whose values are plain and shown as they are. */
const scalar = (
  parse: Kind['parse'],
  history = (stored: unknown) => (stored === null ? null : String(stored)),
): Kind => ({
  operations: SET,
  read: (stored) => stored ?? null,
  ...(parse && { parse }),
  history: (stored) => ({ id: null, text: stored === undefined ? null : history(stored) }),
})

/** Read only, and not in the history. */
export const computed = (read: Kind['read']): Kind => ({ operations: SET, read })

export const summary: Kind = scalar((value) => {
  if (typeof value !== 'string') {
    if (isNothing(value)) throw new FieldProblem('You must specify a summary of the issue.')
    throw new FieldProblem('Operation value must be a string')
  }
  if (value.trim() === '') throw new FieldProblem('You must specify a summary of the issue.')
  if (/[\r\n]/.test(value)) throw new FieldProblem('The summary is invalid because it contains newline characters.')
  if (value.length > 255) throw new FieldProblem("Summary can't exceed 255 characters.")
  return value.trim()
})

export const shortText: Kind = scalar((value) => {
  if (isNothing(value)) return null
  if (typeof value !== 'string') throw new FieldProblem('Operation value must be a string')
  if (value.length > 255) {
    throw new FieldProblem('The entered text is too long. It exceeds the allowed limit of 255 characters.')
  }
  return value
})

export const url: Kind = scalar((value) => {
  if (isNothing(value)) return null
  if (typeof value !== 'string') throw new FieldProblem('Operation value must be a string')
  if (!/^[a-z][a-z0-9+.-]*:\S+$/i.test(value)) throw new FieldProblem('The URL specified is not valid.')
  return value
})

/** Rich text: an ADF document in version 3, wiki text in version 2; one stored document. */
export const richText: Kind = {
  operations: SET,
  read: (stored, reader) => (stored ? (reader.api === '2' ? toWiki(stored as AdfDocument) : stored) : null),
  parse: (value, { api, site }) => {
    if (isNothing(value)) return null
    const document = api === '2' ? wikiValue(value) : documentValue(value, site)
    return document && !isEmpty(document) ? document : null
  },
  history: (stored) => ({ id: null, text: stored ? toWiki(stored as AdfDocument) : null }),
}

function wikiValue(value: unknown): AdfDocument {
  if (typeof value !== 'string') throw new FieldProblem('Operation value must be a string')
  if (value.length > 32_767) throw tooLong()
  return fromWiki(value)
}

const tooLong = () =>
  new FieldProblem('The entered text is too long. It exceeds the allowed limit of 32,767 characters.')

function documentValue(value: unknown, site: Site): AdfDocument {
  if (!looksLikeDocument(value)) {
    throw new FieldProblem('Operation value must be an Atlassian Document (see the Atlassian Document Format)')
  }
  if (!isDocument(value)) throw new FieldProblem('INVALID_INPUT')
  if (plainText(value).length > 32_767) throw tooLong()
  return withMentionNames(value, site)
}

/** Jira writes the name of who is mentioned into the document. */
export function withMentionNames(document: AdfDocument, site: Site): AdfDocument {
  if (mentions(document).length === 0) return document
  const named = (node: AdfNode): AdfNode => {
    if (node.type === 'mention') {
      const user = site.tables.users.get(String(node.attrs?.id))
      return user ? { ...node, attrs: { ...node.attrs, text: `@${user.displayName}` } } : node
    }
    return node.content ? { ...node, content: node.content.map(named) } : node
  }
  return named(document) as AdfDocument
}

export const number: Kind = scalar((value) => {
  if (isNothing(value)) return null
  if (typeof value !== 'number') throw new FieldProblem('Operation value must be a number')
  return value
})

export const date: Kind = {
  ...scalar((value) => {
    if (isNothing(value)) return null
    if (typeof value !== 'string') throw new FieldProblem('Operation value must be a string')
    if (!isDate(value.slice(0, 10))) throw new FieldProblem(`Error parsing date string: ${value}`)
    return value.slice(0, 10)
  }),
  history: (stored) => ({ id: (stored as string | null) ?? null, text: stored ? `${stored} 00:00:00.0` : null }),
}

export const dateTime: Kind = {
  operations: SET,
  read: (stored, reader) => (typeof stored === 'number' ? timestamp(stored, reader.zone) : null),
  parse: (value) => {
    if (isNothing(value)) return null
    if (typeof value !== 'string') throw new FieldProblem('Operation value must be a string')
    const at = parseTimestamp(value)
    if (at === undefined) throw new FieldProblem(`Error parsing date string: ${value}`)
    return at
  },
  history: (stored) => ({ id: null, text: typeof stored === 'number' ? timestamp(stored, 'Etc/UTC') : null }),
}

/** Strings without blanks. Custom label fields are null when empty, the system's is []. */
export const labels = (empty: [] | null): Kind => ({
  operations: LIST,
  read: (stored) => ((stored as string[] | null)?.length ? stored : empty),
  parse: (value) => {
    if (isNothing(value)) return []
    if (!Array.isArray(value)) throw new FieldProblem('data was not an array')
    for (const label of value) {
      if (typeof label !== 'string') throw new FieldProblem('string expected at index 0')
      if (/\s/.test(label)) throw new FieldProblem(`The label '${label}' contains spaces which is invalid.`)
      if (label.length > 255) throw new FieldProblem(`The label '${label}' exceeds the limit of 255 characters.`)
    }
    return [...new Set(value as string[])].sort()
  },
  history: (stored) => ({ id: null, text: ((stored as string[] | null) ?? []).join(' ') }),
})

/** The account id of `{accountId}`, `{id}` or nothing. */
function accountIdOf(value: unknown, { site, field }: WriteContext): string | null {
  if (isNothing(value)) return null
  if (!isObject(value)) throw new FieldProblem(`Specify a valid value for ${field.id}`)
  const accountId = value.accountId ?? value.id
  if (isNothing(accountId)) return null
  const user = site.tables.users.get(String(accountId))
  if (!user && accountId !== '-1') throw new FieldProblem(`Specify a valid value for ${field.id}`)
  return String(accountId)
}

const nameOf = (site: Site, accountId: unknown) =>
  accountId ? (site.tables.users.get(String(accountId))?.displayName ?? 'Former user') : null

export const user: Kind = {
  operations: SET,
  read: (stored, reader) => userView(reader, stored as string | null),
  parse: accountIdOf,
  history: (stored, site) => ({ id: (stored as string | null) ?? null, text: nameOf(site, stored) }),
}

export const users: Kind = {
  operations: LIST,
  read: (stored, reader) =>
    (stored as string[] | null)?.length ? (stored as string[]).map((id) => userView(reader, id)) : null,
  parse: (value, context) => {
    if (isNothing(value)) return []
    if (!Array.isArray(value)) throw new FieldProblem('data was not an array')
    return [...new Set(value.map((item) => accountIdOf(item, context)).filter((id) => id !== null))]
  },
  history: (stored, site) => {
    const ids = (stored as string[] | null) ?? []
    return {
      id: ids.length ? `[${ids.join(', ')}]` : null,
      text: ids.length ? `[${ids.map((id) => nameOf(site, id)).join(', ')}]` : null,
    }
  },
}

function groupIdOf(value: unknown, { site }: WriteContext): string {
  const { name, groupId } = isObject(value) ? value : { name: undefined, groupId: undefined }
  const group = groupId
    ? site.tables.groups.get(String(groupId))
    : site.tables.groups.by('name', String(name ?? '').toLowerCase())
  if (!group) throw new FieldProblem(`Could not find group with name: '${name ?? groupId ?? value}'.`)
  return group.groupId
}

const groupShown = (stored: unknown, reader: Parameters<Kind['read']>[1]) => {
  const group = reader.site.tables.groups.get(String(stored))
  return group
    ? { name: group.name, groupId: group.groupId, self: self(reader, `group?groupId=${group.groupId}`) }
    : null
}

export const group: Kind = {
  operations: SET,
  read: (stored, reader) => (stored ? groupShown(stored, reader) : null),
  parse: (value, context) => (isNothing(value) ? null : groupIdOf(value, context)),
  history: (stored, site) => ({
    id: null,
    text: stored ? (site.tables.groups.get(String(stored))?.name ?? null) : null,
  }),
}

export const groups: Kind = {
  operations: LIST,
  read: (stored, reader) =>
    (stored as string[] | null)?.length ? (stored as string[]).map((id) => groupShown(id, reader)) : null,
  parse: (value, context) => {
    if (isNothing(value)) return []
    if (!Array.isArray(value)) throw new FieldProblem('data was not an array')
    return value.map((item) => groupIdOf(item, context))
  },
  history: (stored, site) => ({
    id: null,
    text: ((stored as string[] | null) ?? []).map((id) => site.tables.groups.get(id)?.name).join(', '),
  }),
}

export const priority: Kind = {
  operations: SET,
  read: (stored, reader) => {
    const row = stored ? reader.site.tables.priorities.get(String(stored)) : undefined
    return row ? priorityView(reader, row) : null
  },
  parse: (value, { site, project }) => {
    if (isNothing(value)) return null
    if (!isObject(value)) throw new FieldProblem('Specify the Priority (id or name) in the string format')
    const { id, name } = value
    if (id !== undefined && typeof id !== 'string')
      throw new FieldProblem('Specify the Priority (id or name) in the string format')
    const row = prioritiesOf(site, prioritySchemeOf(site, project)).find((priority) =>
      id !== undefined ? priority.id === id : priority.name === name,
    )
    if (!row)
      throw new FieldProblem(
        id !== undefined ? 'The priority selected is invalid.' : `Priority name '${String(name)}' is not valid`,
      )
    return row.id
  },
  history: (stored, site) => ({
    id: (stored as string | null) ?? null,
    text: stored ? (site.tables.priorities.get(String(stored))?.name ?? null) : null,
  }),
  allowed: (reader, project) =>
    prioritiesOf(reader.site, prioritySchemeOf(reader.site, project)).map((row) => priorityView(reader, row)),
}
