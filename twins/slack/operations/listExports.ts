import { Buffer } from 'node:buffer'
import { content, redirect } from '../../../shared/kernel/reply.ts'
import type { SlackCall } from '../caller.ts'
import { done, fail } from '../errors.ts'
import { newId } from '../ids.ts'
import { flag, text } from '../rules/arguments.ts'
import { csv } from '../rules/csv.ts'
import type { Json, ListItem, ListRow } from '../tables.ts'
import { operations } from './define.ts'
import { readerOf } from './downloads.ts'
import { itemView, knownList, listView } from './lists.ts'

/** Exports of lists: a job makes a copy, a bearer token with lists:read downloads it. */

const TYPES = { csv: 'text/csv; charset=utf-8', json: 'application/json; charset=utf-8' } as const

/** What a cell reads as: its text where it has one. */
const cellText = (cell: Json | undefined): unknown => cell?.text ?? cell?.value

function asCsv(row: ListRow, items: readonly ListItem[]): string {
  const named = row.columns.map((column) => ({ id: String(column.id), name: String(column.name) }))
  const rows = items.map((item) => Object.fromEntries(named.map(({ id, name }) => [name, cellText(item.cells[id])])))
  return csv(
    rows,
    named.map(({ name }) => name),
  )
}

/** The whole list: items below their parents. */
function asJson(row: ListRow, items: readonly ListItem[]): string {
  const tree = (parent: string | undefined): object[] =>
    items.filter((item) => item.parentId === parent).map((item) => ({ ...itemView(item), subtasks: tree(item.id) }))
  return JSON.stringify({ id: row.id, title: row.title, list_metadata: listView(row), items: tree(undefined) })
}

export const listExports = operations({
  'slackLists.download.start': (call) => {
    const { query, tables } = call
    const row = knownList(call, query.list_id)
    const format = text(query.format) ?? 'csv'
    if (format !== 'csv' && format !== 'json') throw fail('invalid_arguments')
    const items = tables.listItems
      .where('list', row.id)
      .filter((item) => !item.archived || flag(query.include_archived))
    const job = tables.listExports.insert({
      id: newId(call.random, 'listExport'),
      listId: row.id,
      format,
      attachments: flag(query.include_attachments),
      threads: flag(query.include_threads),
      body: format === 'csv' ? asCsv(row, items) : asJson(row, items),
    })
    return done({ job_id: job.id })
  },

  'slackLists.download.get': (call) => {
    const { query } = call
    const row = knownList(call, query.list_id)
    const job = call.tables.listExports.get(String(query.job_id))
    const isSame =
      job?.listId === row.id &&
      job.format === (text(query.format) ?? 'csv') &&
      job.attachments === flag(query.include_attachments) &&
      job.threads === flag(query.include_threads)
    if (!job || !isSame) throw fail('job_not_found')
    const team = call.caller.team.id
    const url = call.link(`/files-pri/${team}-${row.id}/${job.format}/list?origin_team=${team}&job_id=${job.id}`)
    return done({ status: 'COMPLETED', download_url: url })
  },

  downloadList: (call) => {
    const job = call.tables.listExports.get(String(call.query.job_id ?? ''))
    const reader = readerOf(call, 'lists:read')
    const isTheirs = job && reader && call.params.file.endsWith(`-${job.listId}`) && call.params.format === job.format
    if (!isTheirs || !mayRead(call, job.listId, reader)) return redirect(call.link('/'))
    return content(Buffer.from(job.body), TYPES[job.format], {
      'content-disposition': `attachment; filename="list.${job.format}"`,
    })
  },
})

const mayRead = (call: SlackCall, listId: string, user: string): boolean => {
  const row = call.tables.lists.get(listId)
  return (
    row !== undefined &&
    (row.owner === user || row.access.some(({ id }) => id === user || call.tables.memberships.has(`${id}:${user}`)))
  )
}
