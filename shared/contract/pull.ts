import { createHash } from 'node:crypto'
import { type Part, pruned } from './assemble.ts'
import { RECIPES, type TwinName, type UpstreamDocument } from './documents.ts'
import type { ContractFolder, Source } from './folder.ts'
import { inOrder, isObject, type JsonObject, type Members, objectAt } from './json.ts'
import { operationsOf } from './operations.ts'
import { applyOverlay } from './overlay.ts'
import { printDocument } from './print.ts'
import { type Input, InputError, readInputs } from './read.ts'
import { printTypes } from './types.ts'

/** A document somebody handed us, recognised and normalised. */
export interface Pulled {
  readonly upstream: UpstreamDocument
  readonly input: Input
  readonly document: JsonObject
}

/**
 * Reads and normalises documents of a twin's contract. Without `from`, each is taken from where the service publishes
 * it.
 *
 * @throws {InputError} when a file is none of the twin's documents, or two of them are the same one
 */
export async function readUpstream(twin: TwinName, from: readonly string[]): Promise<Pulled[]> {
  const recipe = RECIPES[twin]
  const places = from.length > 0 ? from : recipe.documents.map((document) => published(document))
  const pulled = new Map<string, Pulled>()
  for (const place of places) {
    const inputs = await readInputs(place)
    const known = inputs.flatMap((input) => recognise(twin, input))
    if (known.length === 0) {
      const names = recipe.documents.map((document) => document.name).join(', ')
      throw new InputError(`${place} is none of the documents ${twin} is made of: ${names}`)
    }
    for (const one of known) {
      const other = pulled.get(one.upstream.name)
      if (other) throw new InputError(`${other.input.from} and ${one.input.from} are both ${one.upstream.name}`)
      pulled.set(one.upstream.name, one)
    }
  }
  return [...pulled.values()]
}

function published(document: UpstreamDocument): string {
  if (!document.folder) return document.url
  throw new InputError(
    `${document.name} is published as a folder of files: clone ${document.url} and name it by --from`,
  )
}

function recognise(twin: TwinName, input: Input): Pulled[] {
  const upstream = RECIPES[twin].documents.find((document) => document.is(input.document))
  if (!upstream) return []
  try {
    return [{ upstream, input, document: pruned(upstream.normalise(input.document)) }]
  } catch (error) {
    throw new InputError(`${input.from}: ${error instanceof Error ? error.message : error}`)
  }
}

/** Keeps normalised documents and their provenance; the rest of the twin's documents stay as they were. */
export function keep(folder: ContractFolder, pulled: readonly Pulled[], today: string): void {
  const sources = folder.sources()
  for (const { upstream, input, document } of pulled) {
    folder.write(`base/${upstream.name}.json`, printDocument(document, note('pull', upstream.name)))
    const info = objectAt(document, 'info')
    const sha256 = createHash('sha256').update(input.text).digest('hex')
    const before = sources[upstream.name]
    const source: Source = {
      title: String(info.title),
      version: String(info.version),
      url: /^https?:/.test(input.from) ? input.from : upstream.url,
      sha256,
      date: before?.sha256 === sha256 ? before.date : today,
      operations: operationsOf(document).size,
    }
    sources[upstream.name] = source
  }
  const sorted = Object.fromEntries(Object.entries(sources).sort(([a], [b]) => inOrder(a, b)))
  folder.write('sources.json', `${JSON.stringify(sorted, null, 2)}\n`)
}

/**
 * Builds a contract and its types from the kept documents and the twin's overlays.
 *
 * @throws {InputError} when a document was never pulled, or the overlay does not apply
 */
export function build(folder: ContractFolder, twin: TwinName): JsonObject {
  const recipe = RECIPES[twin]
  const parts: Part[] = recipe.documents.map(({ name, word }) => {
    const kept = folder.base(name)
    if (!kept) throw new InputError(`openapi/base/${name}.json is missing: pull it first`)
    const { 'x-dtu-generated': _generated, ...document } = kept
    return { name, word, document }
  })
  const assembled = recipe.assemble(parts)
  const corrected = recipe.overlays.reduce((document, name) => {
    const overlay = folder.overlay(name)
    return overlay ? applyOverlay(document, overlay, `overlays/${name}.yaml`) : document
  }, assembled)
  const contract = pruned(marked(assembled, corrected))
  operationsOf(contract)
  folder.write(`${twin}.json`, printDocument(contract, note('build', twin)))
  folder.write(`types/${twin}.ts`, printTypes(contract, note('build', twin)))
  return contract
}

/** What the overlay added is served, not counted. */
function marked(before: JsonObject, after: JsonObject): JsonObject {
  const known = operationsOf(before)
  const paths: Members = {}
  for (const [path, item] of Object.entries(objectAt(after, 'paths'))) {
    const operations: Members = {}
    for (const [method, operation] of Object.entries(item as JsonObject)) {
      const added = isObject(operation) && !known.has(String(operation.operationId))
      operations[method] = added ? { ...operation, 'x-dtu-added': true } : operation
    }
    paths[path] = operations
  }
  return { ...after, paths }
}

function note(command: string, what: string): string {
  return `Generated by npm run dtu -- contract ${command} (${what}). Do not edit.`
}
