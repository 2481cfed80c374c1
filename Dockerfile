# The function: the project compiled, the handler in one file, and nothing that made them. Built by `npm run image`, or,
# with the image of Dockerfile.base there,
#   docker build --platform linux/amd64 --provenance=false -t revideo-lambda .
ARG BASE=revideo-lambda-base

FROM ${BASE} AS build
WORKDIR /build
COPY package.json package-lock.json ./
# Nothing is downloaded but packages: the browser and ffmpeg are in the base.
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc HOME=/root npm ci --ignore-scripts --no-fund --no-audit
# Sources in the repository; compiled in the published package, which has this file too.
COPY build.[jt]s build-handler.[jt]s third-party.[jt]s tsconfig.json ./
COPY src src
COPY revideo-project revideo-project
# Another project in this folder: --build-arg PROJECT=my-project. Its own packages, if it locks any, are installed too.
ARG PROJECT=revideo-project
COPY ${PROJECT} ${PROJECT}
# Its project file, if it has an unusual name: --build-arg PROJECT_FILE=revideo/intro.ts.
ARG PROJECT_FILE=
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc \
    if [ -f ${PROJECT}/package-lock.json ]; then HOME=/root npm ci --ignore-scripts --prefix ${PROJECT} --no-fund --no-audit; fi
# The packages' own scripts run without the .npmrc: its tokens are not theirs.
RUN if [ -f ${PROJECT}/package-lock.json ]; then HOME=/root npm rebuild --prefix ${PROJECT} --no-fund --no-audit; fi
# How to treat type errors: error, warn or off.
ARG TYPE_CHECK=warn
# Whether the project's own Vite settings are read: auto, on or off.
ARG VITE_CONFIG=auto
# Lambda runs it as a user of its own, who has to be able to read what a builder with a strict umask has brought.
RUN REVIDEO_PROJECT=/build/${PROJECT}/${PROJECT_FILE} REVIDEO_TYPE_CHECK=${TYPE_CHECK} REVIDEO_VITE_CONFIG=${VITE_CONFIG} node build.[jt]s && chmod -R a+rX dist

FROM ${BASE}
ARG VERSION=0
LABEL org.opencontainers.image.title="revideo-lambda" \
      org.opencontainers.image.description="Renders a Revideo project in parallel on AWS Lambda" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.licenses="MIT AND GPL-3.0-or-later AND BSD-3-Clause AND OFL-1.1"
COPY --from=build /build/dist/lambda.mjs /build/dist/THIRD-PARTY.txt /var/task/
COPY --from=build /build/dist/project /var/task/project/
# Calls the kernel, so that the browser counts one processor when it starts: films then have the same bytes everywhere.
COPY --from=build /build/node_modules/koffi /var/task/node_modules/koffi/
COPY --from=build /build/node_modules/@koromix /var/task/node_modules/@koromix/
ENV REVIDEO_BUNDLE=/var/task/project HOME=/tmp NODE_COMPILE_CACHE=/var/task/compiled
# Node keeps the handler compiled for this version of Node, this kind of CPU, and the user that compiled it. The
# user's number ends the folder's name. Lambda's has been 993. If one of them differs, it is compiled at each
# cold start.
RUN REVIDEO_BUCKET_NAME=none AWS_REGION=us-east-1 node --input-type=module --eval "await import('/var/task/lambda.mjs')" && \
    cd $NODE_COMPILE_CACHE && for folder in *-0; do ln -s $folder ${folder%-0}-993; done && chmod -R a+rX .
CMD ["lambda.handler"]
