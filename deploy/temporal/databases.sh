#!/bin/sh
# Makes the engine's role and its two databases on Kontor's PostgreSQL server. Running it again changes nothing but the
# password, which is how it is rotated.
set -eu
PGPASSWORD="$(cat /run/secrets/postgres-password)"
export PGPASSWORD
exec psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 <<'SQL'
-- Read by psql itself, so that it is in no process list.
\set password `cat /run/secrets/temporal-password`
select 'create role temporal' where not exists (select from pg_roles where rolname = 'temporal') \gexec
alter role temporal login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password :'password';
select 'create database temporal owner temporal' where not exists (select from pg_database where datname = 'temporal') \gexec
select 'create database temporal_visibility owner temporal' where not exists (select from pg_database where datname = 'temporal_visibility') \gexec
revoke all on database temporal, temporal_visibility from public;
SQL
