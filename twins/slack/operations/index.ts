import { apps } from './apps.ts'
import { auth } from './auth.ts'
import { blocks } from './blocks.ts'
import { bookmarks } from './bookmarks.ts'
import { chat } from './chat.ts'
import { conversations } from './conversations.ts'
import { direct } from './direct.ts'
import { downloads } from './downloads.ts'
import { files } from './files.ts'
import { history } from './history.ts'
import { hooks } from './hooks.ts'
import { pins } from './pins.ts'
import { reactions } from './reactions.ts'
import { reminders } from './reminders.ts'
import { scheduled } from './scheduled.ts'
import { stars } from './stars.ts'
import { team } from './team.ts'
import { usergroups } from './usergroups.ts'
import { users } from './users.ts'
import { views } from './views.ts'

/** Handlers by family; ids are Web API methods. */
export const operations = [
  apps,
  auth,
  blocks,
  bookmarks,
  chat,
  conversations,
  direct,
  downloads,
  files,
  history,
  hooks,
  pins,
  reactions,
  reminders,
  scheduled,
  stars,
  team,
  usergroups,
  users,
  views,
]
