import { z } from 'zod'
import type { TwinApp } from '../../kernel/services.ts'

const TWINS = ['okta', 'jira', 'slack', 'docs', 'drive', 'sheets'] as const

/** A person of the story. A model plays a `persona`, by what is said here; a `script` person only does what steps say. */
export const actor = z.discriminatedUnion('play', [
  z.strictObject({
    play: z.literal('script'),
    /** Who it is: a person of the fixture by their key, or a variable that stands for one. */
    person: z.string(),
  }),
  z.strictObject({
    play: z.literal('persona'),
    person: z.string(),
    /** All that this person knows of the matter. May hold `${…}`. */
    knows: z.string().default('Nothing beyond what you see.'),
    wants: z.string(),
    manner: z.string().default('brief and matter-of-fact'),
    /** Acts this person could do: `twin.action`. */
    may: z.array(z.string().regex(/^[a-z]+\..+$/, 'an act is twin.action')).min(1),
    /** Services this person looks at; default: those of `may`. */
    sees: z.array(z.enum(TWINS)).optional(),
    /** Turns at most. Then this person answers no more. */
    turns: z.int().min(1).default(6),
  }),
])
export type Actor = z.output<typeof actor>
export type PersonaPart = Extract<Actor, { play: 'persona' }>

export const actors = z.record(
  z.string().regex(/^[a-z][a-z0-9_]*$/, 'an actor is lower-case letters and digits'),
  actor,
)

/** The act of a step in which a persona has a turn. */
export const RESPOND = 'respond'

interface Cast {
  readonly actors: Readonly<Record<string, Actor>>
  readonly steps: readonly { readonly actor: string; readonly act: string }[]
}

/** Names of the personas. */
export const personasOf = ({ actors }: Pick<Cast, 'actors'>): string[] =>
  Object.entries(actors).flatMap(([name, { play }]) => (play === 'persona' ? [name] : []))

/** Turns of people whom no model plays. */
export const turnsOfNobody = ({ actors, steps }: Cast): number[] =>
  [...steps.keys()].filter((position) => {
    const step = steps[position] as Cast['steps'][number]
    return step.act === RESPOND && actors[step.actor]?.play !== 'persona'
  })

/** Acts that personas are offered and no twin has, or that belong to nobody in particular. */
export function unknownActs({ actors }: Cast, apps: ReadonlyMap<string, TwinApp>): string[] {
  return Object.entries(actors).flatMap(([name, part]) =>
    part.play === 'script'
      ? []
      : part.may.flatMap((act) => {
          const dot = act.indexOf('.')
          const known = apps.get(act.slice(0, dot))?.twin.acts ?? {}
          const found = known[act.slice(dot + 1)]
          if (!found) return [`actor ${name}: no act ${act}`]
          return found.who === undefined ? [`actor ${name}: ${act} is no act of a person`] : []
        }),
  )
}
