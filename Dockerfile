# One image for every Kontor process: the API, the worker and the migration differ by their command alone, so that they
# can never be of different versions.

# The same Node that `npm ci` brings along for development and tests. Debian, because Temporal's native module and
# Argon2 are built for glibc.
FROM node:24.21.0-bookworm-slim AS base
WORKDIR /app

# Everything, development packages included: the console and the workflow bundle are built from it. No package's own
# install script runs: none is needed, and it would be a stranger's code with the run of the build.
FROM base AS build
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node node_modules/vite/bin/vite.js build --config admin-ui/vite.config.ts
# The worker looks its bundle up by a hash over these very sources and the lock file, and would otherwise spend its
# first seconds, and a writable folder, on building it again.
RUN node --input-type=module --eval "await (await import('/app/worker/bundle.ts')).workflowBundle()"

# What runs, without what built it.
FROM base AS packages
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
 # A second Node, meant for machines whose own is too old: this image has the right one.
 && rm -rf node_modules/node-linux-* node_modules/.bin/node \
 # Temporal's native module comes for five platforms; the others are a hundred megabytes that never run.
 && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -rf {} + \
 && test -n "$(ls node_modules/@temporalio/core-bridge/releases)"

FROM base AS runtime
# TZ: business time is UTC everywhere, and `Intl` must not pick up the host's zone.
ENV NODE_ENV=production TZ=UTC
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json package-lock.json config.ts log.ts system-clock.ts ./
COPY domain domain
COPY workflows workflows
COPY activities activities
COPY db db
COPY storage storage
COPY worker worker
COPY api api
# Where a volume for attachments is mounted: a new one takes the owner of the folder it covers.
RUN mkdir /files && chown node:node /files
# Files belong to root and the process does not: nothing in the image can be changed by what runs in it, and it runs on
# a read-only root file system.
USER node
EXPOSE 8080
STOPSIGNAL SIGTERM
CMD ["node", "api/main.ts"]
