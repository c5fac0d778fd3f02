#!/bin/sh
# Keeps one finished piece of the write-ahead log. PostgreSQL calls it as: archive_wal.sh ARCHIVE PATH NAME
#
# Succeeds only when the piece is on disk under its final name, or when no backup wants the log yet (there is no
# file ARCHIVE/wanted: without a base backup the log restores nothing). A piece that is there already is accepted if
# it is the same, as after a crash between archiving and noting it, and refused if it is another.
set -eu
archive=$1 path=$2 name=$3
[ -e "$archive/wanted" ] || exit 0
kept="$archive/wal/$name.gz"
if [ -e "$kept" ]; then
    gzip -dc "$kept" | cmp -s - "$path"
    exit
fi
unfinished="$archive/wal/.$name.$$"
trap 'rm -f "$unfinished"' EXIT
gzip -1 -n -c "$path" > "$unfinished"
sync "$unfinished"
mv "$unfinished" "$kept"
sync "$archive/wal"
