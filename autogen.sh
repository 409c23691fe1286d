#!/bin/sh
# SPDX-License-Identifier: ISC
# Makes ./configure from configure.ac, in a checkout; a release has it already.
set -e
cd "$(dirname "$0")"
exec autoreconf --install --force --warnings=all
