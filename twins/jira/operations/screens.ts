import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, nextId, reader, requireAdmin } from '../context.ts'
import { badRequest, notFound } from '../errors.ts'
import { among, expandOf, idsOf, orderOf, pageBean, sorted } from '../paging.ts'
import { allFields, fieldOf } from '../rules/fields/registry.ts'
import { visibleProject } from '../rules/issues/find.ts'
import type { MappingScheme, Screen, ScreenScheme, ScreenTab } from '../tables.ts'
import { listedProject } from '../views/project.ts'
import { operations } from './define.ts'
import { bodyOf, renamed, text } from './shared.ts'

function screenOf(call: JiraCall, id: number): Screen {
  requireAdmin(call)
  const screen = call.tables.screens.get(String(id))
  if (!screen) throw notFound(`Screen with id ${id} does not exist`)
  return screen
}

function tabOf(screen: Screen, id: number): ScreenTab {
  const tab = screen.tabs.find((one) => one.id === id)
  if (!tab) throw notFound(`The screen tab with id ${id} does not exist`)
  return tab
}

const withTab = (call: JiraCall, screen: Screen, tab: ScreenTab) =>
  call.tables.screens.replace({ ...screen, tabs: screen.tabs.map((one) => (one.id === tab.id ? tab : one)) })

const screenView = ({ id, name, description }: Screen) => ({ id, name, description })
const tabView = ({ id, name }: ScreenTab) => ({ id, name })
const fieldItem = (call: JiraCall, id: string) => ({ id, name: fieldOf(call, id)?.name ?? id })

function named(name: unknown, taken: readonly { readonly name: string }[], what: string): string {
  if (typeof name !== 'string' || name === '') throw badRequest(`The name of the ${what} must be provided.`)
  if (taken.some((row) => row.name === name)) throw badRequest(`A ${what} with that name already exists.`)
  return name
}

interface ListQuery {
  readonly id?: number[]
  readonly queryString?: string
  readonly orderBy?: string
}

/** Rows by id, words of the name, and order. */
function listed<R extends { readonly id: string | number; readonly name: string }>(
  call: JiraCall,
  rows: readonly R[],
): R[] {
  const { id, queryString, orderBy } = call.query as ListQuery
  const { key, descending } = orderOf(orderBy, ['name', 'id'], 'id')
  const ids = idsOf(id)
  const words = queryString?.toLowerCase() ?? ''
  const found = rows.filter((row) => among(ids, String(row.id)) && row.name.toLowerCase().includes(words))
  return sorted(found, (row) => (key === 'name' ? row.name : Number(row.id)), descending)
}

export const screens = operations({
  getScreens(call) {
    requireAdmin(call)
    return ok(pageBean(call, listed(call, call.tables.screens.all()), screenView, 100))
  },
  createScreen(call) {
    requireAdmin(call)
    const { name, description } = bodyOf(call)
    const screen = call.tables.screens.insert({
      id: call.sequence('jira.screen', 10_000),
      name: named(name, call.tables.screens.all(), 'screen'),
      description: text(description),
      tabs: [{ id: call.sequence('jira.screenTab', 10_000), name: 'Field Tab', fields: [] }],
    })
    return created(screenView(screen))
  },
  updateScreen(call) {
    const screen = screenOf(call, call.params.screenId)
    const { name, description } = bodyOf(call)
    return ok(
      screenView(
        call.tables.screens.replace({
          ...renamed(screen, { name, description }),
        }),
      ),
    )
  },
  deleteScreen(call) {
    const screen = screenOf(call, call.params.screenId)
    if (call.tables.screenSchemes.all().some((scheme) => Object.values(scheme.screens).includes(screen.id)))
      throw badRequest('The screen is used in a screen scheme and cannot be deleted.')
    call.tables.screens.remove(String(screen.id))
    return noContent()
  },
  getAvailableScreenFields(call) {
    const used = screenOf(call, call.params.screenId).tabs.flatMap((tab) => tab.fields)
    return ok(
      allFields(call)
        .filter((field) => field.orderable && !used.includes(field.id))
        .map(({ id, name }) => ({ id, name })),
    )
  },
  addFieldToDefaultScreen(call) {
    const screen = screenOf(call, 1)
    const { fieldId } = call.params
    if (!fieldOf(call, fieldId)) throw notFound('The field does not exist.')
    const [tab] = screen.tabs as [ScreenTab]
    if (screen.tabs.some((one) => one.fields.includes(fieldId)))
      throw badRequest('The field is already on the default screen.')
    withTab(call, screen, { ...tab, fields: [...tab.fields, fieldId] })
    return ok({})
  },
  getAllScreenTabs: (call) => ok(screenOf(call, call.params.screenId).tabs.map(tabView)),
  getBulkScreenTabs(call) {
    requireAdmin(call)
    const [screenIds, tabIds] = [idsOf(call.query.screenId), idsOf(call.query.tabId)]
    const rows = call.tables.screens
      .all()
      .filter((screen) => screenIds.length === 0 || screenIds.includes(String(screen.id)))
      .flatMap((screen) => screen.tabs.map((tab) => ({ screen, tab })))
      .filter(({ tab }) => tabIds.length === 0 || tabIds.includes(String(tab.id)))
    return ok(
      pageBean(call, rows, ({ screen, tab }) => ({
        ...tabView(tab),
        screenId: screen.id,
        fields: tab.fields.map((id) => fieldItem(call, id)),
      })),
    )
  },
  addScreenTab(call) {
    const screen = screenOf(call, call.params.screenId)
    const tab = {
      id: call.sequence('jira.screenTab', 10_000),
      name: named(bodyOf(call).name, screen.tabs, 'screen tab'),
      fields: [],
    }
    call.tables.screens.replace({ ...screen, tabs: [...screen.tabs, tab] })
    return ok(tabView(tab))
  },
  renameScreenTab(call) {
    const screen = screenOf(call, call.params.screenId)
    const tab = {
      ...tabOf(screen, call.params.tabId),
      name: named(
        bodyOf(call).name,
        screen.tabs.filter((one) => one.id !== call.params.tabId),
        'screen tab',
      ),
    }
    withTab(call, screen, tab)
    return ok(tabView(tab))
  },
  deleteScreenTab(call) {
    const screen = screenOf(call, call.params.screenId)
    const tab = tabOf(screen, call.params.tabId)
    call.tables.screens.replace({ ...screen, tabs: screen.tabs.filter((one) => one.id !== tab.id) })
    return noContent()
  },
  moveScreenTab(call) {
    const screen = screenOf(call, call.params.screenId)
    const tab = tabOf(screen, call.params.tabId)
    const tabs = screen.tabs.filter((one) => one.id !== tab.id)
    if (call.params.pos < 0 || call.params.pos > tabs.length) throw badRequest('The position is out of range.')
    tabs.splice(call.params.pos, 0, tab)
    call.tables.screens.replace({ ...screen, tabs })
    return noContent()
  },
  getAllScreenTabFields: (call) =>
    ok(tabOf(screenOf(call, call.params.screenId), call.params.tabId).fields.map((id) => fieldItem(call, id))),
  addScreenTabField(call) {
    const screen = screenOf(call, call.params.screenId)
    const tab = tabOf(screen, call.params.tabId)
    const fieldId = text(bodyOf(call).fieldId)
    if (!fieldOf(call, fieldId)) throw badRequest(`Field with id '${fieldId}' does not exist.`)
    if (screen.tabs.some((one) => one.fields.includes(fieldId)))
      throw badRequest(`Field with id '${fieldId}' already exists on the screen.`)
    withTab(call, screen, { ...tab, fields: [...tab.fields, fieldId] })
    return ok(fieldItem(call, fieldId))
  },
  removeScreenTabField(call) {
    const screen = screenOf(call, call.params.screenId)
    const tab = tabOf(screen, call.params.tabId)
    if (!tab.fields.includes(call.params.id)) throw notFound('The field is not on the screen tab.')
    withTab(call, screen, { ...tab, fields: tab.fields.filter((id) => id !== call.params.id) })
    return noContent()
  },
  moveScreenTabField(call) {
    const screen = screenOf(call, call.params.screenId)
    const tab = tabOf(screen, call.params.tabId)
    const { after, position } = bodyOf(call)
    const fields = tab.fields.filter((id) => id !== call.params.id)
    const before = tab.fields.indexOf(call.params.id)
    const places: Record<string, number> = {
      First: 0,
      Last: fields.length,
      Earlier: Math.max(0, before - 1),
      Later: Math.min(fields.length, before + 1),
    }
    const at =
      after === undefined ? places[text(position)] : fields.indexOf(text(after).split('/').at(-1) as string) + 1
    if (at === undefined || before < 0) throw badRequest('You must provide either an after or a position.')
    withTab(call, screen, { ...tab, fields: [...fields.slice(0, at), call.params.id, ...fields.slice(at)] })
    return noContent()
  },
})

function schemeOf(call: JiraCall, id: string | number): ScreenScheme {
  const scheme = call.tables.screenSchemes.get(String(id))
  if (!scheme) throw notFound('The screen scheme was not found.')
  return scheme
}

function screensFrom(call: JiraCall, given: unknown): Record<string, number> {
  const rows = Object.entries((given ?? {}) as Record<string, number>)
  for (const [, id] of rows)
    if (!call.tables.screens.has(String(id))) throw badRequest(`Screen with id ${id} does not exist`)
  return Object.fromEntries(rows.map(([name, id]) => [name, Number(id)]))
}

export const screenSchemes = operations({
  getScreenSchemes(call) {
    requireAdmin(call)
    const expanded = expandOf(call.query.expand).includes('issueTypeScreenSchemes')
    return ok(
      pageBean(
        call,
        listed(call, call.tables.screenSchemes.all()),
        ({ id, name, description, screens }) => {
          const users = call.tables.issueTypeScreenSchemes
            .all()
            .filter((scheme) => Object.values(scheme.mappings).includes(String(id)))
          return {
            id,
            name,
            description,
            screens,
            ...(expanded && {
              issueTypeScreenSchemes: {
                maxResults: 50,
                startAt: 0,
                total: users.length,
                isLast: true,
                values: users.map(mappingView),
              },
            }),
          }
        },
        25,
      ),
    )
  },
  createScreenScheme(call) {
    requireAdmin(call)
    const { name, description, screens: given } = bodyOf(call)
    const mapped = screensFrom(call, given)
    if (mapped.default === undefined) throw badRequest('The default screen must be provided.')
    const scheme = call.tables.screenSchemes.insert({
      id: call.sequence('jira.screenScheme', 10_000),
      name: named(name, call.tables.screenSchemes.all(), 'screen scheme'),
      description: text(description),
      screens: mapped,
    })
    return created({ id: scheme.id })
  },
  updateScreenScheme(call) {
    requireAdmin(call)
    const scheme = schemeOf(call, call.params.screenSchemeId)
    const { name, description, screens: given } = bodyOf(call)
    call.tables.screenSchemes.replace({
      ...renamed(scheme, { name, description }),
      screens: { ...scheme.screens, ...screensFrom(call, given) },
    })
    return noContent()
  },
  deleteScreenScheme(call) {
    requireAdmin(call)
    const scheme = schemeOf(call, call.params.screenSchemeId)
    if (call.tables.issueTypeScreenSchemes.all().some((one) => Object.values(one.mappings).includes(String(scheme.id))))
      throw badRequest('The screen scheme is used in an issue type screen scheme and cannot be deleted.')
    call.tables.screenSchemes.remove(String(scheme.id))
    return noContent()
  },
})

const mappingView = ({ id, name, description }: MappingScheme) => ({ id, name, description })

function typeSchemeOf(call: JiraCall, id: string | number): MappingScheme {
  const scheme = call.tables.issueTypeScreenSchemes.get(String(id))
  if (!scheme) throw notFound('The issue type screen scheme was not found.')
  return scheme
}

function mappingsFrom(call: JiraCall, given: unknown): Record<string, string> {
  const rows = (Array.isArray(given) ? given : []) as { issueTypeId: string; screenSchemeId: string }[]
  for (const { screenSchemeId } of rows) schemeOf(call, screenSchemeId)
  return Object.fromEntries(rows.map(({ issueTypeId, screenSchemeId }) => [issueTypeId, String(screenSchemeId)]))
}

export const issueTypeScreenSchemes = operations({
  getIssueTypeScreenSchemes(call) {
    requireAdmin(call)
    return ok(pageBean(call, listed(call, call.tables.issueTypeScreenSchemes.all()), mappingView))
  },
  createIssueTypeScreenScheme(call) {
    requireAdmin(call)
    const { name, description, issueTypeMappings } = bodyOf(call)
    const mappings = mappingsFrom(call, issueTypeMappings)
    if (!mappings.default) throw badRequest('The default mapping must be provided.')
    const scheme = call.tables.issueTypeScreenSchemes.insert({
      id: nextId(call, 'issueTypeScreenScheme'),
      name: named(name, call.tables.issueTypeScreenSchemes.all(), 'issue type screen scheme'),
      description: text(description),
      mappings,
    })
    return created({ id: scheme.id })
  },
  updateIssueTypeScreenScheme(call) {
    requireAdmin(call)
    const scheme = typeSchemeOf(call, call.params.issueTypeScreenSchemeId)
    call.tables.issueTypeScreenSchemes.replace(renamed(scheme, bodyOf(call)))
    return noContent()
  },
  deleteIssueTypeScreenScheme(call) {
    requireAdmin(call)
    const scheme = typeSchemeOf(call, call.params.issueTypeScreenSchemeId)
    if (call.tables.projects.all().some((project) => project.schemes.screen === scheme.id))
      throw badRequest('The issue type screen scheme is used by a project and cannot be deleted.')
    call.tables.issueTypeScreenSchemes.remove(scheme.id)
    return noContent()
  },
  getIssueTypeScreenSchemeMappings(call) {
    requireAdmin(call)
    const ids = idsOf(call.query.issueTypeScreenSchemeId)
    const rows = call.tables.issueTypeScreenSchemes
      .all()
      .filter((scheme) => among(ids, scheme.id))
      .flatMap((scheme) =>
        Object.entries(scheme.mappings).map(([issueTypeId, screenSchemeId]) => ({
          issueTypeScreenSchemeId: scheme.id,
          issueTypeId,
          screenSchemeId,
        })),
      )
    return ok(pageBean(call, rows, (row) => row))
  },
  getIssueTypeScreenSchemeProjectAssociations(call) {
    requireAdmin(call)
    const projects = idsOf(call.query.projectId)
      .map((id) => call.tables.projects.get(id))
      .filter((project) => project !== undefined)
    const ids = [...new Set(projects.map((project) => project.schemes.screen))]
    return ok(
      pageBean(call, ids, (id) => ({
        issueTypeScreenScheme: mappingView(typeSchemeOf(call, id)),
        projectIds: projects.filter((project) => project.schemes.screen === id).map((project) => project.id),
      })),
    )
  },
  assignIssueTypeScreenSchemeToProject(call) {
    requireAdmin(call)
    const { issueTypeScreenSchemeId, projectId } = bodyOf(call)
    const project = visibleProject(call, text(projectId))
    if (project.style === 'next-gen') throw badRequest('The project is not a company-managed project.')
    call.tables.projects.patch(project.id, {
      schemes: { ...project.schemes, screen: typeSchemeOf(call, text(issueTypeScreenSchemeId)).id },
    })
    return noContent()
  },
  appendMappingsForIssueTypeScreenScheme(call) {
    requireAdmin(call)
    const scheme = typeSchemeOf(call, call.params.issueTypeScreenSchemeId)
    call.tables.issueTypeScreenSchemes.replace({
      ...scheme,
      mappings: { ...scheme.mappings, ...mappingsFrom(call, bodyOf(call).issueTypeMappings) },
    })
    return noContent()
  },
  updateDefaultScreenScheme(call) {
    requireAdmin(call)
    const scheme = typeSchemeOf(call, call.params.issueTypeScreenSchemeId)
    call.tables.issueTypeScreenSchemes.replace({
      ...scheme,
      mappings: { ...scheme.mappings, default: String(schemeOf(call, text(bodyOf(call).screenSchemeId)).id) },
    })
    return noContent()
  },
  removeMappingsFromIssueTypeScreenScheme(call) {
    requireAdmin(call)
    const scheme = typeSchemeOf(call, call.params.issueTypeScreenSchemeId)
    const gone = idsOf(bodyOf(call).issueTypeIds)
    call.tables.issueTypeScreenSchemes.replace({
      ...scheme,
      mappings: Object.fromEntries(Object.entries(scheme.mappings).filter(([id]) => !gone.includes(id))),
    })
    return noContent()
  },
  getProjectsForIssueTypeScreenScheme(call) {
    requireAdmin(call)
    const scheme = typeSchemeOf(call, call.params.issueTypeScreenSchemeId)
    const words = call.query.query?.toLowerCase() ?? ''
    const rows = call.tables.projects
      .all()
      .filter(
        (project) =>
          project.schemes.screen === scheme.id && `${project.name} ${project.key}`.toLowerCase().includes(words),
      )
    return ok(pageBean(call, rows, (project) => listedProject(reader(call), project)))
  },
})
