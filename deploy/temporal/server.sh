#!/bin/sh
# The server's own start takes its password from the environment only; this hands it over from the secret file, so that
# it is neither in docker-compose.yml nor in what `docker inspect` shows.
set -eu
POSTGRES_PWD="$(cat /run/secrets/temporal-password)"
export POSTGRES_PWD
exec /etc/temporal/entrypoint.sh
