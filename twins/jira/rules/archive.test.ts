import { zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { abbreviated, entriesOf, friendlySize } from './archive.ts'

test('the files of an archive, without its folders', () => {
  const bytes = zipSync({ 'a/': new Uint8Array(), 'a/b.txt': new Uint8Array(3), 'c.PNG': new Uint8Array(2000) })
  expect(entriesOf(bytes)).toEqual([
    { index: 0, path: 'a/b.txt', mediaType: 'text/plain', size: 3 },
    { index: 1, path: 'c.PNG', mediaType: 'image/png', size: 2000 },
  ])
})

test('what is no archive has no files', () => {
  expect(entriesOf(new Uint8Array([1, 2, 3]))).toEqual([])
})

test.each([
  ['short/path.txt', 'short/path.txt'],
  ['long/path/thanks/to/lots/of/directories/hard/to/reach/the/leaf.txt', 'long/path/thanks/to/.../reach/the/leaf.txt'],
])('%s', (path, label) => expect(abbreviated(path)).toBe(label))

test.each([
  [331, '331 B'],
  [121_900, '119 kB'],
  [1_430_174, '1.36 MB'],
])('%d bytes', (bytes, text) => expect(friendlySize(bytes)).toBe(text))
