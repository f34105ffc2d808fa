import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { JsonObject } from './json.ts'
import { type Input, parseInput } from './read.ts'
import { openapiFolder } from './root.ts'

/** Where an upstream document came from and which one it was. */
export interface Source {
  readonly title: string
  readonly version: string
  readonly url: string
  readonly sha256: string
  /** Day on which it was pulled. */
  readonly date: string
  readonly operations: number
}

/** The `openapi/` folder: normalised documents, overlays, contracts, types and provenance. */
export class ContractFolder {
  readonly root: string

  constructor(root: string = openapiFolder()) {
    this.root = root
  }

  /** A normalised upstream document; `undefined` before its first pull. */
  base(document: string): JsonObject | undefined {
    return this.#read(`base/${document}.json`)?.document
  }

  contract(twin: string): JsonObject | undefined {
    return this.#read(`${twin}.json`)?.document
  }

  overlay(name: string): JsonObject | undefined {
    return this.#read(`overlays/${name}.yaml`)?.document
  }

  sources(): Record<string, Source> {
    return (this.#read('sources.json')?.document ?? {}) as unknown as Record<string, Source>
  }

  /** Operations that a test or a recording has reached and whose replies matched the contract, by twin. */
  proven(): Record<string, readonly string[]> {
    return (this.#read('proven.json')?.document ?? {}) as unknown as Record<string, readonly string[]>
  }

  write(file: string, text: string): void {
    const path = join(this.root, file)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }

  #read(file: string): Input | undefined {
    const path = join(this.root, file)
    if (!existsSync(path)) return undefined
    return parseInput(path, readFileSync(path, 'utf8'))
  }
}
