import type { Request, WriteControl } from '../../../openapi/types/docs.ts'
import { oneofTwice } from '../errors.ts'

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** Members of requests of which only one may be set, and the name of their oneof. */
const ONEOFS: readonly (readonly [string, readonly string[]])[] = [
  ['insertion_location', ['location', 'endOfSegmentLocation']],
  ['cells', ['tableRange', 'tableStartLocation']],
  ['named_range_reference', ['namedRangeId', 'namedRangeName']],
  ['named_range_reference', ['namedRangeId', 'name']],
]

/** Refuses what the service's JSON parser would: two members of a oneof. The published contract does not tell of them. */
export function assertOneofs(requests: readonly Request[], writeControl: WriteControl): void {
  if (writeControl.requiredRevisionId && writeControl.targetRevisionId) {
    throw oneofTwice('write_control', 'control', 'targetRevisionId')
  }
  for (const [i, request] of requests.entries()) {
    const [first, second] = Object.entries(request).filter(([, value]) => value !== undefined)
    if (second) throw oneofTwice(`requests[${i}]`, 'request', second[0])
    const body = (first?.[1] ?? {}) as Record<string, unknown>
    for (const [oneof, members] of ONEOFS) {
      const set = Object.keys(body).filter((name) => members.includes(name) && body[name] !== undefined)
      if (set.length > 1) throw oneofTwice(`requests[${i}].${snake(first?.[0] ?? '')}`, oneof, set[1] as string)
    }
  }
}
