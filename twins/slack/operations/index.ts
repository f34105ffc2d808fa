import { activities } from './activities.ts'
import { adminAnomalies } from './admin/anomalies.ts'
import { adminAppPermissions } from './admin/appPermissions.ts'
import { adminApps } from './admin/apps.ts'
import { adminChannelProperties } from './admin/channelProperties.ts'
import { adminConversations } from './admin/conversations.ts'
import { adminMessages } from './admin/messages.ts'
import { adminOrg } from './admin/org.ts'
import { adminRecords } from './admin/records.ts'
import { adminSessions } from './admin/sessions.ts'
import { adminUsers } from './admin/users.ts'
import { adminWorkflows } from './admin/workflows.ts'
import { agents } from './agents.ts'
import { apps } from './apps.ts'
import { assistant } from './assistant.ts'
import { assistantSearch } from './assistantSearch.ts'
import { auth } from './auth.ts'
import { blocks } from './blocks.ts'
import { bookmarks } from './bookmarks.ts'
import { calls } from './calls.ts'
import { canvases } from './canvases.ts'
import { chat } from './chat.ts'
import { connect } from './connect.ts'
import { connectRequests } from './connectRequests.ts'
import { conversations } from './conversations.ts'
import { datastore } from './datastore.ts'
import { dialogs } from './dialogs.ts'
import { direct } from './direct.ts'
import { downloads } from './downloads.ts'
import { entities } from './entities.ts'
import { externalTeams } from './externalTeams.ts'
import { externalTokens } from './externalTokens.ts'
import { files } from './files.ts'
import { functions } from './functions.ts'
import { history } from './history.ts'
import { hooks } from './hooks.ts'
import { listExports } from './listExports.ts'
import { lists } from './lists.ts'
import { manifests } from './manifests.ts'
import { oauth } from './oauth.ts'
import { openid } from './openid.ts'
import { pins } from './pins.ts'
import { reactions } from './reactions.ts'
import { reminders } from './reminders.ts'
import { remoteFiles } from './remoteFiles.ts'
import { rtm } from './rtm.ts'
import { scheduled } from './scheduled.ts'
import { search } from './search.ts'
import { stars } from './stars.ts'
import { streams } from './streams.ts'
import { team } from './team.ts'
import { usergroups } from './usergroups.ts'
import { users } from './users.ts'
import { views } from './views.ts'
import { workflows } from './workflows.ts'

/** Handlers by family; ids are Web API methods. */
export const operations = [
  activities,
  adminAnomalies,
  adminAppPermissions,
  adminApps,
  adminChannelProperties,
  adminConversations,
  adminMessages,
  adminOrg,
  adminRecords,
  adminSessions,
  adminUsers,
  adminWorkflows,
  agents,
  apps,
  assistant,
  assistantSearch,
  auth,
  blocks,
  bookmarks,
  calls,
  canvases,
  chat,
  connect,
  connectRequests,
  conversations,
  datastore,
  dialogs,
  direct,
  downloads,
  entities,
  externalTeams,
  externalTokens,
  files,
  functions,
  history,
  hooks,
  listExports,
  lists,
  manifests,
  oauth,
  openid,
  pins,
  reactions,
  reminders,
  remoteFiles,
  rtm,
  scheduled,
  search,
  stars,
  streams,
  team,
  usergroups,
  users,
  views,
  workflows,
]
