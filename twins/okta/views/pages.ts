import type { ResponseMode } from '../rules/authorize.ts'

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** A value inside a script: no sign may end the script. */
const scripted = (value: unknown): string => JSON.stringify(value).replace(/</g, '\\u003c')

const page = (title: string, body: string): string => `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title>
<style>body{font:16px system-ui;max-width:24rem;margin:4rem auto;padding:0 1rem}label{display:block;margin:1rem 0 .25rem}input{width:100%;box-sizing:border-box;padding:.5rem}button{margin-top:1.5rem;padding:.5rem 1rem}.error{color:#b00}</style>
</head><body>${body}</body></html>`

/** The sign-in form: for people in a browser, and for whoever posts `username` and `password` to its address. */
export function signInPage(options: { action: string; app?: string; username?: string; error?: string }): string {
  const { action, app, username = '', error } = options
  return page(
    'Sign In',
    `<h1>Sign In</h1>${app ? `<p>to <strong>${escaped(app)}</strong></p>` : ''}
${error ? `<p class="error" role="alert">${escaped(error)}</p>` : ''}
<form method="post" action="${escaped(action)}">
<label for="username">Username</label><input id="username" name="username" autocomplete="username" value="${escaped(username)}" autofocus>
<label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password">
<button type="submit">Sign in</button></form>`,
  )
}

/** Where a device shows its code to be typed. */
export function deviceActivationPage(options: {
  action: string
  code?: string
  signedIn: boolean
  message?: string
}): string {
  const { action, code = '', signedIn, message } = options
  const credentials = signedIn
    ? ''
    : `<label for="username">Username</label><input id="username" name="username" autocomplete="username">
<label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password">`
  return page(
    'Activate your device',
    `<h1>Activate your device</h1>${message ? `<p role="alert">${escaped(message)}</p>` : ''}
<form method="post" action="${escaped(action)}">
<label for="user_code">Activation code</label><input id="user_code" name="user_code" value="${escaped(code)}">
${credentials}<button type="submit" name="decision" value="allow">Allow</button> <button type="submit" name="decision" value="deny">Deny</button></form>`,
  )
}

export const messagePage = (title: string, text: string): string =>
  page(title, `<h1>${escaped(title)}</h1><p>${escaped(text)}</p>`)

/** What a person sees when a request cannot be trusted with a redirect. */
export const errorPage = (code: string, description: string): string =>
  page(
    'Okta - Error',
    `<h1>400</h1><h2>Bad Request</h2><p>Your request resulted in an error. ${escaped(description)}</p><p id="error-code">${escaped(code)}</p>`,
  )

/** An answer that travels by a page: a form that posts itself, or a message to the window that opened this one. */
export function answerPage(mode: ResponseMode, uri: string, parameters: Readonly<Record<string, string>>): string {
  if (mode === 'form_post') {
    const fields = Object.entries(parameters).map(
      ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`,
    )
    return page(
      'Submit Form',
      `<form id="appForm" method="post" action="${escaped(uri)}">${fields.join('')}<noscript><button type="submit">Continue</button></noscript></form><script>document.getElementById('appForm').submit()</script>`,
    )
  }
  const { origin } = new URL(uri)
  return page(
    'Okta',
    `<script>(window.opener||window.parent).postMessage(${scripted(parameters)},${scripted(origin)})</script>`,
  )
}
