import { type Eyes, type Onlooker, SHOWN } from './eyes.ts'

type Block = Readonly<Record<string, unknown>>

interface Message {
  readonly ts: string
  readonly user?: string
  readonly bot_profile?: { readonly name: string }
  readonly text: string
  readonly blocks?: readonly Block[]
  readonly reply_count?: number
  readonly latest_reply?: string
  readonly is_ephemeral?: boolean
  readonly thread_ts?: string
  readonly reactions?: readonly { readonly name: string; readonly users: readonly string[] }[]
}

interface Channel {
  readonly id: string
  readonly name?: string
  readonly is_im?: boolean
  readonly user?: string
}

interface Screen {
  readonly modals: readonly { id: string; title: { text: string }; blocks: readonly Block[] }[]
  readonly messages?: readonly Message[]
}

/**
 * The conversations a person is in, what was said there and in threads, and open modals. Messages only they see, and
 * modals, are on their screen and in no API.
 */
export async function slack(eyes: Eyes, { email, since }: Onlooker): Promise<object[]> {
  const get = (path: string) => eyes.get('slack', `/api/${path}`)
  const names = await namesFor(get, email)
  const isNew = ({ ts, latest_reply = '' }: Message) => [ts, latest_reply].some((at) => Number(at) * 1000 >= since)
  const { channels } = (await get(
    'users.conversations?types=public_channel,private_channel,im,mpim&limit=200&exclude_archived=true',
  )) as { channels: readonly Channel[] }
  const seen: object[] = []
  for (const { id, name, is_im, user } of channels) {
    const channel = is_im ? `direct messages with ${names.of(user)}` : `#${name}`
    const { messages } = (await get(`conversations.history?channel=${id}&limit=${SHOWN}`)) as { messages: Message[] }
    const lines: object[] = []
    for (const message of messages.toReversed()) {
      lines.push(lineOf(message, names))
      if (!message.reply_count || !isNew(message)) continue
      const thread = (await get(`conversations.replies?channel=${id}&ts=${message.ts}&limit=100`)) as {
        messages: Message[]
      }
      lines.push(
        ...thread.messages
          .slice(1)
          .slice(-SHOWN)
          .map((reply) => lineOf(reply, names, message.ts)),
      )
    }
    const { messages: shown = [] } = eyes.act('slack', 'screen', { user: email, channel: id }) as Screen
    for (const message of shown.filter(({ is_ephemeral }) => is_ephemeral))
      lines.push({ ...lineOf(message, names, message.thread_ts), only: 'you see this' })
    const told = messages.some(isNew) || lines.length > messages.length
    seen.push(told ? { channel, id, messages: lines } : { channel, id, nothing: 'new' })
  }
  const { modals } = eyes.act('slack', 'screen', { user: email }) as Screen
  for (const { id, title, blocks } of modals)
    seen.push({ modal: title.text, view_id: id, text: textsOf(blocks), elements: elementsOf(blocks) })
  return seen
}

type Names = Awaited<ReturnType<typeof namesFor>>

async function namesFor(get: (path: string) => Promise<never>, email: string) {
  const { members } = (await get('users.list?limit=1000')) as {
    members: readonly { id: string; real_name?: string; name: string; profile: { email?: string } }[]
  }
  const known = new Map(members.map(({ id, real_name, name }) => [id, real_name ?? name]))
  const me = members.find(({ profile }) => profile.email === email)?.id
  const of = (id = '') => (id === me ? 'you' : (known.get(id) ?? id))
  return {
    of,
    /** A text with its mentions as people read them. */
    in: (text: string) =>
      text.replaceAll(/<@(\w+)(?:\|[^>]*)?>/g, (_, id: string) => `@${of(id)}`).replaceAll(/<#\w+\|([^>]*)>/g, '#$1'),
  }
}

function lineOf({ ts, user, bot_profile, text, blocks, reactions }: Message, names: Names, thread?: string): object {
  const elements = elementsOf(blocks ?? [])
  return {
    ts,
    ...(thread && { thread_ts: thread }),
    from: bot_profile ? `${bot_profile.name} (app)` : names.of(user),
    text: names.in(text),
    ...(elements.length && { elements }),
    ...(reactions && { reactions: reactions.map(({ name, users }) => `${name} by ${users.map(names.of).join(', ')}`) }),
  }
}

/** What can be pressed, chosen or filled in, with the ids that acts name. */
function elementsOf(blocks: readonly Block[]): object[] {
  return blocks.flatMap(({ block_id, label, elements = [], element, accessory }) =>
    [...(elements as readonly Block[]), element as Block | undefined, accessory as Block | undefined].flatMap((one) =>
      one?.action_id === undefined
        ? []
        : [
            {
              type: one.type,
              block_id,
              action_id: one.action_id,
              label: textOf(one.text) ?? textOf(label) ?? textOf(one.placeholder),
              ...(one.options ? { options: (one.options as readonly Block[]).map(optionOf) } : {}),
            },
          ],
    ),
  )
}

const optionOf = ({ text, value }: Block) => ({ text: textOf(text), value })
const textOf = (object: unknown): string | undefined => (object as { text?: string } | undefined)?.text
const textsOf = (blocks: readonly Block[]): string =>
  blocks.flatMap(({ type, text }) => (type === 'section' || type === 'header' ? (textOf(text) ?? []) : [])).join('\n')
