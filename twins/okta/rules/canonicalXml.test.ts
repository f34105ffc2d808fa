import { expect, it } from 'vitest'
import { element } from './canonicalXml.ts'

it.each([
  ['namespaces first, then attributes in order', element('a:b', { z: '1', 'xmlns:a': 'urn:a', B: '2' }), '<a:b xmlns:a="urn:a" B="2" z="1"></a:b>'],
  ['no attribute without a value', element('a', { b: undefined }), '<a></a>'],
  ['text that is no markup', element('a', {}, 'x < y & "z" >\r'), '<a>x &lt; y &amp; "z" &gt;&#xD;</a>'],
  ['values that end nothing', element('a', { b: '"<&>\t\n' }), '<a b="&quot;&lt;&amp;>&#x9;&#xA;"></a>'],
  ['children as they are', element('a', {}, [element('b', {}), undefined, element('c', {}, 'd')]), '<a><b></b><c>d</c></a>'],
])('an element has %s', (_what, written, canonical) => expect(written).toBe(canonical)) // biome-ignore format: a table
