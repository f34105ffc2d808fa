import { withoutSecrets } from '../secrets.ts'

/** Characters kept of the beginning, and as many of the end. */
const KEPT = 10_000

/** A stream of text of which the beginning and the end are kept. */
export class Capture {
  #head = ''
  #tail = ''
  #length = 0

  add(text: string): void {
    this.#length += text.length
    const room = KEPT - this.#head.length
    this.#head += text.slice(0, room)
    this.#tail = (this.#tail + text.slice(Math.max(0, room))).slice(-KEPT)
  }

  get text(): string {
    const left = this.#length - this.#head.length - this.#tail.length
    return withoutSecrets(left > 0 ? `${this.#head}…[+${left} chars]…${this.#tail}` : this.#head + this.#tail)
  }

  get lastLine(): string {
    return this.text.trimEnd().split('\n').at(-1) ?? ''
  }
}
