import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { accessFrom } from '../../shared/agents/client.ts'
import { type Script, scripted } from '../../shared/agents/scripted.ts'
import { type Troupe, troupeFor } from '../../shared/harness/actor/ask.ts'
import { folderCache } from '../../shared/harness/judge/cache.ts'
import type { Purse } from '../../shared/harness/meter.ts'
import { UsageError } from './args.ts'

/** Options of commands in which models play people and cost money. */
export const PEOPLE_OPTIONS = {
  scripted: { type: 'string' },
  'persona-cache': { type: 'string' },
  'budget-dollars': { type: 'string' },
  'budget-tokens': { type: 'string' },
} as const

export const PEOPLE_USAGE = `  --scripted FILE    people are played without a model: a module whose default export answers requests as one would
  --persona-cache DIR  keeps their replies: what the software does again costs nothing and goes the same way
  --budget-dollars N, --budget-tokens N   what models may cost, the software's by the gateway among them; when it is used
                     up no run begins, and the exit code is 5`

export interface PeopleValues {
  readonly scripted?: string | undefined
  readonly 'persona-cache'?: string | undefined
  readonly 'budget-dollars'?: string | undefined
  readonly 'budget-tokens'?: string | undefined
}

/** Who plays people, if anybody can, and what models may cost. */
export interface People {
  readonly options: { readonly troupe?: Troupe; readonly purse: Purse }
  /** What a reader of the result has to know; empty when there is nothing. */
  readonly says: string
  close(): Promise<void>
}

/** The people that the options and the environment give. */
export async function peopleFrom(values: PeopleValues, environment = process.env): Promise<People> {
  const purse = { dollars: amount(values, 'budget-dollars'), tokens: amount(values, 'budget-tokens') }
  const server = values.scripted === undefined ? undefined : await scripted(await scriptIn(values.scripted))
  const access = server?.access ?? accessFrom(environment)
  const folder = values['persona-cache']
  const troupe = access && troupeFor(access, folder === undefined ? {} : { cache: folderCache(folder) })
  const says = server ? 'People are played by rules, not by a model: what they cost was not paid.\n' : ''
  return { says, options: { ...(troupe && { troupe }), purse }, close: async () => server?.close() }
}

async function scriptIn(file: string): Promise<Script> {
  try {
    const { default: script } = (await import(pathToFileURL(resolve(file)).href)) as { default?: unknown }
    if (typeof script === 'function' || Array.isArray(script)) return script as Script
  } catch (error) {
    throw new UsageError(`--scripted ${file}: ${(error as Error).message}`)
  }
  throw new UsageError(`--scripted ${file}: its default export is neither a function nor a list`)
}

function amount(values: PeopleValues, name: 'budget-dollars' | 'budget-tokens'): number | undefined {
  const text = values[name]
  if (text === undefined) return undefined
  const number = Number(text)
  if (!(number > 0)) throw new UsageError(`--${name} is a number above 0, not ${text}`)
  return number
}
