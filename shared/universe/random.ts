/** The state of the generator: four unsigned 32-bit integers. */
export type RandomState = readonly [number, number, number, number]

/**
 * Seeded pseudo-random numbers (sfc32). A universe owns one; its state is forked and rolled back with the rows, so the
 * same seed and the same calls give the same bytes.
 */
export class Random {
  #a = 0
  #b = 0
  #c = 0
  #d = 1

  constructor(seed: number | RandomState) {
    if (typeof seed === 'number') {
      this.#a = seed | 0
      this.#b = Math.floor(seed / 0x1_0000_0000) | 0
      this.#c = 0x9e3779b9
      for (let i = 0; i < 12; i++) this.#next()
    } else this.state = seed
  }

  get state(): RandomState {
    return [this.#a, this.#b, this.#c, this.#d]
  }

  set state([a, b, c, d]: RandomState) {
    this.#a = a
    this.#b = b
    this.#c = c
    this.#d = d
  }

  /** A number in [0, 1). */
  number(): number {
    return this.#next() / 0x1_0000_0000
  }

  /** An integer in [0, below). */
  integer(below: number): number {
    return Math.floor(this.number() * below)
  }

  /** `length` characters of `alphabet`. */
  text(length: number, alphabet: string): string {
    let text = ''
    for (let i = 0; i < length; i++) text += alphabet[this.integer(alphabet.length)]
    return text
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.#next() & 0xff)
  }

  /** A version 4 UUID. */
  uuid(): string {
    const hex = this.text(30, HEX)
    const variant = '89ab'[this.integer(4)]
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-${variant}${hex.slice(15, 18)}-${hex.slice(18)}`
  }

  #next(): number {
    const t = (((this.#a + this.#b) | 0) + this.#d) | 0
    this.#d = (this.#d + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (this.#c << 21) | (this.#c >>> 11)
    this.#c = (this.#c + t) | 0
    return t >>> 0
  }
}

export const HEX = '0123456789abcdef'
export const BASE36 = '0123456789abcdefghijklmnopqrstuvwxyz'
export const BASE36_UPPER = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
export const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
export const BASE64URL = `${BASE62}-_`
