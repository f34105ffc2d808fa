import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Billed } from '../../agents/prices.ts'

/** A reply that was paid for. */
export interface Kept {
  /** The judge's words, unread. */
  readonly text: string
  readonly model: string
  readonly usage: Billed
  /** ISO date. */
  readonly date: string
}

/** Replies by the digest of all that led to them. */
export interface JudgeCache {
  get(key: string): Kept | undefined
  set(key: string, kept: Kept): void
}

export const memoryCache = (): JudgeCache => new Map<string, Kept>()

/** A file for each reply, in folders by the first letters of its key. Several processes may share one. */
export function folderCache(folder: string): JudgeCache {
  const fileOf = (key: string) => join(folder, key.slice(0, 2), `${key}.json`)
  return {
    get(key) {
      try {
        return JSON.parse(readFileSync(fileOf(key), 'utf8')) as Kept
      } catch {
        return undefined // not there, or half-written by a process that was killed
      }
    },
    set(key, kept) {
      const file = fileOf(key)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(`${file}.${process.pid}`, JSON.stringify(kept))
      renameSync(`${file}.${process.pid}`, file)
    },
  }
}

/** sha256 of a value whose members are in a fixed order. */
export const digestOf = (value: unknown): string => createHash('sha256').update(canonical(value)).digest('hex')

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  members.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join()}}`
}
