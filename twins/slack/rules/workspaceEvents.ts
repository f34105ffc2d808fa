/** Events about a public channel that reach those outside of it. */
export const WORKSPACE_WIDE: ReadonlySet<string> = new Set([
  'channel_created',
  'channel_rename',
  'channel_archive',
  'channel_unarchive',
  'channel_deleted',
])
