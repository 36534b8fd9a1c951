#!/bin/sh
# namespace.sh VERSION SOURCE_DIR: fails when the library's inline namespace is not the one of its version, MAJOR_MINOR,
# or when a file of the library opens another one, or none.
set -eu
wanted=v$(echo "$1" | cut -d . -f 1,2 | tr . _)
cd "$2"
opened=$(grep -rhE '^namespace yunhu' include src | sed -E 's/^namespace (yunhu(::inline [a-z0-9_]+)?).*/\1/' | sort -u)
[ "$opened" = "yunhu::inline $wanted" ] || { echo "wanted yunhu::inline $wanted, found: $opened" && exit 1; }
