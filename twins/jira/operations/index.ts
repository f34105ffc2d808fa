import { attachments } from './attachments.ts'
import { comments } from './comments.ts'
import { issues } from './issues.ts'
import { links } from './links.ts'
import { properties } from './properties.ts'
import { searches } from './search.ts'
import { groups, myself, users } from './users.ts'
import { watching } from './watching.ts'
import { worklogs } from './worklogs.ts'

export const all = [issues, comments, searches, worklogs, properties, users, groups, myself, watching, links, attachments]
