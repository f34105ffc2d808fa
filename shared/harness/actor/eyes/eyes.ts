/** Whose eyes they are. */
export interface Onlooker {
  readonly email: string
  /** Instant the story began: what was there before is background. */
  readonly since: number
}

/** Ways to look, in a fork that is thrown away. */
export interface Eyes {
  /** A GET of a service with a credential of the person's own. */
  get(service: string, path: string): Promise<never>
  /** What the person's devices show where the service has no API for it: an act of the twin. */
  act(service: string, action: string, input: object): unknown
}

/** What somebody sees of one service: a list of things. */
export type See = (eyes: Eyes, onlooker: Onlooker) => Promise<readonly object[]>

/** Things shown of each kind. */
export const SHOWN = 20
