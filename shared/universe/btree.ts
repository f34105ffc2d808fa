import { createRequire } from 'node:module'

// sorted-btree is CommonJS with a `default` export, which Node and bundlers unwrap differently: `require` is the same in all.
const require = createRequire(import.meta.url)
const library = require('sorted-btree') as typeof import('sorted-btree')
const difference =
  require('sorted-btree/extended/diffAgainst.js') as typeof import('sorted-btree/extended/diffAgainst.js')

/** An ordered map whose clones share structure and copy what they write. */
export type BTree<K, V> = import('sorted-btree').default<K, V>
export const BTree = library.default
/** Walks what differs between two trees, skipping shared parts. */
export const diffTrees = difference.default
