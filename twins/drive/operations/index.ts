import { authOperations } from '../../google/auth.ts'
import { metadataOperations } from '../../google/metadata.ts'
import { about } from './about.ts'
import { approvals } from './approvals.ts'
import { changes } from './changes.ts'
import { comments } from './comments.ts'
import { downloads } from './download.ts'
import { drives } from './drives.ts'
import { files } from './files.ts'
import { labels } from './labels.ts'
import { links } from './links.ts'
import { permissions } from './permissions.ts'
import { revisions } from './revisions.ts'
import { v2 } from './v2.ts'
import { v2Changes } from './v2-changes.ts'

/** Every handler of the twin, by resource. */
export const handlers = [
  about,
  approvals,
  changes,
  comments,
  downloads,
  drives,
  files,
  labels,
  links,
  permissions,
  revisions,
  v2,
  v2Changes,
  authOperations,
  metadataOperations,
]
