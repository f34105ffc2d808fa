import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromWiki } from './from-wiki.ts'
import { toHtml } from './html.ts'
import { plainText } from './text.ts'
import { toWiki } from './to-wiki.ts'
import { doc, paragraph, text } from './types.ts'
import { isDocument } from './validate.ts'

describe('validation', () => {
  test.each([
    ['an empty document', doc(), true],
    ['a paragraph', doc(paragraph(text('x'))), true],
    ['no version', { type: 'doc', content: [] }, false],
    ['a string', 'x', false],
    ['empty text', doc(paragraph({ type: 'text', text: '' })), false],
    ['an unknown node', doc({ type: 'marquee' }), false],
    ['a heading without level', doc({ type: 'heading', content: [] }), false],
    ['level 7', doc({ type: 'heading', attrs: { level: 7 } }), false],
    [
      'a heading in a list',
      doc({ type: 'bulletList', content: [{ type: 'listItem', content: [{ type: 'heading', attrs: { level: 1 } }] }] }),
      false,
    ],
    ['code beside bold', doc(paragraph(text('x', [{ type: 'code' }, { type: 'strong' }]))), false],
    [
      'code in a link',
      doc(paragraph(text('x', [{ type: 'code' }, { type: 'link', attrs: { href: 'https://e.com' } }]))),
      true,
    ],
    ['an unknown attribute', doc({ type: 'rule', attrs: { wide: true } }), false],
    ['an unknown member', doc({ type: 'rule', wide: true } as never), false],
    ['a layout of Confluence', doc({ type: 'layoutSection', content: [] }), false],
  ])('%s', (_, value, valid) => expect(isDocument(value)).toBe(valid))
})

describe('wiki text', () => {
  test.each([
    ['h2. Plan', 'heading'],
    ['* one\n** two\n* three', 'bulletList'],
    ['# one\n# two', 'orderedList'],
    ['{code:ts}let a = 1{code}', 'codeBlock'],
    ['{noformat}raw *text*{noformat}', 'codeBlock'],
    ['{quote}said{quote}', 'blockquote'],
    ['----', 'rule'],
    ['||a||b||\n|1|2|', 'table'],
    ['plain *bold* _it_ -gone- +under+ {{code}} ^up^ ~down~', 'paragraph'],
    ['see [docs|https://example.com/a] and [~accountid:abc]', 'paragraph'],
    ['{color:#ff0000}red{color}', 'paragraph'],
    ['one\ntwo', 'paragraph'],
  ])('%j is a %s and reads back as written', (wiki, type) => {
    const document = fromWiki(wiki)
    expect(document.content[0]?.type).toBe(type)
    expect(isDocument(document)).toBe(true)
    expect(toWiki(document)).toBe(wiki)
  })

  test('whatever is written becomes a valid document', () => {
    const piece = fc.constantFrom(
      '*',
      '_',
      'a',
      ' ',
      '\n',
      'h1. ',
      '{code}',
      '{quote}',
      '|',
      '[',
      ']',
      '# ',
      '- ',
      'b c',
      '{{',
      '}}',
      '----',
      '\\',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        expect(isDocument(fromWiki(pieces.join('')))).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})

test('text and HTML of a document', () => {
  const document = fromWiki('h1. Title\n\nSome *bold* <words>')
  expect(plainText(document)).toBe('Title\nSome bold <words>')
  expect(toHtml(document)).toBe('<h1><a name="Title"></a>Title</h1>\n\n<p>Some <b>bold</b> &lt;words&gt;</p>')
})
