import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import type { Twin } from '../kernel/twin.ts'
import { BLANK, type Fixture } from '../server/multiverse.ts'
import { TWIN_NAMES } from '../server/twins.ts'
import { placeIn } from './place.ts'

/** A fixture that cannot be used: where, and why, one line each. */
export class FixtureError extends Error {
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

/** A person declared once, present in every service under the same e-mail. */
export const person = z.strictObject({
  email: z.email(),
  firstName: z.string().min(1),
  lastName: z.string().min(1),
  title: z.string().optional(),
  department: z.string().optional(),
  manager: z.email().optional(),
  timeZone: z.string().optional(),
  admin: z.boolean().optional(),
})

const FIXTURES = fileURLToPath(new URL('../../fixtures/', import.meta.url))

/** Names of the fixtures that come with the project. */
export function fixtureNames(): string[] {
  const entries = readdirSync(FIXTURES, { withFileTypes: true })
  const names = entries
    .filter((entry) => (entry.isDirectory() && entry.name !== 'scenarios') || /\.ya?ml$/.test(entry.name))
    .map((entry) => basename(entry.name, extname(entry.name)))
  return ['blank', ...new Set(names)]
}

/** A shipped fixture by name, or one from a path to a YAML file or a folder of them. */
export async function fixtureNamed(nameOrPath: string, twins: readonly Twin[]): Promise<Fixture> {
  if (nameOrPath === 'blank') return BLANK
  const candidates = [nameOrPath, ...['', '.yaml', '.yml'].map((end) => join(FIXTURES, nameOrPath + end))]
  const path = candidates.find((candidate) => existsSync(candidate))
  if (!path)
    throw new FixtureError([`No fixture ${nameOrPath}; there are ${fixtureNames().join(', ')}, or give a path`])
  const files = statSync(path).isDirectory()
    ? readdirSync(path)
        .filter((file) => /\.ya?ml$/.test(file))
        .sort()
        .map((file) => join(path, file))
    : [path]
  const name = basename(path, extname(path))
  return parseFixture(
    name,
    files.map((file) => ({ file, text: readFileSync(file, 'utf8') })),
    twins,
  )
}

/** Reads fixture texts, which together form one fixture. Problems name file, line, column and field. */
export function parseFixture(
  name: string,
  texts: readonly { file: string; text: string }[],
  twins: readonly Twin[],
): Fixture {
  const problems: string[] = []
  const people: Fixture['people'][number][] = []
  const sections: Record<string, unknown> = {}
  const schema = fixtureSchema(twins)
  for (const { file, text } of texts) {
    const lines = new LineCounter()
    const document = parseDocument(text, { lineCounter: lines })
    for (const error of document.errors) {
      const { line, col } = lines.linePos(error.pos[0])
      problems.push(`${file}:${line}:${col}: ${error.message.split('\n')[0]}`)
    }
    if (document.errors.length) continue
    const parsed = schema.safeParse(document.toJS() ?? {})
    if (!parsed.success) {
      for (const issue of parsed.error.issues)
        problems.push(`${placeIn(file, document, lines, issue.path)}: ${issue.message}`)
      continue
    }
    const { people: more = [], ...rest } = parsed.data as { people?: Fixture['people'] } & Record<string, unknown>
    people.push(...more)
    for (const [section, value] of Object.entries(rest)) {
      if (value === undefined) continue
      if (section in sections) problems.push(`${file}: section ${section} is given twice`)
      sections[section] = value
    }
  }
  if (problems.length) throw new FixtureError(problems)
  return { name, people, sections }
}

/** The schema of a fixture file: people, and a section per twin (Docs and Sheets stand in Drive's tree). */
export function fixtureSchema(twins: readonly Twin[]) {
  const sections: Record<string, z.ZodType> = {}
  for (const name of TWIN_NAMES) {
    const twin = twins.find((candidate) => candidate.name === name)
    sections[name] = twin ? (twin.fixture ?? z.undefined()).optional() : z.unknown().optional() // not loaded: not its turn
  }
  return z.strictObject({ people: z.array(person).optional(), ...sections })
}
