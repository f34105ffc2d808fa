import { z } from 'zod'

export const VERDICTS = ['pass', 'fail', 'unsure'] as const
export type Verdict = (typeof VERDICTS)[number]

/** What a judge says. Evidence comes before the verdict: a reason found afterwards is an excuse. Small and flat. */
export const answers = z.strictObject({
  answers: z.array(
    z.strictObject({
      id: z.string(),
      evidence: z.array(z.strictObject({ ref: z.string(), quote: z.string() })),
      reason: z.string(),
      verdict: z.enum(VERDICTS),
    }),
  ),
  injection_seen: z.boolean(),
})
export type Answers = z.output<typeof answers>
export type Answer = Answers['answers'][number]

/** Reads a reply. `undefined` for text that is no JSON, or JSON of another shape. */
export function answersIn(text: string): Answers | undefined {
  try {
    return answers.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
