#!/bin/sh
# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# recipes.sh SOURCE_DIR VERSION: the recipes of other package managers agree with the build: the version and
# the dependencies. The package managers are not run: Debian has none of them.
set -eu
cd "$1"
version=$2
recipes=src/packaging
fail() { echo "$*" && exit 1; }

# The minimum versions that the build requires.
least() { sed -n "s/^find_package($1 \([0-9.]*\).*/\1/p" CMakeLists.txt; }
boost=$(least Boost) openssl=$(least OpenSSL)
[ -n "$boost" ] && [ -n "$openssl" ] || fail "CMakeLists.txt has no versions of Boost and OpenSSL"

# Every Boost library (boost/version.hpp is of Config) that the library's sources include is a dependency of the vcpkg port.
port=$recipes/vcpkg/vcpkg.json
wanted=$(grep -rhoE '#include <boost/[a-z_]+' include src | sed 's|.*boost/||; s|^version$|config|' | tr _ - | sort -u)
python3 - "$port" "$version" "$boost" "$openssl" $wanted <<'END'
import json, sys
port, version, boost, openssl = sys.argv[1:5]
wanted = {"boost-" + each for each in sys.argv[5:]} | {"openssl", "protobuf", "vcpkg-cmake", "vcpkg-cmake-config"}
port = json.load(open(port))
assert port["name"] == "yunhu" and port["version-semver"] == version, port["version-semver"]
named = {}
for each in port["dependencies"]:
    each = {"name": each} if isinstance(each, str) else each
    named.setdefault(each["name"], each.get("version>="))
assert wanted <= set(named), wanted - set(named)
for name, least in named.items():
    if name.startswith("boost-"):
        assert least == boost + ".0", name
assert named["openssl"] == openssl + ".0"
END
for option in $(grep -oE 'YUNHU_[A-Z_]+' "$recipes/vcpkg/portfile.cmake" "$recipes/conan/conanfile.py" -h | sort -u); do
    grep -q "^option($option " CMakeLists.txt || fail "$option is no option of the build"
done

conan=$recipes/conan/conanfile.py
python3 - "$conan" <<'END'
import ast, sys
ast.parse(open(sys.argv[1]).read())
END
grep -qF "\"boost/[>=$boost <2]\"" "$conan" || fail "Conan: another Boost than $boost"
grep -qF "\"openssl/[>=$openssl <4]\"" "$conan" || fail "Conan: another OpenSSL than $openssl"
grep -q '"protobuf/' "$conan" || fail "Conan: no protobuf"
# It reads the version from the same file as CMake.
pattern=$(sed -n "s/.*re.search(r'\([^']*\)'.*/\1/p" "$conan")
[ "$(grep -oE "$pattern" include/yunhu/version.hpp)" = "version = \"$version\"" ] || fail "Conan: another version"
# The static library of the recipe has the link dependencies of pkg-config's.
for library in json url; do
    grep -qF "boost::$library" "$conan" && grep -qF -- "-lboost_$library" "$recipes/pkgconfig.cmake" ||
        fail "Boost.$library is not linked"
done

grep -qE "^## $version \([A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} [+-][0-9]{4}\)$" src/doc/CHANGELOG.md ||
    fail "CHANGELOG.md has no entry for $version"
for file in README.md README.zh-CN.md tests/system/install/*/CMakeLists.txt examples/bot_test/CMakeLists.txt; do
    for named in $(sed -n 's/.*find_package(yunhu \([0-9.]*\).*/\1/p' "$file"); do
        case $version. in "$named".*) ;; *) fail "$file requires yunhu $named" ;; esac
    done
done
echo "all agree: $version, Boost $boost, OpenSSL $openssl"
