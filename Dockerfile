# One image for every role: the command chooses which. Built from the sources, runs without root.
# Debian 13: uWebSockets.js for Node 24 needs glibc 2.38.
FROM node:24-trixie-slim AS build
WORKDIR /holdfast
COPY package.json package-lock.json ./
RUN npm ci --include=dev --no-audit --no-fund
COPY . .
RUN npm run build && node tools/build/image-tree.mjs . /image

FROM node:24-trixie-slim
ENV NODE_ENV=production
WORKDIR /holdfast
COPY --from=build /image ./
# A volume begins with the owner of the folder that it hides.
RUN ln -s /holdfast/ops/holdfastctl.mjs /usr/local/bin/holdfastctl \
  && mkdir -p /data /secrets/gateway /secrets/shard /secrets/payments /secrets/operator /secrets/server \
  /secrets/simulator \
  && chown -R node:node /data /secrets
USER node
CMD ["node", "--min-semi-space-size=64", "--max-semi-space-size=64", \
  "--initial-old-space-size=256", "dist/apps/gateway/main.js"]
