#!/bin/sh
# A person at a terminal.
set -eu
if [ "$INTEROP" = url ]; then okta=$OKTA_CLIENT_ORGURL; else okta=https://acme.okta.com; fi
authorization="authorization: SSWS $OKTA_CLIENT_TOKEN"
curl -sf "$okta/api/v1/groups" -H "$authorization" -H 'content-type: application/json' \
  -d '{"profile":{"name":"Interop"}}' >/dev/null
curl -sf "$okta/api/v1/groups?q=Interop" -H "$authorization" | grep -q '"name":"Interop"'
