import { type AdfMark, type AdfNode, text } from './types.ts'

interface Rule {
  readonly pattern: RegExp
  make(match: RegExpExecArray, marks: readonly AdfMark[]): AdfNode[]
}

const wrapped = (delimiter: string, mark: AdfMark): Rule => ({
  pattern: new RegExp(`^${delimiter}(?=\\S)((?:(?!${delimiter}|\\n).)*\\S)${delimiter}(?![\\p{L}\\p{N}])`, 'u'),
  make: (match, marks) => inlineNodes(match[1] as string, [...marks, mark]),
})

const EMOJI: Readonly<Record<string, string>> = {
  ':)': ':slight_smile:',
  ':(': ':disappointed:',
  ':D': ':smiley:',
  ';)': ':wink:',
  '(!)': ':warning:',
  '(/)': ':check_mark:',
  '(x)': ':cross_mark:',
  '(?)': ':question:',
  '(*)': ':yellow_star:',
}

const RULES: readonly Rule[] = [
  { pattern: /^\\([*_\-+^~{}[\]!|\\])/, make: (match, marks) => [text(match[1] as string, marks)] },
  {
    pattern: /^\{\{(.+?)\}\}/,
    make: (match, marks) => [text(match[1] as string, [...marks.filter((m) => m.type === 'link'), { type: 'code' }])],
  },
  {
    pattern: /^\{color:(#[0-9a-fA-F]{6}|\w+)\}([\s\S]*?)\{color\}/,
    make: (match, marks) => {
      const color = match[1] as string
      return inlineNodes(
        match[2] as string,
        color.startsWith('#') ? [...marks, { type: 'textColor', attrs: { color } }] : marks,
      )
    },
  },
  { pattern: /^\[~accountid:([^\]]+)\]/, make: (match) => [{ type: 'mention', attrs: { id: match[1] } }] },
  {
    pattern: /^\[([^\]|\n]+)\|([^\]|\s]+)\|smart-(?:link|card|embed)\]/,
    make: (match) => [{ type: 'inlineCard', attrs: { url: match[2] } }],
  },
  {
    pattern: /^\[([^\]|\n]+)\|((?:https?:|mailto:|ftp:|\/|#)[^\]\s]*)\]/,
    make: (match, marks) => inlineNodes(match[1] as string, [...marks, { type: 'link', attrs: { href: match[2] } }]),
  },
  {
    pattern: /^\[((?:https?|ftp|mailto):[^\]\s|]+)\]/,
    make: (match, marks) => [text(match[1] as string, [...marks, { type: 'link', attrs: { href: match[1] } }])],
  },
  {
    pattern: /^(?:https?|ftp):\/\/[^\s<>"|\]}]+[^\s<>"|\]}.,;:!?)]/,
    make: (match, marks) => [text(match[0], [...marks, { type: 'link', attrs: { href: match[0] } }])],
  },
]

/** Rules that need a word's edge before them: `a*b*` is no bold. */
const EDGE_RULES: readonly Rule[] = [
  wrapped('\\*', { type: 'strong' }),
  wrapped('_', { type: 'em' }),
  wrapped('-', { type: 'strike' }),
  wrapped('\\+', { type: 'underline' }),
  wrapped('\\^', { type: 'subsup', attrs: { type: 'sup' } }),
  wrapped('~', { type: 'subsup', attrs: { type: 'sub' } }),
  {
    pattern: /^(?::\)|:\(|:D|;\)|\((?:!|\/|x|\?|\*)\))/,
    make: (match) => [{ type: 'emoji', attrs: { shortName: EMOJI[match[0]] ?? ':slight_smile:' } }],
  },
]

/** One block's words: marks, links, mentions, line breaks. */
export function inlineNodes(wiki: string, marks: readonly AdfMark[] = []): AdfNode[] {
  const nodes: AdfNode[] = []
  let plain = ''
  const flush = () => {
    if (plain !== '') nodes.push(text(plain, marks))
    plain = ''
  }
  let at = 0
  while (at < wiki.length) {
    const rest = wiki.slice(at)
    if (rest.startsWith('\n') || rest.startsWith('\\\\')) {
      flush()
      nodes.push({ type: 'hardBreak' })
      at += rest.startsWith('\n') ? 1 : 2
      continue
    }
    const edge = at === 0 || !/[\p{L}\p{N}]/u.test(wiki[at - 1] as string)
    const found = match(edge ? [...RULES, ...EDGE_RULES] : RULES, rest)
    if (found) {
      flush()
      nodes.push(...found.rule.make(found.match, marks))
      at += found.match[0].length
    } else plain += wiki[at++]
  }
  flush()
  return nodes
}

function match(rules: readonly Rule[], rest: string) {
  for (const rule of rules) {
    const match = rule.pattern.exec(rest)
    if (match) return { rule, match }
  }
  return undefined
}
