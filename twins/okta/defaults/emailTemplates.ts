/** Names of the e-mail templates of every brand, in the order their list has them. */
export const EMAIL_TEMPLATES: readonly string[] = [
  'AccountLockout', 'ADForgotPassword', 'ADForgotPasswordDenied', 'ADSelfServiceUnlock', 'ADUserActivation',
  'AuthenticatorEnrolled', 'AuthenticatorReset', 'ChangeEmailConfirmation', 'EmailChallenge', 'EmailChangeConfirmation',
  'EmailFactorVerification', 'ForgotPassword', 'ForgotPasswordDenied', 'IGAReviewerEndNotification', 'IGAReviewerNotification',
  'IGAReviewerPendingNotification', 'IGAReviewerReassigned', 'LDAPForgotPassword', 'LDAPForgotPasswordDenied',
  'LDAPSelfServiceUnlock', 'LDAPUserActivation', 'MyAccountChangeConfirmation', 'NewSignOnNotification', 'OktaVerifyActivation',
  'PasswordChanged', 'PasswordResetByAdmin', 'PendingEmailChange', 'RegistrationActivation', 'RegistrationEmailVerification',
  'SelfServiceUnlock', 'SelfServiceUnlockOnUnlockedAccount', 'UserActivation',
] // biome-ignore format: a list
