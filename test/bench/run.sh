#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# run.sh BUILD: figures of a build folder made with -Dtests=true. SIZES="100 1000" shortens it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
AMANA_BUILD=$(cd "$1" && pwd) exec node "$here/run.mjs"
