import type { Edit } from './draft.ts'

/**
 * Moves the indexes of requests that were written for an older revision over what others did since.
 *
 * A request's indexes count what the earlier requests of its own batch did, but not the others' edits. So the others'
 * edits are moved over the batch's own as it goes on.
 */
export class Rebase {
  #others: readonly Edit[]
  readonly #firstTab: string

  constructor(others: readonly Edit[], firstTab: string) {
    this.#others = others
    this.#firstTab = firstTab
  }

  /** A request with every location and range in it moved. */
  request<T extends object>(request: T): T {
    return this.#others.length === 0 ? request : (this.#moved(request) as T)
  }

  /** Takes note of what a request of the batch did. */
  applied(own: readonly Edit[]): void {
    for (const edit of own) {
      let index = this.#unmoved(edit)
      this.#others = this.#others.map((other) => {
        if (!sameSegment(other, edit)) return other
        const moved = { ...other, index: shifted(other.index, { ...edit, index }, false) }
        index = shifted(index, other, true)
        return moved
      })
    }
  }

  #moved(value: unknown, name = ''): unknown {
    if (value === null || typeof value !== 'object') return value
    if (Array.isArray(value)) return value.map((element) => this.#moved(element))
    const object = value as Record<string, unknown>
    const place = { tabId: (object.tabId as string) || this.#firstTab, segmentId: (object.segmentId as string) ?? '' }
    return Object.fromEntries(
      Object.entries(object).map(([member, inner]) => {
        if (!PLACES.test(name) || typeof inner !== 'number') return [member, this.#moved(inner, member)]
        // A range's end stays before what others put there; a location and a range's start move behind it.
        return [member, this.#position(inner, place, member !== 'endIndex')]
      }),
    )
  }

  #position(index: number, place: { tabId: string; segmentId: string }, behind: boolean): number {
    return this.#others.reduce((at, edit) => (sameSegment(edit, place) ? shifted(at, edit, behind) : at), index)
  }

  /** Where an edit would have been without the others. */
  #unmoved(edit: Edit): number {
    return this.#others.reduceRight((at, other) => {
      if (!sameSegment(other, edit) || at <= other.index) return at
      return Math.max(other.index, at - other.inserted + other.removed)
    }, edit.index)
  }
}

/** Members of requests that hold indexes. */
const PLACES = /^(range|location|tableStartLocation|sectionBreakLocation)$/

const sameSegment = (edit: Edit, place: { tabId: string; segmentId: string }) =>
  edit.tabId === place.tabId && edit.segmentId === place.segmentId

function shifted(at: number, { index, removed, inserted }: Edit, behind: boolean): number {
  if (at < index || (at === index && !behind)) return at
  if (at < index + removed) return index + (behind ? inserted : 0)
  return at - removed + inserted
}
