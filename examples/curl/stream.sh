#!/bin/sh
# The same, streamed: one event per piece, then [DONE]. -N keeps curl from holding pieces back.
set -eu
curl -sSN --fail-with-body "$FERROGW_URL/v1/chat/completions" \
    -H "Authorization: Bearer $FERROGW_KEY" -H 'Content-Type: application/json' \
    -d '{"model": "'"${FERROGW_MODEL:-demo}"'", "stream": true, "messages": [{"role": "user", "content": "Say hello"}]}'
