#!/bin/sh
# Makes the secret files that docker-compose.yml mounts, with random passwords. What is there already stays as it is, so
# that running it again, after an upgrade that needs one more, is harmless.
#   sh deploy/make-secrets.sh        asks for the mail server's address; it is read from standard input
set -eu
umask 077
cd "$(dirname "$0")"
mkdir -p secrets
cd secrets
# The folder keeps the host's other users out. The files themselves are readable to all, because inside a container
# they keep their mode and the process that reads them has another number than whoever ran this.
chmod 700 .

keep() {
  [ -s "$1" ] && return
  printf '%s\n' "$2" >"$1.new"
  chmod 444 "$1.new"
  mv "$1.new" "$1"
  echo "made deploy/secrets/$1"
}
# Hexadecimal, so that a password needs no escaping in an address.
random() { od -An -v -tx1 -N"${1:-24}" /dev/urandom | tr -d ' \n'; }

keep postgres-password "$(random)"
keep temporal-password "$(random)"
keep database-admin-url "postgres://postgres:$(cat postgres-password)@postgres:5432/postgres"
keep database-owner-url "postgres://kontor_owner:$(random)@postgres:5432/kontor"
keep database-url "postgres://kontor_app:$(random)@postgres:5432/kontor"
# Without it nobody's authenticator app can be checked any more: keep a copy where you keep secrets.
keep secrets-key "$(random 32)"

if [ ! -s smtp-url ]; then
  [ -t 0 ] && printf 'Mail server, as smtp://user:password@mail.company.example:587 : ' >&2
  read -r address || true
  case "${address:-}" in
    smtp://?* | smtps://?*) keep smtp-url "$address" ;;
    *)
      echo 'No mail server: an address begins with smtp:// or smtps://. The other secrets are made; run this again.' >&2
      exit 65
      ;;
  esac
fi
