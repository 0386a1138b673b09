#!/bin/sh
# Makes Kontor's namespace with the search attributes its workflows write, and ends when both can be used: a workflow
# started earlier would be refused, and its message set aside for staff. Running it again changes nothing.
set -eu
namespace=kontor
# Long enough for operators to read last week's stories; the facts are in PostgreSQL anyway, and each closed workflow
# costs the visibility store some 17 KB of indexes.
retention=168h

# Tries for two minutes: a server that has just started elects itself first, and heeds a new attribute a little later.
eventually() {
  attempt=0
  until "$@" >/tmp/answer 2>&1; do
    attempt=$((attempt + 1))
    if [ "$attempt" -ge 120 ]; then
      cat /tmp/answer >&2
      exit 1
    fi
    sleep 1
  done
}

eventually temporal operator cluster health
temporal operator namespace describe --namespace "$namespace" >/dev/null 2>&1 ||
  temporal operator namespace create --namespace "$namespace" --retention "$retention"
eventually temporal operator namespace update --namespace "$namespace" --retention "$retention"

# The same list as workflows/search-attributes.ts; a test compares them.
while read -r name type; do
  temporal operator search-attribute list --namespace "$namespace" | grep -Eq "^ *$name +$type *$" ||
    eventually temporal operator search-attribute create --namespace "$namespace" --name "$name" --type "$type"
  eventually temporal workflow count --namespace "$namespace" --query "$name is not null"
done <<'ATTRIBUTES'
KontorStatus Keyword
KontorQueue Keyword
KontorNextStep Keyword
KontorNextStepAt Datetime
ATTRIBUTES
echo "The namespace $namespace is ready."
