#!/bin/sh
# A chat completion, whole.
set -eu
curl -sS --fail-with-body "$FERROGW_URL/v1/chat/completions" \
    -H "Authorization: Bearer $FERROGW_KEY" -H 'Content-Type: application/json' \
    -d '{"model": "'"${FERROGW_MODEL:-demo}"'", "messages": [{"role": "user", "content": "Say hello"}]}'
