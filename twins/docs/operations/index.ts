import type { Operations } from '../../../openapi/types/docs.ts'
import type { Handlers } from '../../../shared/kernel/call.ts'
import { authOperations, type GoogleCaller, metadataOperations } from '../../google/index.ts'
import type { DocsTables } from '../tables.ts'
import { documents } from './documents.ts'

/** The API's operations, and the sign-in endpoints that the overlay adds to every Google twin. */
const served: readonly object[] = [documents, authOperations, metadataOperations]

// The added operations have no types of their own in the contract's.
export const operations = served as readonly Handlers<Operations, DocsTables, GoogleCaller>[]
