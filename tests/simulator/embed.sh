#!/bin/sh
# SPDX-License-Identifier: ISC
# Writes files as C arrays to standard output: embed.sh NAME FILE [NAME FILE]...
set -eu

echo '/* Made by embed.sh. */'
while [ $# -gt 1 ]; do
    echo "static const unsigned char $1[] = {"
    od -An -v -tx1 "$2" | sed 's/\([0-9a-f][0-9a-f]\)/0x\1,/g'
    echo '};'
    shift 2
done
