import { type Document, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { ScenarioError } from './mistakes.ts'
import { placeIn } from './place.ts'

/** A YAML file that is as its schema wants it. */
export interface YamlFile<T> {
  readonly value: T
  /** `file:line:column: field` of a member. */
  place(path: readonly PropertyKey[]): string
}

/**
 * Reads a YAML text by a schema, which may depend on what is there.
 *
 * @throws ScenarioError with file, line, column and field of every mistake
 */
export function readYaml<S extends z.ZodType>(
  file: string,
  text: string,
  schemaOf: S | ((value: unknown) => S),
): YamlFile<z.output<S>> {
  const lines = new LineCounter()
  const document: Document = parseDocument(text, { lineCounter: lines })
  if (document.errors.length) {
    throw new ScenarioError(
      document.errors.map((error) => {
        const { line, col } = lines.linePos(error.pos[0])
        return `${file}:${line}:${col}: ${error.message.split('\n')[0]}`
      }),
    )
  }
  const place = (path: readonly PropertyKey[]) => placeIn(file, document, lines, path)
  const value: unknown = document.toJS() ?? {}
  const parsed = (typeof schemaOf === 'function' ? schemaOf(value) : schemaOf).safeParse(value)
  if (parsed.success) return { value: parsed.data, place }
  const reason = (issue: z.core.$ZodIssue) =>
    issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message
  // A key that is not known is the place, not what holds it.
  const at = (issue: z.core.$ZodIssue) => [
    ...issue.path,
    ...(issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []),
  ]
  throw new ScenarioError(parsed.error.issues.map((issue) => `${place(at(issue))}: ${reason(issue)}`))
}
