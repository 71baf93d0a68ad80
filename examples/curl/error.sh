#!/bin/sh
# What an error looks like: OpenAI's envelope, a status that says whose fault it is, and an id to look the request up with.
curl -sS -i "$FERROGW_URL/v1/chat/completions" \
    -H 'Authorization: Bearer sk-ferro-of-nobody' -H 'Content-Type: application/json' \
    -d '{"model": "demo", "messages": [{"role": "user", "content": "Say hello"}]}'
