import { auth } from './auth.ts'
import { chat } from './chat.ts'
import { conversations } from './conversations.ts'
import { direct } from './direct.ts'
import { downloads } from './downloads.ts'
import { files } from './files.ts'
import { history } from './history.ts'
import { reactions } from './reactions.ts'
import { scheduled } from './scheduled.ts'
import { users } from './users.ts'

export const operations = [auth, chat, conversations, direct, downloads, files, history, reactions, scheduled, users]
