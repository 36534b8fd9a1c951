#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# sh tests/bare.sh 12|13 [--folder FOLDER] [readme|packages]...
# As root, with debootstrap. In a bare Debian of that release, with /proc and /dev/pts:
# readme: the README's two commands, each twice, from a clean copy of what is committed.
# packages: builds the Debian packages; installs only them in another bare system; there builds the README's example
# with CMake and with pkg-config and the example of a bot with a test, and runs them.
# Default: both. All files are below FOLDER (default: a temporary one): base.tar (the bare system) and builder/ are reused
# if they exist; packages/ is the result.
set -eu
source=$(cd "$(dirname "$0")/.." && pwd)
usage() { sed -n '5,11s/^# //p' "$0" >&2 && exit 2; }
release_number=${1:-}
case $release_number in
12) release=bookworm boost= ;;
13) release=trixie boost=libboost1.83-dev ;; # of its two versions, the default one
*) usage ;;
esac
shift
folder=
if [ "${1:-}" = --folder ]; then
    folder=${2:?--folder needs a path}
    shift 2
fi
parts=${*:-readme packages}
for part in $parts; do
    case $part in readme | packages) ;; *) usage ;; esac
done
# Mounts are seen only here and end with this script, whatever ends it.
if [ "${YUNHU_BARE_UNSHARED:-}" != yes ]; then
    exec env YUNHU_BARE_UNSHARED=yes unshare --mount -- sh "$source/tests/bare.sh" "${release_number:?}" \
        ${folder:+--folder "$folder"} $parts
fi
if [ -n "$folder" ]; then
    mkdir -p "$folder"
    folder=$(cd "$folder" && pwd)
else
    folder=$(mktemp -d)
    trap 'rm -rf --one-file-system "$folder"' EXIT
fi
started=$(date +%s)
log() { echo "== $(($(date +%s) - started)) s: $*"; }

# inside NAME: runs standard input as a script in that system, without this system's environment.
inside() {
    mountpoint -q "$folder/$1/proc" || mount -t proc proc "$folder/$1/proc"
    mountpoint -q "$folder/$1/dev/pts" || mount -t devpts -o newinstance,ptmxmode=0666 devpts "$folder/$1/dev/pts"
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
        chroot "$folder/$1" sh -eu
}
# unpack NAME: a new bare system.
unpack() {
    for mounted in proc dev/pts; do
        ! mountpoint -q "${folder:?}/$1/$mounted" || umount "$folder/$1/$mounted"
    done
    rm -rf --one-file-system "${folder:?}/$1"
    mkdir "$folder/$1"
    tar -C "$folder/$1" -xpf "$folder/base.tar"
    cp /etc/resolv.conf "$folder/$1/etc/"
}
# into NAME PATH...: copies source files to /source there; their times are kept, so only changed files are rebuilt.
into() {
    mkdir -p "$folder/$1/source"
    (cd "$source" && shift && tar -cf - "$@") | tar -C "$folder/$1/source" --no-same-owner -xf -
}

if [ ! -e "$folder/base.tar" ]; then
    # The package mirror of this system.
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Origin: Debian' 'Created-By: Packages' | head -n 1)
    log "a bare $release"
    debootstrap --variant=minbase "$release" "$folder/base" "${mirror:-http://deb.debian.org/debian}"
    tar -C "$folder/base" -cf "$folder/base.tar.part" .
    mv "$folder/base.tar.part" "$folder/base.tar"
    rm -rf "${folder:?}/base"
fi

# The README's two commands, as a new user runs them, and again.
readme() {
    log "the README's commands"
    unpack reader
    mkdir "$folder/reader/yunhu"
    git -C "$source" archive HEAD | tar -C "$folder/reader/yunhu" --no-same-owner -xf -
    for command in $(sed -n 's/^sh \(examples\/quickstart\.sh\|tests\/run\.sh\) .*/\1/p' "$source/README.md"); do
        for time in first second; do
            log "sh $command, the $time time"
            inside reader <<END
cd /yunhu
sh $command
END
        done
    done
}

# The packages, built in one bare system and used in another.
packages() {
    log "building the packages"
    [ -d "$folder/builder" ] || unpack builder
    into builder CMakeLists.txt CMakePresets.json LICENSE README.md README.zh-CN.md include proto src examples
    inside builder <<END
apt-get update -q
[ -z "$boost" ] || apt-get install -q -y --no-install-recommends $boost
sh /source/src/packaging/deb.sh
END
    rm -rf "${folder:?}/packages"
    cp -r "$folder/builder/source/build/package/packages" "$folder/packages"
    ls -l "$folder/packages"

    log "installing them in a bare system"
    unpack user
    into user examples/hello.cpp examples/bot_test tests/system/readme/hello.sh tests/system/install/hello
    cp "$folder"/packages/*.deb "$folder/user/root/"
    inside user <<'END'
apt-get update -q
apt-get install -q -y --no-install-recommends g++ cmake make pkg-config libgtest-dev /root/*.deb
dpkg -L yunhu libyunhu-dev | grep -v '/include/yunhu/' | xargs ls -ld | grep -v ^d
yunhu --version
END

    log "the README's example, with find_package"
    inside user <<'END'
cd /root
cmake -S /source/tests/system/install/hello -B with-cmake
cmake --build with-cmake
sh /source/tests/system/readme/hello.sh yunhu-emulator with-cmake/hello
END

    log "the README's example, with pkg-config"
    inside user <<'END'
cd /root
c++ -std=c++20 /source/examples/hello.cpp $(pkg-config --cflags --libs yunhu) -o hello
sh /source/tests/system/readme/hello.sh yunhu-emulator ./hello
END

    log "a bot and its test"
    inside user <<'END'
cd /root
cmake -S /source/examples/bot_test -B bot
cmake --build bot
ctest --test-dir bot --output-on-failure --no-tests=error
END

    log "removing the packages"
    inside user <<'END'
apt-get purge -q -y yunhu libyunhu-dev
if find / -xdev -name '*yunhu*' -not -path '/root/*' -not -path '/source/*' | grep .; then
    echo "files remain" && exit 1
fi
END
}

for part in $parts; do
    $part
done
log "passed"
