#!/bin/sh
# Sends one event to Stellwerk: the JSON of a file, signed by Standard Webhooks, with repeats.
#
#   STELLWERK_URL=https://stellwerk.example.com/hooks/jenkins STELLWERK_SECRET=whsec_… sh send-event.sh event.json
#
# Ends with 0 when it was taken, 1 when it was not, 2 when it could not be sent at all. Needs curl, and python3 or openssl.
# The secret is read from the environment and goes through pipes and built-ins only: it is in no argument (`ps`), no
# trace and no output. https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
set +x
set -fu
LC_ALL=C
export LC_ALL

TRIES=6
WAITS='1 2 4 8 15'
LONGEST_WAIT=30

fail() {
  printf 'stellwerk: %s\n' "$2" >&2
  exit "$1"
}

has() { command -v "$1" >/dev/null 2>&1; }

file=${1-}
url=${STELLWERK_URL-}
secret=${STELLWERK_SECRET-}
# What is started from here on has no use for it.
unset STELLWERK_SECRET

[ -n "$file" ] && [ -s "$file" ] && [ -r "$file" ] || fail 2 "expected a file with the event as JSON, got '$file'"
[ -n "$secret" ] || fail 2 'STELLWERK_SECRET is not set: expected one of webhook.secrets of the connection'
case $url in
  *[!A-Za-z0-9._~:/?#@!\&\(\)*+,\;=%-]*) fail 2 'STELLWERK_URL has a character that no URL has' ;;
  https://*/hooks/* | http://*/hooks/*) ;;
  *) fail 2 "STELLWERK_URL is '$url': expected https://<host>/hooks/<connection>" ;;
esac
has curl || fail 2 'curl is not there'
# A program would show its arguments in `ps`.
case $(command -v printf) in */*) fail 2 'printf is no built-in of this shell' ;; esac
secret=$(printf '%s' "$secret" | tr -d '\r\n')

# HMAC-SHA256 (RFC 2104) of stdin's $1 "." $2 "." file, in base64.
sign_python() {
  { printf '%s\n' "$secret"; printf '%s.%s.' "$1" "$2"; cat "$file"; } | python3 -c '
import base64, hashlib, hmac, sys
secret, message = sys.stdin.buffer.read().split(b"\n", 1)
key = base64.b64decode(secret[6:] + b"==") if secret.startswith(b"whsec_") else secret
sys.stdout.write(base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode())'
}

# `openssl dgst -macopt` takes the key as an argument, for all to see; so the two hashes of an HMAC are made one by one.
sign_openssl() {
  inner=''
  outer=''
  bytes=0
  for byte in $(key_bytes); do
    inner="$inner\\$(printf '%03o' "$((0x$byte ^ 0x36))")"
    outer="$outer\\$(printf '%03o' "$((0x$byte ^ 0x5c))")"
    bytes=$((bytes + 1))
  done
  while [ "$bytes" -lt 64 ]; do
    inner="$inner\\066"
    outer="$outer\\134"
    bytes=$((bytes + 1))
  done
  {
    # shellcheck disable=SC2059 # The format is the bytes.
    printf "$outer"
    {
      # shellcheck disable=SC2059
      printf "$inner"
      printf '%s.%s.' "$1" "$2"
      cat "$file"
    } | openssl dgst -sha256 -binary
  } | openssl dgst -sha256 -binary | openssl base64 -A
}

key_bytes() { key | od -An -v -tx1; }

# A key longer than a block of the hash stands for its hash.
key() {
  if [ "$(plain_key | wc -c)" -gt 64 ]; then plain_key | openssl dgst -sha256 -binary; else plain_key; fi
}

plain_key() {
  case $secret in
    whsec_*) printf '%s' "${secret#whsec_}" | openssl base64 -d -A ;;
    *) printf '%s' "$secret" ;;
  esac
}

# A python3 may be there in name only (a shim without a version behind it).
if has python3 && python3 -c pass >/dev/null 2>&1; then signer=sign_python; elif has openssl; then signer=sign_openssl; else fail 2 'neither python3 nor openssl is there'; fi

# The same words are the same delivery, however often they are sent. Standard Webhooks forbids dots in it.
if has sha256sum; then id=$(sha256sum <"$file"); elif has openssl; then id=$(openssl dgst -sha256 -r <"$file"); else id=$(shasum -a 256 <"$file"); fi
id=$(printf '%s' "$id" | cut -c1-32)
[ -n "$id" ] || fail 2 'none of sha256sum, openssl and shasum is there'

# Signed anew for each try: the time in it is good for five minutes. curl reads all of it from a pipe.
send() {
  now=$(date +%s)
  signature=$($signer "$id" "$now")
  [ "${#signature}" -eq 44 ] || fail 2 'the event could not be signed: is what follows whsec_ base64?'
  printf '%s\n' "url = \"$url\"" 'header = "content-type: application/json"' "header = \"webhook-id: $id\"" \
    "header = \"webhook-timestamp: $now\"" "header = \"webhook-signature: v1,$signature\"" |
    curl --silent --show-error --connect-timeout 5 --max-time 10 --data-binary "@$file" \
      --output /dev/null --dump-header - --write-out '\nstatus: %{http_code}\n' --config - | tr -d '\r'
}

field() { printf '%s\n' "$answer" | sed -n "s/^$1: *\([0-9][0-9]*\)\$/\1/p" | tail -n 1; }

try=1
for wait in $WAITS last; do
  answer=$(send) || exit 2
  status=$(field status)
  case $status in
    2*) exit 0 ;;
    401) fail 1 'refused (401): the secret is none of webhook.secrets of the connection, or the clock here is more than 5 min off' ;;
    404) fail 1 "refused (404): there is no connection of that name, or it has no secret: $url" ;;
    3*) fail 1 "answered by a redirect ($status): give the address it leads to" ;;
    408 | 425 | 429 | 5* | 000 | '') ;;
    *) fail 1 "refused ($status)" ;;
  esac
  [ "$wait" = last ] && break
  asked=$(field '[Rr]etry-[Aa]fter')
  [ -n "$asked" ] && [ "$asked" -gt "$wait" ] && wait=$asked
  [ "$wait" -gt "$LONGEST_WAIT" ] && wait=$LONGEST_WAIT
  printf 'stellwerk: no answer that counts (%s), try %s of %s; again in %s s\n' "${status:-000}" "$try" "$TRIES" "$wait" >&2
  sleep "$wait"
  try=$((try + 1))
done
fail 1 "not taken after $TRIES tries: the next look at the job finds the build, if the connection names it (jobs)"
