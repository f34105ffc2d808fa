const AUTH = 'https://www.googleapis.com/auth/'

/** What the ready-made access token and the metadata server's account hold. */
export const BROAD_SCOPES: readonly string[] = [
  'openid',
  `${AUTH}userinfo.email`,
  `${AUTH}userinfo.profile`,
  `${AUTH}cloud-platform`,
  `${AUTH}drive`,
  `${AUTH}drive.appdata`,
  `${AUTH}drive.apps.readonly`,
  `${AUTH}drive.scripts`,
  `${AUTH}documents`,
  `${AUTH}spreadsheets`,
]
