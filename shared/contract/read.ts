import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { isMap, parseDocument } from 'yaml'
import { isObject, type Json, type JsonObject, type Members } from './json.ts'

/** Something that went wrong because of what the user gave us; its message is all they need. */
export class InputError extends Error {}

/** A document as it came, before we know what it is. */
export interface Input {
  readonly from: string
  readonly text: string
  readonly document: JsonObject
}

/**
 * Reads documents from a file, a folder or an address. A folder gives every JSON and YAML file directly in it; one that
 * holds a file per Slack method (`chat.postMessage.json`, …) gives a single catalogue.
 *
 * @throws {InputError} when nothing is there, or what is there does not parse (with its line)
 */
export async function readInputs(from: string): Promise<Input[]> {
  if (/^https?:\/\//.test(from)) return [parseInput(from, await download(from))]
  const path = from.startsWith('file://') ? new URL(from).pathname : from
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) throw new InputError(`no such file: ${from}`)
  if (!stat.isDirectory()) return [parseInput(from, readFileSync(path, 'utf8'))]
  const files = readdirSync(path).filter((name) => /\.(json|ya?ml)$/.test(name))
  if (files.length === 0) throw new InputError(`no JSON or YAML files in ${from}`)
  const inputs = files.sort().map((name) => parseInput(join(path, name), readFileSync(join(path, name), 'utf8')))
  return inputs.some((input) => basename(input.from) === 'api.test.json') ? [catalogue(from, inputs)] : inputs
}

async function download(url: string): Promise<string> {
  const reply = await fetch(url).catch((cause: unknown) => {
    throw new InputError(`cannot reach ${url}: ${cause instanceof Error ? cause.message : cause}`)
  })
  if (!reply.ok) throw new InputError(`${url} answered ${reply.status} ${reply.statusText}`)
  return reply.text()
}

/** JSON is parsed as such, since YAML's parser is slow on megabytes; the rest is YAML. */
export function parseInput(from: string, text: string): Input {
  const start = text.trimStart()
  const document = start.startsWith('{') || start.startsWith('[') ? parseJson(from, text) : parseYaml(from, text)
  if (!isObject(document)) throw new InputError(`${from}: line 1: expected an object, found ${kindOf(document)}`)
  return { from, text, document }
}

function parseJson(from: string, text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    // YAML's flow style looks like JSON, and its parser says where the trouble is
    const found = parseDocument(text, { logLevel: 'silent' })
    const trouble = found.errors[0]
    if (!trouble && isMap(found.contents)) return found.toJS() as Json
    throw new InputError(`${from}: line ${trouble?.linePos?.[0].line ?? 1}: not JSON: ${message}`)
  }
}

function parseYaml(from: string, text: string): Json {
  const found = parseDocument(text, { logLevel: 'silent', prettyErrors: false, uniqueKeys: true })
  const trouble = found.errors[0]
  if (trouble) {
    const line = text.slice(0, trouble.pos[0]).split('\n').length
    throw new InputError(`${from}: line ${line}: not YAML: ${trouble.message}`)
  }
  return (found.toJS({ maxAliasCount: -1 }) ?? null) as Json
}

function kindOf(value: Json): string {
  if (value === null) return 'nothing'
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`
}

function catalogue(from: string, inputs: readonly Input[]): Input {
  const document: Members = {}
  for (const input of inputs) document[basename(input.from, '.json')] = input.document
  return { from, text: inputs.map((input) => input.text).join('\n'), document }
}
