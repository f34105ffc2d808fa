#!/bin/sh
# Its API host is a constant: it works behind the proxy only.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
printf Hello >"$folder/hello.txt"
token='{"access_token":"'$GOOGLE_ACCESS_TOKEN'","token_type":"Bearer","expiry":"2099-01-01T00:00:00Z"}'
drive() { rclone --config /dev/null --drive-scope drive --drive-token "$token" --retries 1 --low-level-retries 1 "$@"; }
drive copy "$folder/hello.txt" :drive:interop
test "$(drive cat :drive:interop/hello.txt)" = Hello
drive lsf :drive:interop | grep -q hello.txt
