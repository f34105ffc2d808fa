/** A request as the kernel sees it: where it arrived is resolved, nothing is decoded yet. */
export interface Incoming {
  readonly method: string
  /** Below the twin's root, percent-encoded as sent: `/api/v1/users/a%40b`. */
  readonly path: string
  /** Everything after `?`, without it. */
  readonly search: string
  /** Absolute URL of the twin's root as the caller addressed it, without a trailing slash. Build every link from it. */
  readonly base: string
  /** One header, or `undefined`. Names in lower case. */
  header(name: string): string | undefined
  /** All headers, names and values in turn, as received. */
  readonly rawHeaders: readonly string[]
  /** The body as sent; empty when there was none. Already read when a handler runs. */
  readonly bytes: Uint8Array
  /** `bytes` as UTF-8, decoded once. */
  readonly text: string
}
