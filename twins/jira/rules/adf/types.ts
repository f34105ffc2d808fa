/** A node of the Atlassian Document Format. */
export interface AdfNode {
  readonly type: string
  readonly attrs?: Readonly<Record<string, unknown>>
  readonly content?: readonly AdfNode[]
  readonly marks?: readonly AdfMark[]
  readonly text?: string
}

export interface AdfMark {
  readonly type: string
  readonly attrs?: Readonly<Record<string, unknown>>
}

/** Rich text as Jira keeps it: v3 shows it as it is, v2 as wiki text. */
export interface AdfDocument extends AdfNode {
  readonly type: 'doc'
  readonly version: 1
  readonly content: readonly AdfNode[]
}

export const doc = (...content: AdfNode[]): AdfDocument => ({ type: 'doc', version: 1, content })
export const paragraph = (...content: AdfNode[]): AdfNode => ({ type: 'paragraph', content })
export const text = (value: string, marks: readonly AdfMark[] = []): AdfNode => ({
  type: 'text',
  text: value,
  ...(marks.length > 0 && { marks }),
})
