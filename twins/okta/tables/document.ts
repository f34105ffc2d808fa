import type { Instant } from '../../../shared/universe/clock.ts'
import { defineTable } from '../../../shared/universe/table.ts'

/** A JSON object as a client sent it, or as a view shows it. */
export type Json = Readonly<Record<string, unknown>>

/**
 * A resource whose own members are plain data: most of Okta's configuration objects. What every resource has is
 * beside `data`; `data` holds the rest under its wire names, checked and completed by the resource's declaration.
 */
export interface Document {
  readonly id: string
  /** Owner of a nested resource: the authorization server of a scope, the brand of a theme. */
  readonly parent?: string
  readonly status?: string
  readonly created: Instant
  readonly lastUpdated: Instant
  readonly data: Json
}

/** Declares a table of documents: `trustedOrigins: documents('trustedOrigins')`. Ids ascend with time of creation. */
export const documents = (name: string) =>
  defineTable<Document>()(`okta.${name}`, {
    key: (document) => document.id,
    index: { parent: (document) => document.parent },
  })

/** A table of documents as a handler sees it. */
export type Documents = import('../../../shared/universe/table.ts').Tables<{ t: ReturnType<typeof documents> }>['t']
