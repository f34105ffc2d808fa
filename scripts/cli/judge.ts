import { sampleReader } from '../../fixtures/scenarios/judged/reader.ts'
import { accessFrom, type ModelAccess } from '../../shared/agents/client.ts'
import { scripted } from '../../shared/agents/scripted.ts'
import { folderCache } from '../../shared/harness/judge/cache.ts'
import { Judge, type JudgeOptions } from '../../shared/harness/judge/judge.ts'
import { READER_MODELS } from '../../shared/harness/judge/reader.ts'
import type { Scenario } from '../../shared/harness/scenario.ts'
import { UsageError } from './args.ts'

/** Options of commands that may ask a judge. */
export const JUDGE_OPTIONS = {
  judge: { type: 'string' },
  'judge-all': { type: 'boolean' },
  'judge-cache': { type: 'string' },
  'judge-model': { type: 'string' },
  'judge-strong-model': { type: 'string' },
  release: { type: 'boolean' },
} as const

export const JUDGE_USAGE = `  --judge WHO        auto (default): a model when ANTHROPIC_API_KEY is set, else nobody; off; required: exit code 6 without a
                     key; reader: rules that understand the questions of the sample scenarios, without a model
  --judge-all        asks about runs that their checks failed, too; it changes no outcome
  --judge-cache DIR  keeps replies: the same evidence costs nothing again
  --judge-model NAME, --judge-strong-model NAME   or DTU_MODEL_JUDGE, DTU_MODEL_JUDGE_STRONG
  --release          the stronger model casts every vote`

export interface JudgeValues {
  readonly judge?: string | undefined
  readonly 'judge-all'?: boolean | undefined
  readonly 'judge-cache'?: string | undefined
  readonly 'judge-model'?: string | undefined
  readonly 'judge-strong-model'?: string | undefined
  readonly release?: boolean | undefined
}

/** There has to be a judge and there is none: exit code 6. */
export class NoJudge extends Error {}

/** A judge, or none; what to say about it; and how to let go of what it stands on. */
export interface Bench {
  readonly judge: Judge | undefined
  readonly says: string
  close(): Promise<void>
}

const NO_KEY = 'set ANTHROPIC_API_KEY to have a model answer them'

/** The judge that the options and the environment give. */
export async function benchFrom(values: JudgeValues, environment = process.env): Promise<Bench> {
  const who = values.judge ?? 'auto'
  if (!['auto', 'off', 'required', 'reader'].includes(who)) throw new UsageError(`--judge knows no ${who}`)
  if (who === 'reader') {
    const server = await scripted(sampleReader)
    const says = `The judge is a reader of rules, not a model; ${NO_KEY}.`
    const named = { ...values, 'judge-model': READER_MODELS.judge, 'judge-strong-model': READER_MODELS.judgeStrong }
    return { judge: judgeOf(server.access, named), says, close: server.close }
  }
  const access = who === 'off' ? undefined : accessFrom(environment)
  if (who === 'required' && !access) throw new NoJudge(`A judge is required and there is no key: ${NO_KEY}.`)
  const close = async () => {}
  if (access) return { judge: judgeOf(access, values), says: '', close }
  return { judge: undefined, says: who === 'off' ? 'The judge is off.' : `There is no judge; ${NO_KEY}.`, close }
}

function judgeOf(access: ModelAccess, values: JudgeValues): Judge {
  const { 'judge-model': judge, 'judge-strong-model': judgeStrong, 'judge-cache': folder } = values
  return new Judge({
    access,
    models: { ...(judge && { judge }), ...(judgeStrong && { judgeStrong }) },
    ...(folder && { cache: folderCache(folder) }),
    ...(values['judge-all'] && { all: true }),
    ...(values.release && { release: true }),
  } satisfies JudgeOptions)
}

/** A line on questions that nobody was asked; empty when there are none. */
export function unaskedText({ says, judge }: Bench, scenarios: readonly Scenario[]): string {
  const questions = scenarios.reduce((sum, scenario) => sum + scenario.judge.length, 0)
  if (questions === 0) return ''
  if (judge) return says && `${says}\n`
  return `${questions} questions were not asked, outcomes are those of the checks alone. ${says}\n`
}
