#!/bin/bash
# Makes the cluster on the first start: a superuser with a password from a file, and a database.
set -euo pipefail
if [[ $1 == postgres && ! -s $PGDATA/PG_VERSION ]]; then
    chmod 700 "$PGDATA"
    initdb --username="$POSTGRES_USER" --pwfile="$POSTGRES_PASSWORD_FILE" --auth-host=scram-sha-256 >/dev/null
    echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
    echo "listen_addresses = '*'" >>"$PGDATA/postgresql.conf"
    pg_ctl --wait --options "-c listen_addresses=''" start >/dev/null
    createdb --username="$POSTGRES_USER" --no-password "$POSTGRES_DB"
    pg_ctl --wait --mode fast stop >/dev/null
fi
exec "$@"
