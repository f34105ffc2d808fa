import { z } from 'zod'
import { SECTIONS } from './lines.ts'

/** A question to the judge: answered from the record of a run with yes or no, or not at all. */
export const question = z.strictObject({
  id: z.string().min(1),
  /** Yes is what the user wants. May hold `${…}`. */
  ask: z.string().min(10, 'a question is a sentence whose answer is yes or no'),
  critical: z.boolean().default(true),
  /** Sections and kinds that are shown first when there is not room for everything. */
  needs: z
    .array(
      z.string().refine((name) => (SECTIONS as readonly string[]).includes(name) || /^[a-z]+\.[A-Za-z_]+$/.test(name), {
        error: `${SECTIONS.join(', ')}, or a kind such as slack.messages`,
      }),
    )
    .default([]),
  why: z.string().optional(),
})
export type Question = z.output<typeof question>

/** Kinds that questions need and no twin has. */
export const unknownKinds = (questions: readonly Question[], kinds: ReadonlySet<string>): string[] =>
  questions.flatMap(({ id, needs }) =>
    needs.filter((name) => name.includes('.') && !kinds.has(name)).map((name) => `judge ${id}: no kind ${name}`),
  )
