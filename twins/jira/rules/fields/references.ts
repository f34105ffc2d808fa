import { type Reader, type Site, self } from '../../context.ts'
import type { Component, FieldContext, FieldOption, Project, Sprint, Version } from '../../tables.ts'
import {
  componentReference,
  issueTypeView,
  projectReference,
  resolutionView,
  versionReference,
} from '../../views/configuration.ts'
import { formatDuration, parseDuration, STANDARD_WORKING_TIME } from '../duration.ts'
import { FieldProblem, type Kind, type WriteContext } from './types.ts'
import { isObject } from './values.ts'

const SET = ['set'] as const
const LIST = ['add', 'set', 'remove'] as const
const isNothing = (value: unknown): value is null | undefined | '' =>
  value === null || value === undefined || value === ''

/** The context that applies to a field in a project for an issue type: the most particular one. */
export function contextOf(site: Site, fieldId: string, projectId: string, typeId: string): FieldContext | undefined {
  const fits = site.tables.fieldContexts
    .where('field', fieldId)
    .filter((context) => context.projectIds.length === 0 || context.projectIds.includes(projectId))
    .filter((context) => context.issueTypeIds.length === 0 || context.issueTypeIds.includes(typeId))
  return fits.find((context) => context.projectIds.length > 0) ?? fits[0]
}

const optionsOf = (site: Site, context: FieldContext | undefined, parentId?: string): FieldOption[] =>
  context ? site.tables.fieldOptions.where('context', context.id).filter((option) => option.parentId === parentId) : []

export const optionView = (reader: Reader, option: FieldOption) => ({
  self: self(reader, `customFieldOption/${option.id}`),
  value: option.value,
  id: option.id,
})

function optionIdOf(value: unknown, { site, field, project, typeId }: WriteContext, parentId?: string): string {
  const choices = optionsOf(site, contextOf(site, field.id, project.id, typeId), parentId).filter((o) => !o.disabled)
  if (!isObject(value)) throw new FieldProblem(`Specify a valid 'id' or 'name' for ${field.name}`)
  if (value.id !== undefined) {
    const option = choices.find((choice) => choice.id === String(value.id))
    if (!option) throw new FieldProblem(`Option id '${value.id}' is not valid.`)
    return option.id
  }
  if (value.value === undefined) throw new FieldProblem(`Specify a valid 'id' or 'name' for ${field.name}`)
  const option = choices.find((choice) => choice.value === value.value)
  if (!option) throw new FieldProblem(`Option value '${value.value}' is not valid`)
  return option.id
}

const optionText = (site: Site, id: unknown) => site.tables.fieldOptions.get(String(id))?.value ?? null

const readOption = (id: unknown, reader: Reader) => {
  const option = id ? reader.site.tables.fieldOptions.get(String(id)) : undefined
  return option ? optionView(reader, option) : null
}

const allowedOptions: Kind['allowed'] = (reader, project, typeId, field) =>
  optionsOf(reader.site, contextOf(reader.site, field.id, project.id, typeId))
    .filter((option) => !option.disabled)
    .map((option) => optionView(reader, option))

export const option: Kind = {
  operations: SET,
  read: readOption,
  parse: (value, context) => (isNothing(value) ? null : optionIdOf(value, context)),
  history: (stored, site) => ({ id: stored ? String(stored) : null, text: stored ? optionText(site, stored) : null }),
  allowed: allowedOptions,
}

export const options: Kind = {
  operations: LIST,
  read: (stored, reader) => {
    const list = ((stored as string[] | null) ?? []).map((id) => readOption(id, reader)).filter((view) => view !== null)
    return list.length ? list : null
  },
  parse: (value, context) => {
    if (isNothing(value)) return []
    if (!Array.isArray(value)) throw new FieldProblem('data was not an array')
    return [...new Set(value.map((item) => optionIdOf(item, context)))]
  },
  history: (stored, site) => {
    const ids = (stored as string[] | null) ?? []
    return {
      id: ids.length ? `[${ids.join(', ')}]` : null,
      text: ids.length ? ids.map((id) => optionText(site, id)).join(',') : null,
    }
  },
  allowed: allowedOptions,
}

interface Cascade {
  readonly parent: string
  readonly child?: string
}

export const cascading: Kind = {
  operations: SET,
  read: (stored, reader) => {
    const cascade = stored as Cascade | null
    const parent = cascade && readOption(cascade.parent, reader)
    return parent ? { ...parent, ...(cascade.child && { child: readOption(cascade.child, reader) }) } : null
  },
  parse: (value, context) => {
    if (isNothing(value)) return null
    const parent = optionIdOf(value, context)
    const child = isObject(value) ? value.child : undefined
    return isNothing(child) ? { parent } : { parent, child: optionIdOf(child, context, parent) }
  },
  history: (stored, site) => {
    const cascade = stored as Cascade | null
    if (!cascade) return { id: null, text: null }
    const child = cascade.child ? `Level 1 values: ${optionText(site, cascade.child)}(${cascade.child})` : ''
    return { id: null, text: `Parent values: ${optionText(site, cascade.parent)}(${cascade.parent})${child}` }
  },
  allowed: allowedOptions,
}

/** Versions and components: rows of the project, named by id or name. */
function projectRows<R extends { readonly id: string; readonly name: string }>(
  what: 'Version' | 'Component',
  rows: (site: Site, projectId: string) => readonly R[],
  row: (site: Site, id: string) => R | undefined,
  view: (reader: Reader, row: R) => object,
) {
  const idOf = (value: unknown, { site, project }: WriteContext): string => {
    if (!isObject(value)) throw new FieldProblem('expected Object')
    const choices = rows(site, project.id)
    if (value.id !== undefined) {
      const found = choices.find((choice) => choice.id === String(value.id))
      if (!found) throw new FieldProblem(`${what} id '${value.id}' is not valid`)
      return found.id
    }
    const found = choices.find((choice) => choice.name === value.name)
    if (!found) throw new FieldProblem(`${what} name '${value.name}' is not valid`)
    return found.id
  }
  const shown = (id: unknown, reader: Reader) => {
    const found = id ? row(reader.site, String(id)) : undefined
    return found ? view(reader, found) : null
  }
  const allowed: Kind['allowed'] = (reader, project) =>
    rows(reader.site, project.id).map((found) => view(reader, found))
  const one: Kind = {
    operations: SET,
    read: shown,
    parse: (value, context) => (isNothing(value) ? null : idOf(value, context)),
    history: (stored, site) => ({
      id: stored ? String(stored) : null,
      text: stored ? (row(site, String(stored))?.name ?? null) : null,
    }),
    allowed,
  }
  const many = (empty: [] | null): Kind => ({
    operations: LIST,
    read: (stored, reader) => {
      const list = ((stored as string[] | null) ?? []).map((id) => shown(id, reader)).filter((item) => item !== null)
      return list.length ? list : empty
    },
    parse: (value, context) => {
      if (isNothing(value)) return []
      if (!Array.isArray(value)) throw new FieldProblem('data was not an array')
      return [...new Set(value.map((item) => idOf(item, context)))]
    },
    history: (stored, site) => {
      const ids = (stored as string[] | null) ?? []
      return { id: ids.join(', ') || null, text: ids.map((id) => row(site, id)?.name).join(', ') || null }
    },
    allowed,
  })
  return { one, many }
}

const versionRows = projectRows<Version>(
  'Version',
  (site, projectId) => site.tables.versions.where('project', projectId),
  (site, id) => site.tables.versions.get(id),
  versionReference,
)
const componentRows = projectRows<Component>(
  'Component',
  (site, projectId) => site.tables.components.where('project', projectId),
  (site, id) => site.tables.components.get(id),
  componentReference,
)

export const version = versionRows.one
export const versions = versionRows.many
export const components = componentRows.many

export const projectPicker: Kind = {
  operations: SET,
  read: (stored, reader) => {
    const project = stored ? reader.site.tables.projects.get(String(stored)) : undefined
    return project ? projectReference(reader, project) : null
  },
  parse: (value, { site }) => {
    if (isNothing(value)) return null
    const project = isObject(value) ? findProject(site, value) : undefined
    if (!project) throw new FieldProblem('The project selected is invalid.')
    return project.id
  },
  history: (stored, site) => ({
    id: stored ? String(stored) : null,
    text: stored ? (site.tables.projects.get(String(stored))?.name ?? null) : null,
  }),
}

/** A project by `{id}` or `{key}`. */
export function findProject(site: Site, value: Readonly<Record<string, unknown>>): Project | undefined {
  const project =
    value.id !== undefined
      ? site.tables.projects.get(String(value.id))
      : site.tables.projects.by('key', String(value.key ?? ''))
  return project?.deleted ? undefined : project
}

export const issueType: Kind = {
  operations: [],
  read: (stored, reader) => {
    const type = reader.site.tables.issueTypes.get(String(stored))
    return type ? issueTypeView(reader, type) : null
  },
  history: (stored, site) => ({ id: String(stored), text: site.tables.issueTypes.get(String(stored))?.name ?? null }),
}

export const resolution: Kind = {
  operations: SET,
  read: (stored, reader) => {
    const row = stored ? reader.site.tables.resolutions.get(String(stored)) : undefined
    return row ? resolutionView(reader, row) : null
  },
  parse: (value, { site }) => {
    if (isNothing(value)) return null
    if (!isObject(value)) throw new FieldProblem('expected Object')
    const row =
      value.id !== undefined
        ? site.tables.resolutions.get(String(value.id))
        : site.tables.resolutions.all().find((candidate) => candidate.name === value.name)
    if (!row) {
      throw new FieldProblem(
        value.id !== undefined
          ? `Resolution id '${value.id}' is not valid`
          : `Resolution name '${value.name}' is not valid`,
      )
    }
    return row.id
  },
  history: (stored, site) => ({
    id: (stored as string | null) ?? null,
    text: stored ? (site.tables.resolutions.get(String(stored))?.name ?? null) : null,
  }),
  allowed: (reader) => [...reader.site.tables.resolutions.scan('order')].map((row) => resolutionView(reader, row)),
}

export const security: Kind = {
  operations: SET,
  read: (stored, reader, issue) => {
    const level = stored
      ? securityLevels(reader.site, issue.projectId).find((candidate) => candidate.id === stored)
      : undefined
    return level
      ? {
          self: self(reader, `securitylevel/${level.id}`),
          id: level.id,
          description: level.description,
          name: level.name,
        }
      : null
  },
  parse: (value, { site, project }) => {
    if (isNothing(value)) return null
    const level = isObject(value)
      ? securityLevels(site, project.id).find((l) =>
          value.id !== undefined ? l.id === String(value.id) : l.name === value.name,
        )
      : undefined
    if (!level) throw new FieldProblem('The security level selected is invalid.')
    return level.id
  },
  history: (stored, site) => ({
    id: (stored as string | null) ?? null,
    text: stored
      ? (site.tables.securitySchemes
          .all()
          .flatMap((s) => s.levels)
          .find((l) => l.id === stored)?.name ?? null)
      : null,
  }),
}

const securityLevels = (site: Site, projectId: string) => {
  const scheme = site.tables.projects.get(projectId)?.schemes.security
  return scheme ? (site.tables.securitySchemes.get(scheme)?.levels ?? []) : []
}

/** Sprints an issue has been in; written as one number. */
export const sprint: Kind = {
  operations: SET,
  read: (stored, reader) => {
    const sprints = ((stored as number[] | null) ?? []).map((id) => reader.site.tables.sprints.get(String(id)))
    const shown = sprints.filter((row) => row !== undefined).map(sprintInIssue)
    return shown.length ? shown : null
  },
  parse: (value, { site, issue, field }) => {
    const before = ((issue && (field.get(issue) as number[] | null)) ?? []).filter(
      (id) => site.tables.sprints.get(String(id))?.state === 'closed',
    )
    if (isNothing(value)) return before
    const id = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
    if (typeof id !== 'number') throw new FieldProblem('Number value expected as the Sprint id.')
    if (!site.tables.sprints.has(String(id))) throw new FieldProblem(`Sprint with id ${id} does not exist`)
    return [...before, id]
  },
  history: (stored, site) => {
    const ids = (stored as number[] | null) ?? []
    return { id: ids.join(', '), text: ids.map((id) => site.tables.sprints.get(String(id))?.name).join(', ') }
  },
}

export function sprintInIssue(row: Sprint) {
  const iso = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString())
  return {
    id: row.id,
    name: row.name,
    state: row.state,
    boardId: row.boardId,
    goal: row.goal ?? '',
    ...(row.startDate !== undefined && { startDate: iso(row.startDate) }),
    ...(row.endDate !== undefined && { endDate: iso(row.endDate) }),
    ...(row.completeDate !== undefined && { completeDate: iso(row.completeDate) }),
  }
}

interface Tracking {
  readonly original: number | null
  readonly remaining: number | null
  readonly spent: number | null
}

/** `{originalEstimate: "2d", remainingEstimate: "1d"}`. Stored as the three numbers of the issue, in seconds. */
export const timeTracking: Kind = {
  operations: ['set', 'edit'],
  read: (stored) => {
    const { original, remaining, spent } = stored as Tracking
    return {
      ...(original !== null && { originalEstimate: formatDuration(original) }),
      ...(remaining !== null && { remainingEstimate: formatDuration(remaining) }),
      ...(spent !== null && { timeSpent: formatDuration(spent) }),
      ...(original !== null && { originalEstimateSeconds: original }),
      ...(remaining !== null && { remainingEstimateSeconds: remaining }),
      ...(spent !== null && { timeSpentSeconds: spent }),
    }
  },
  parse: (value, { issue, field }) => {
    const before = (issue ? field.get(issue) : { original: null, remaining: null, spent: null }) as Tracking
    if (isNothing(value)) return { ...before, original: null, remaining: null }
    if (!isObject(value)) throw new FieldProblem('expected Object')
    const given = (name: 'originalEstimate' | 'remainingEstimate', now: number | null) => {
      const text = value[name]
      if (text === undefined) return now
      if (text === null || text === '') return null
      const seconds = parseDuration(String(text), STANDARD_WORKING_TIME)
      if (seconds === undefined) {
        throw new FieldProblem(
          `'${text}' is not a valid duration. The format of this is ' *w *d *h *m ' (representing weeks, days, hours and minutes - where * can be any number)`,
        )
      }
      return seconds
    }
    const original = given('originalEstimate', before.original)
    const remaining = given('remainingEstimate', before.remaining)
    // Only an original estimate: the remaining one follows while nothing else set it.
    const follows =
      value.originalEstimate !== undefined && value.remainingEstimate === undefined && before.remaining === null
    return { ...before, original, remaining: follows ? original : remaining }
  },
}
