import './content-type.ts'
import type { Operations } from '../../openapi/types/docs.ts'
import { defineTwin } from '../../shared/kernel/twin.ts'
import { addPeople, type GoogleCaller, googleAccess, googleDefaults, pushChanges, signIn } from '../google/index.ts'
import { acts } from './acts.ts'
import { docsContract } from './contract.ts'
import { dialect } from './dialect.ts'
import { kinds } from './kinds.ts'
import { operations } from './operations/index.ts'
import { type DocsTables, tables } from './tables.ts'

/** Google Docs v1. */
export const docs = defineTwin<Operations, DocsTables, GoogleCaller>({
  name: 'docs',
  contract: docsContract,
  dialect,
  tables,
  operations,
  defaults: googleDefaults,
  seed: (moment, people) => addPeople(moment, people),
  acts,
  kinds,
  signIn,
  react: pushChanges,
  access: (moment, url) => googleAccess(moment, 'docs', url),
})
