#!/bin/sh
# What can be asked for.
set -eu
curl -sS --fail-with-body "$FERROGW_URL/v1/models" -H "Authorization: Bearer $FERROGW_KEY"
