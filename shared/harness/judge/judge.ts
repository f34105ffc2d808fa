import { type ClientOptions, clientFor, type ModelAccess } from '../../agents/client.ts'
import { type Models, modelsFrom } from '../../agents/models.ts'
import type { Evidence } from '../report/record.ts'
import { type Ballot, type Booth, cast } from './ballot.ts'
import { digestOf, type JudgeCache, memoryCache } from './cache.ts'
import { type Checked, check } from './citations.ts'
import { BUDGET, byRef, type Pack, packOf, suspects } from './evidence.ts'
import type { Judged, Judgement, Spent, Vote } from './judgement.ts'
import { PROMPT_VERSION } from './prompt.ts'
import type { Question } from './question.ts'
import { type Decision, decide, VOTES } from './votes.ts'

export interface JudgeOptions {
  readonly access: ModelAccess
  readonly client?: ClientOptions
  readonly models?: Partial<Models>
  /** Default: this process's memory. */
  readonly cache?: JudgeCache
  /** Tokens of evidence. */
  readonly budget?: number
  /** Share of runs on which a pass is tried with the opposite question. Default 2 %. */
  readonly probe?: number
  /** A release depends on it: the stronger model casts every vote. */
  readonly release?: boolean
  /** Asks also about runs that their checks have failed already; the outcome stays theirs. */
  readonly all?: boolean
}

/** One run and what is asked about it. */
export interface Case {
  readonly story: string
  /** Their `${…}` are resolved. */
  readonly questions: readonly Question[]
  readonly evidence: Evidence
  /** Family of the models of the software under test. */
  readonly family?: 'claude' | 'other' | undefined
}

/** Two votes; more from the stronger model when they differ, when one is spoiled, or when a text speaks to the judge. */
export class Judge {
  readonly version: string
  /** Whether runs that failed a critical check are asked about, too. */
  readonly all: boolean
  readonly #booth: Booth
  readonly #models: Models
  readonly #options: JudgeOptions

  constructor(options: JudgeOptions) {
    this.#options = options
    this.#models = modelsFrom(process.env, options.models)
    this.#booth = { client: clientFor(options.access, options.client), cache: options.cache ?? memoryCache() }
    this.all = options.all ?? false
    const { judge, judgeStrong } = this.#models
    this.version = `${PROMPT_VERSION}/${options.release ? judgeStrong : judge}/${judgeStrong}/${options.budget ?? BUDGET}`
  }

  /** Answers the questions about one run. Never throws for what a model or the network does: then it is undecided. */
  async judge({ story, questions, evidence, family }: Case): Promise<Judged> {
    const needs = [...new Set(questions.flatMap(({ needs }) => needs))]
    const pack = packOf(evidence, { needs, ...(this.#options.budget && { budget: this.#options.budget }) })
    const sheet = new Sheet(questions, pack)
    const cheap = this.#options.release ? 'judgeStrong' : 'judge'
    const first = [0, 1].map((vote) => this.#cast(cheap, story, questions, pack, vote))
    for (const ballot of await Promise.all(first)) sheet.add(questions, ballot)
    let vote = first.length
    for (let open = sheet.open(); open.length; open = sheet.open())
      sheet.add(open, await this.#cast('judgeStrong', story, open, pack, vote++))
    const opposed = await this.#opposed(story, sheet, pack)
    return {
      version: this.version,
      judgements: questions.map((question) => sheet.judgement(question, opposed.has(question.id))),
      suspects: sheet.suspects,
      injectionSeen: sheet.injectionSeen,
      ...(family === 'claude' && { sameFamily: true as const }),
      spent: sheet.spent,
    }
  }

  #cast(role: 'judge' | 'judgeStrong', story: string, questions: readonly Question[], pack: Pack, vote: number) {
    return cast(this.#booth, role, { story, questions, model: this.#models[role], vote }, pack)
  }

  /** On a sample of runs: the questions that passed, turned round; those that pass again. */
  async #opposed(story: string, sheet: Sheet, pack: Pack): Promise<ReadonlySet<string>> {
    const share = this.#options.probe ?? PROBE
    const passed = sheet.questions.filter((question) => sheet.decision(question.id) === 'pass')
    if (passed.length === 0 || !sampled([pack.digest, passed.map(({ id }) => id)], share)) return new Set()
    const turned = passed.map((question) => ({ ...question, ask: `Is no the right answer to this: ${question.ask}` }))
    const ballot = await this.#cast('judge', story, turned, pack, VOTES.most)
    sheet.spent.push(...ballot.spent)
    const lines = byRef(pack)
    const again = ballot.answers?.answers.filter((answer) => check(answer, lines).verdict === 'pass') ?? []
    return new Set(again.map(({ id }) => id))
  }
}

const PROBE = 0.02

/** Whether a run is in the sample: always the same runs. */
const sampled = (of: unknown, share: number) => Number.parseInt(digestOf(of).slice(0, 8), 16) / 0x1_0000_0000 < share

/** The votes on each question of one run. */
class Sheet {
  readonly questions: readonly Question[]
  readonly suspects: readonly string[]
  readonly spent: Spent[] = []
  injectionSeen = false
  readonly #votes = new Map<string, Vote[]>()
  readonly #lines: ReturnType<typeof byRef>

  constructor(questions: readonly Question[], pack: Pack) {
    this.questions = questions
    this.suspects = suspects(pack)
    this.#lines = byRef(pack)
  }

  add(questions: readonly Question[], ballot: Ballot): void {
    this.spent.push(...ballot.spent)
    if (ballot.answers?.injection_seen) this.injectionSeen = true
    for (const { id } of questions) this.#votes.set(id, [...this.votes(id), this.#vote(id, ballot)])
  }

  votes(id: string): readonly Vote[] {
    return this.#votes.get(id) ?? []
  }

  /** A suspect text, or a judge that saw one, calls for every vote there is. */
  decision(id: string): Decision | undefined {
    const verdicts = this.votes(id).map(({ verdict, spoiled }) => (spoiled ? undefined : verdict))
    return decide(verdicts, this.suspects.length > 0 || this.injectionSeen)
  }

  open(): Question[] {
    return this.questions.filter(({ id }) => this.decision(id) === undefined)
  }

  judgement({ id, ask, critical }: Question, contradicts: boolean): Judgement {
    const votes = this.votes(id)
    const decided = this.decision(id) ?? 'undecided'
    const verdict = contradicts ? 'undecided' : decided
    const deciding = votes.filter((vote) => vote.verdict === decided)
    const refs = deciding.flatMap(({ citations }) =>
      citations.filter(({ valid }) => valid).map(({ of, ref }) => of ?? ref),
    )
    return {
      question: id,
      ask,
      critical,
      verdict,
      reason: contradicts ? 'the opposite passed, too' : (deciding[0]?.reason ?? whyUndecided(votes)),
      refs: [...new Set(refs)],
      votes,
      cached: votes.every(({ cached }) => cached),
      ...(contradicts && { contradicts }),
    }
  }

  #vote(id: string, { answers, model, cached, because }: Ballot): Vote {
    const given = answers?.answers.filter((answer) => answer.id === id) ?? []
    const [answer] = given
    const nothing = (why: string): Checked => ({ verdict: 'unsure', reason: '', citations: [], because: why })
    const checked = !answer
      ? nothing(because ?? 'the question was not answered')
      : given.length > 1
        ? nothing('the question was answered twice')
        : check(answer, this.#lines)
    return { ...checked, model, cached }
  }
}

function whyUndecided(votes: readonly Vote[]): string {
  const told = votes.map(
    ({ verdict, because, reason }) => because ?? (verdict === 'unsure' ? `unsure: ${reason}` : verdict),
  )
  return [...new Set(told)].join('; ')
}
