#!/usr/bin/env bash
# Puts there what the checks need: a browser, Node.js and the library that steers the browser. Installs only what is missing.
set -euo pipefail
cd "$(dirname "$0")"

missing=()
command -v chromium > /dev/null || missing+=(chromium)
command -v node > /dev/null || missing+=(nodejs)
command -v npm > /dev/null || missing+=(npm)
if [ ${#missing[@]} -gt 0 ]; then
  install=(apt-get install -y --no-install-recommends "${missing[@]}")
  if ! command -v apt-get > /dev/null || [ "$(id -u)" != 0 ]; then
    echo "The page is checked in a real browser. Please install: ${missing[*]} (on Debian, as root: ${install[*]})" >&2
    exit 3
  fi
  echo "Installing ${missing[*]}"
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive "${install[@]}" > /dev/null
fi
[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --no-progress --loglevel=error
