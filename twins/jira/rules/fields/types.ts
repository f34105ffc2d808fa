import type { Reader, Site } from '../../context.ts'
import type { CustomField, Issue, Project, User } from '../../tables.ts'

/** Where a value is written to. */
export interface WriteContext {
  readonly site: Site
  readonly user: User | undefined
  readonly api: '2' | '3'
  readonly project: Project
  readonly typeId: string
  /** Absent while the issue is created. */
  readonly issue?: Issue
  readonly field: Field
}

/** A value that does not fit its field; the message is Jira's. */
export class FieldProblem extends Error {}

export interface Schema {
  readonly type: string
  readonly items?: string
  readonly system?: string
  readonly custom?: string
  readonly customId?: number
  readonly configuration?: object
}

/** How values of one kind are read, written, compared and told apart in the history. */
export interface Kind {
  /** Verbs of `update`. */
  readonly operations: readonly string[]
  /** Stored form → wire. */
  read(stored: unknown, reader: Reader, issue: Issue): unknown
  /** Wire → stored form. Throws {@link FieldProblem}. Absent: read only. */
  parse?(value: unknown, context: WriteContext): unknown
  /** What the history shows: id (if the values have ids) and text. */
  history?(stored: unknown, site: Site): { id: string | null; text: string | null }
  /** Choices `createmeta` lists. */
  allowed?(reader: Reader, project: Project, typeId: string, field: Field): readonly unknown[] | undefined
}

/** A field, system or custom, as the engine handles it. */
export interface Field {
  readonly id: string
  readonly name: string
  readonly untranslatedName?: string
  readonly orderable: boolean
  readonly navigable: boolean
  readonly searchable: boolean
  readonly clauseNames: readonly string[]
  readonly schema?: Schema
  readonly kind: Kind
  readonly custom?: CustomField
  /** Its name in the history, where it differs from the id. */
  readonly historyName?: string
  get(issue: Issue): unknown
  /** The row's change for a stored value. Absent: computed, or written by other means. */
  set?(stored: unknown, issue: Issue): Partial<Issue>
  /** Where a picker finds suggestions, below the API's root. */
  readonly autoComplete?: (issueKey: string) => string
}
