#!/bin/sh
# sh tests/run.sh [--preset NAME]... [-- CTEST_OPTION...]
# Installs what is missing (Debian 12 or 13), builds the tests and runs them: those that use several threads under
# ThreadSanitizer (preset tsan), the fuzzers for 20 seconds each (preset fuzz), all that measures for a few calls (preset
# bench), then all tests under AddressSanitizer and UndefinedBehaviorSanitizer (preset asan); or with the presets given.
# Stops at the first preset with a failure. Can be called from anywhere, again and again.
set -eu
cd "$(dirname "$0")/.."
. examples/setup.sh

presets=
while [ $# -gt 0 ]; do
    case $1 in
    --preset) presets="$presets ${2:?--preset needs a name}" && shift 2 ;;
    --) shift && break ;;
    *) sed -n '2,6s/^# //p' "$0" >&2 && exit 2 ;;
    esac
done

# What Prometheus reads is checked by its own promtool. Only that program: the package would also start a server.
fetch_promtool() {
    if command -v promtool >/dev/null || [ -x build/tools/promtool ]; then return 0; fi
    mkdir -p build/tools
    (
        cd build/tools
        rm -f prometheus_*.deb
        if ! apt-get download -q prometheus; then
            if [ "$(id -u)" -eq 0 ]; then apt-get update -q; else sudo apt-get update -q; fi
            apt-get download -q prometheus
        fi
        dpkg-deb --fsys-tarfile prometheus_*.deb | tar -xO ./usr/bin/promtool >promtool.part
        chmod +x promtool.part
        mv promtool.part promtool
        rm -f prometheus_*.deb
    )
}

presets=${presets:-tsan fuzz bench asan}
more=
case " $presets " in *' fuzz '*) more='clang-19 libclang-rt-19-dev' ;; esac
case " $presets " in
*' bench '*) more="$more libncurses-dev libcurl4-openssl-dev nginx-light openssl jq util-linux valgrind strace" ;;
esac
install_missing $(build_packages) $(test_packages) $more
fetch_promtool

# GCC 12's sanitizers can't cope with the address space layout of newer kernels.
fixed_layout=
if setarch -R true 2>/dev/null; then fixed_layout='setarch -R'; fi

for preset in $presets; do
    cmake --preset "$preset" -DYUNHU_BUILD_TESTS=ON
    cmake --build --preset "$preset" --parallel "$(nproc)"
    $fixed_layout ctest --preset "$preset" --parallel "$(nproc)" "$@"
done
