import { ServiceError } from '../../../shared/kernel/dialect.ts'
import { created, noContent, ok } from '../../../shared/kernel/reply.ts'
import { type JiraCall, nextId, reader, requireAdmin, self } from '../context.ts'
import { badRequest, fieldErrors, notFound } from '../errors.ts'
import { isObject } from '../rules/fields/values.ts'
import { visibleIssue } from '../rules/issues/find.ts'
import { linkIssues, unlink } from '../rules/links.ts'
import { canSee } from '../rules/permissions.ts'
import type { Issue, IssueLink, IssueLinkType, RemoteLink } from '../tables.ts'
import { linkTypeView, linkView, remoteLinkView } from '../views/issue-parts.ts'
import { operations } from './define.ts'
import { bodyOf, text, writer } from './shared.ts'

function linkOf(call: JiraCall, id: string): IssueLink {
  const link = call.tables.issueLinks.get(id)
  const ends = link && [call.tables.issues.get(link.sourceId), call.tables.issues.get(link.targetId)]
  if (!link || !ends?.every((issue) => issue && canSee(call, call.caller.user, issue)))
    throw notFound(`No issue link with id '${id}' exists.`)
  return link
}

const typeNotFound = (id: string) => notFound(`No issue link type with id '${id}' found.`)

function remoteLinkOf(call: JiraCall, issue: Issue, id: string): RemoteLink {
  const link = call.tables.remoteLinks.get(id)
  if (link?.issueId !== issue.id) throw notFound(`No remote issue link with id '${id}' exists.`)
  return link
}

/** Members of a remote link as sent; `object.url` and `object.title` are needed. */
function remoteLinkFrom(call: JiraCall) {
  const { globalId, application, relationship, object } = bodyOf(call)
  if (!isObject(object)) throw fieldErrors({ object: "'object' is required." })
  if (!object.title) throw fieldErrors({ title: "'title' is required." })
  if (!object.url) throw fieldErrors({ url: "'url' is required." })
  return {
    ...(typeof globalId === 'string' && globalId !== '' && { globalId }),
    ...(isObject(application) && { application }),
    ...(typeof relationship === 'string' && { relationship }),
    object: isObject(object.status) || isObject(object.icon) ? object : { ...object, icon: {}, status: { icon: {} } },
  }
}

/** Deleting remote links demands a Content-Type although there is no body (seen live). */
function demandContentType(call: JiraCall): void {
  if (call.request.header('content-type') !== undefined) return
  throw new ServiceError({
    status: 415,
    body: {
      type: 'about:blank',
      title: 'Unsupported Media Type',
      status: 415,
      detail: "Content-Type 'null' is not supported.",
      instance: call.request.path,
    },
    headers: { 'content-type': 'application/problem+json;charset=UTF-8' },
  })
}

/** Names of a link type as sent; what was not sent stays. */
function linkTypeFrom(call: JiraCall, before?: Omit<IssueLinkType, 'id'>) {
  const { name, inward, outward } = bodyOf(call)
  return {
    name: text(name, before?.name),
    inward: text(inward, before?.inward),
    outward: text(outward, before?.outward),
  }
}

export const links = operations({
  linkIssues(call) {
    linkIssues(writer(call), bodyOf(call))
    return created()
  },
  getIssueLink: (call) => ok(linkView(reader(call), linkOf(call, call.params.linkId))),
  deleteIssueLink(call) {
    unlink(writer(call), linkOf(call, call.params.linkId))
    return noContent()
  },

  getIssueLinkTypes: (call) =>
    ok({ issueLinkTypes: call.tables.issueLinkTypes.all().map((type) => linkTypeView(reader(call), type)) }),
  getIssueLinkType(call) {
    const type = call.tables.issueLinkTypes.get(call.params.issueLinkTypeId)
    if (!type) throw typeNotFound(call.params.issueLinkTypeId)
    return ok(linkTypeView(reader(call), type))
  },
  createIssueLinkType(call) {
    requireAdmin(call)
    const { name, inward, outward } = linkTypeFrom(call)
    if (!name || !inward || !outward) throw badRequest('The name, inward and outward descriptions must be provided.')
    if (call.tables.issueLinkTypes.by('name', name.toLowerCase()))
      throw badRequest('Another issue link type with this name already exists.')
    return created(
      linkTypeView(
        reader(call),
        call.tables.issueLinkTypes.insert({ id: nextId(call, 'issueLinkType'), name, inward, outward }),
      ),
    )
  },
  updateIssueLinkType(call) {
    requireAdmin(call)
    const type = call.tables.issueLinkTypes.get(call.params.issueLinkTypeId)
    if (!type) throw typeNotFound(call.params.issueLinkTypeId)
    const { name, inward, outward } = linkTypeFrom(call, type)
    const clash = call.tables.issueLinkTypes.by('name', name.toLowerCase())
    if (clash && clash.id !== type.id) throw badRequest('Another issue link type with this name already exists.')
    return ok(linkTypeView(reader(call), call.tables.issueLinkTypes.replace({ id: type.id, name, inward, outward })))
  },
  deleteIssueLinkType(call) {
    requireAdmin(call)
    const { issueLinkTypeId } = call.params
    if (!call.tables.issueLinkTypes.remove(issueLinkTypeId)) throw typeNotFound(issueLinkTypeId)
    for (const link of call.tables.issueLinks.where('type', issueLinkTypeId)) call.tables.issueLinks.remove(link.id)
    return noContent()
  },

  getRemoteIssueLinks(call) {
    const issue = visibleIssue(call, call.params.issueIdOrKey)
    const rows = call.tables.remoteLinks.where('issue', issue.id)
    const { globalId } = call.query
    if (globalId === undefined) return ok(rows.map((row) => remoteLinkView(reader(call), row)))
    const found = rows.find((row) => row.globalId === globalId)
    if (!found) throw notFound(`No remote issue link with global id '${globalId}' exists.`)
    return ok(remoteLinkView(reader(call), found))
  },
  createOrUpdateRemoteIssueLink(call) {
    const issue = visibleIssue(call, call.params.issueIdOrKey)
    const given = remoteLinkFrom(call)
    const known =
      given.globalId === undefined
        ? undefined
        : call.tables.remoteLinks.where('issue', issue.id).find((row) => row.globalId === given.globalId)
    const row = call.tables.remoteLinks.put({
      id: known?.id ?? nextId(call, 'remoteLink'),
      issueId: issue.id,
      ...given,
    })
    const body = { id: Number(row.id), self: self(reader(call), `issue/${issue.key}/remotelink/${row.id}`) }
    return known ? ok(body) : created(body)
  },
  deleteRemoteIssueLinkByGlobalId(call) {
    demandContentType(call)
    const issue = visibleIssue(call, call.params.issueIdOrKey)
    const row = call.tables.remoteLinks.where('issue', issue.id).find((link) => link.globalId === call.query.globalId)
    if (!row) throw notFound(`No remote issue link with global id '${call.query.globalId}' exists.`)
    call.tables.remoteLinks.remove(row.id)
    return noContent()
  },
  getRemoteIssueLinkById(call) {
    const issue = visibleIssue(call, call.params.issueIdOrKey)
    return ok(remoteLinkView(reader(call), remoteLinkOf(call, issue, call.params.linkId)))
  },
  updateRemoteIssueLink(call) {
    const issue = visibleIssue(call, call.params.issueIdOrKey)
    const row = remoteLinkOf(call, issue, call.params.linkId)
    call.tables.remoteLinks.replace({ id: row.id, issueId: issue.id, ...remoteLinkFrom(call) })
    return noContent()
  },
  deleteRemoteIssueLinkById(call) {
    demandContentType(call)
    const issue = visibleIssue(call, call.params.issueIdOrKey)
    call.tables.remoteLinks.remove(remoteLinkOf(call, issue, call.params.linkId).id)
    return noContent()
  },
})
