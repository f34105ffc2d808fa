import { BASE36_UPPER, BASE62, HEX, type Random } from '../../shared/universe/random.ts'

/** Id prefixes of today's workspaces. Public and private channels share `C`; `G` is legacy. */
export const PREFIX = {
  team: 'T',
  enterprise: 'E',
  user: 'U',
  bot: 'B',
  app: 'A',
  channel: 'C',
  im: 'D',
  file: 'F',
  usergroup: 'S',
  view: 'V',
  scheduledMessage: 'Q',
  reminder: 'Rm',
  call: 'R',
  bookmark: 'Bk',
  function: 'Fn',
  execution: 'Fx',
  trigger: 'Ft',
  workflow: 'Wf',
  run: 'Wx',
  trace: 'Tr',
  externalToken: 'Et',
  appRequest: 'Ar',
  listExport: 'Le',
  mcpServer: 'Amcp',
  profileField: 'Xf',
  invite: 'I',
  event: 'Ev',
  listItem: 'Rec',
  column: 'Col',
  section: 'temp:C:',
} as const

export type IdKind = keyof typeof PREFIX

/** Slackbot has the same id in every workspace. */
export const SLACKBOT = 'USLACKBOT'

/** A fresh id: 11 characters, upper-case base 36, `0` after the prefix as every id minted since 2020 has. */
export function newId(random: Random, kind: IdKind): string {
  const prefix = PREFIX[kind]
  return `${prefix}0${random.text(Math.max(9, 10 - prefix.length), BASE36_UPPER)}`
}

/** Block ids that Slack makes up for blocks without one: five characters of base 64, `+` and `/` included. */
export const newBlockId = (random: Random): string => random.text(5, `${BASE62}+/`)

/** `hash` of a view: the second it was made and eight characters. Changes with every update. */
export const newViewHash = (random: Random, now: number): string =>
  `${Math.floor(now / 1000)}.${random.text(8, BASE62)}`

/** `<13 digits>.<team number>.<32 hex>`, as interactions carry them. */
export const newTriggerId = (random: Random): string =>
  `1${random.text(12, DIGITS)}.${random.text(13, DIGITS)}.${random.text(32, HEX)}`

export const DIGITS = '0123456789'

export const isUserId = (id: string): boolean => /^[UW][A-Z0-9]{6,}$/.test(id)
export const isConversationId = (id: string): boolean => /^[CDG][A-Z0-9]{6,}$/.test(id)

/** Seconds, the unit of most times in Slack's bodies. */
export const seconds = (now: number): number => Math.floor(now / 1000)
