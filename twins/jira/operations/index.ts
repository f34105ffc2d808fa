import { comments } from './comments.ts'
import { issues } from './issues.ts'
import { searches } from './search.ts'
import { worklogs } from './worklogs.ts'

export const all = [issues, comments, searches, worklogs]
