import { createRequire } from 'node:module'

interface EmojiData {
  readonly emojis: Readonly<
    Record<string, { readonly skins: readonly { readonly unified: string; readonly native: string }[] }>
  >
  readonly aliases: Readonly<Record<string, string>>
}

let data: EmojiData | undefined
/** The standard emoji under the short names Slack uses (`+1`, `tada`), and their other names. Read on first use: 400 KB. */
const known = (): EmojiData => {
  data ??= createRequire(import.meta.url)('@emoji-mart/data/sets/15/native.json') as EmojiData
  return data
}

const SKIN_TONE = /^skin-tone-[2-6]$/

export interface EmojiName {
  /** The canonical short name: `thumbsup` is `+1`. */
  readonly name: string
  /** `skin-tone-2` … `skin-tone-6`. */
  readonly tone?: string
}

/**
 * Reads a reaction or inline emoji name: `tada`, `:tada:`, `thumbsup::skin-tone-2`. `undefined`: no such emoji.
 *
 * @param custom whether the workspace has a custom emoji of that name
 */
export function readEmoji(value: string, custom: (name: string) => boolean): EmojiName | undefined {
  const [given = '', tone, ...rest] = value.replace(/^:|:$/g, '').split('::')
  if (rest.length > 0 || (tone !== undefined && !SKIN_TONE.test(tone))) return undefined
  const { aliases, emojis } = known()
  const name = aliases[given] ?? given
  if (!Object.hasOwn(emojis, name) && !custom(name)) return undefined
  return tone === undefined ? { name } : { name, tone }
}

export const emojiText = ({ name, tone }: EmojiName): string => (tone === undefined ? name : `${name}::${tone}`)

/** Code points of a standard emoji as rich text names them: `1f44b`, `1f44b-1f3fb`. */
export function emojiUnicode({ name, tone }: EmojiName): string | undefined {
  const skins = known().emojis[name]?.skins
  return skins?.[tone === undefined ? 0 : Number(tone.at(-1)) - 1]?.unified
}

let shortNames: ReadonlyMap<string, string> | undefined
const byNative = (): ReadonlyMap<string, string> => {
  shortNames ??= new Map(
    Object.entries(known().emojis).flatMap(([name, { skins }]) =>
      skins.map(({ native }, i): [string, string] => [native, i === 0 ? `:${name}:` : `:${name}::skin-tone-${i + 1}:`]),
    ),
  )
  return shortNames
}

const PICTOGRAPH = /\p{RGI_Emoji}/gv

/** Messages store `:tada:`, never 🎉. */
export const unicodeToShortNames = (text: string): string =>
  text.replace(
    PICTOGRAPH,
    (native) => byNative().get(native) ?? byNative().get(native.replace(/\uFE0F$/, '')) ?? native,
  )
