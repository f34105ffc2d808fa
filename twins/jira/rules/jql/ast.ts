/** A JQL query as data: what `jql/parse` shows, filters check and search runs. */
export interface Query {
  readonly where?: Clause
  readonly orderBy: readonly SortKey[]
}

export type Clause =
  | { readonly kind: 'and' | 'or'; readonly clauses: readonly Clause[] }
  | { readonly kind: 'not'; readonly clause: Clause }
  | Condition

export interface Condition {
  readonly kind: 'condition'
  readonly field: FieldName
  readonly operator: Operator
  /** Absent for CHANGED. */
  readonly operand?: Operand
  readonly predicates: readonly Predicate[]
}

export interface FieldName {
  /** As written, without quotes: `status`, `cf[10010]`, `issue.property[k].p`. */
  readonly name: string
  /** Of an entity property: its key and the path within its value. */
  readonly property?: { readonly entity: string; readonly key: string; readonly path: string }
}

export type Operator =
  | '='
  | '!='
  | '<'
  | '>'
  | '<='
  | '>='
  | '~'
  | '!~'
  | 'in'
  | 'not in'
  | 'is'
  | 'is not'
  | 'was'
  | 'was not'
  | 'was in'
  | 'was not in'
  | 'changed'

export type Operand =
  | { readonly kind: 'value'; readonly value: string; readonly quoted: boolean }
  | { readonly kind: 'list'; readonly items: readonly Operand[] }
  | { readonly kind: 'function'; readonly name: string; readonly args: readonly string[] }
  | { readonly kind: 'empty'; readonly keyword: string }

export interface Predicate {
  readonly operator: 'after' | 'before' | 'by' | 'during' | 'on' | 'from' | 'to'
  readonly operand: Operand
}

export interface SortKey {
  readonly field: FieldName
  readonly direction?: 'asc' | 'desc'
}

/** A query that does not parse, in Jira's words. */
export class JqlSyntaxError extends Error {}
