import type { Json } from '../tables/document.ts'

/** The theme of the default brand of a fresh org: Okta's own look. */
export const DEFAULT_THEME: Json = {
  primaryColorHex: '#1662dd',
  primaryColorContrastHex: '#ffffff',
  secondaryColorHex: '#ebebed',
  secondaryColorContrastHex: '#000000',
  signInPageTouchPointVariant: 'OKTA_DEFAULT',
  endUserDashboardTouchPointVariant: 'OKTA_DEFAULT',
  errorPageTouchPointVariant: 'OKTA_DEFAULT',
  emailTemplateTouchPointVariant: 'OKTA_DEFAULT',
  loadingPageTouchPointVariant: 'NONE',
}

/** The theme of a brand that was added shows its colours and pictures everywhere: recorded. */
export const THEME: Json = {
  ...DEFAULT_THEME,
  signInPageTouchPointVariant: 'BACKGROUND_IMAGE',
  endUserDashboardTouchPointVariant: 'FULL_THEME',
  errorPageTouchPointVariant: 'BACKGROUND_IMAGE',
  emailTemplateTouchPointVariant: 'FULL_THEME',
}
