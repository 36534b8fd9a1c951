# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

"""Conan 2: `conan create src/packaging/conan --build=missing` in the source tree that this lies in."""

import os
import re

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load, rmdir


class YunhuConan(ConanFile):
    name = "yunhu"
    description = "C++20 coroutine library for the Yunhu message API"
    license = "BSL-1.0"
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False], "fPIC": [True, False]}
    default_options = {"shared": False, "fPIC": True}
    implements = ["auto_shared_fpic"]

    @property
    def _root(self):
        return os.path.join(self.recipe_folder, "..", "..", "..")

    def set_version(self):
        header = load(self, os.path.join(self._root, "include", "yunhu", "version.hpp"))
        self.version = re.search(r'version = "([0-9.]+)"', header).group(1)

    def export_sources(self):
        for pattern in ("CMakeLists.txt", "LICENSE", "README*.md", "include/*", "proto/*", "src/*"):
            copy(self, pattern, src=self._root, dst=self.export_sources_folder)

    def requirements(self):
        # Asio's types are in the public headers; the rest stays inside.
        self.requires("boost/[>=1.81 <2]", transitive_headers=True)
        self.requires("openssl/[>=3.0 <4]")
        self.requires("protobuf/[>=3.21]")

    def build_requirements(self):
        self.tool_requires("protobuf/<host_version>")
        self.tool_requires("cmake/[>=3.25]")

    def validate(self):
        check_min_cppstd(self, 20)

    def layout(self):
        cmake_layout(self)

    def generate(self):
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["YUNHU_BUILD_TESTS"] = False
        toolchain.cache_variables["YUNHU_BUILD_EXAMPLES"] = False
        toolchain.cache_variables["YUNHU_INSTALL"] = True
        toolchain.generate()
        CMakeDeps(self).generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()
        # Conan writes its own, of what is below.
        rmdir(self, os.path.join(self.package_folder, "lib", "cmake"))
        rmdir(self, os.path.join(self.package_folder, "lib", "pkgconfig"))

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "yunhu")

        client = self.cpp_info.components["client"]
        client.set_property("cmake_target_name", "yunhu::yunhu")
        client.set_property("pkg_config_name", "yunhu")
        client.libs = ["yunhu"]
        client.requires = [
            "boost::headers",
            "boost::json",
            "boost::url",
            "openssl::ssl",
            "openssl::crypto",
            "protobuf::libprotobuf-lite",
        ]
        if self.settings.os in ("Linux", "FreeBSD"):
            client.system_libs = ["pthread"]

        testing = self.cpp_info.components["testing"]
        testing.set_property("cmake_target_name", "yunhu::testing")
        testing.set_property("pkg_config_name", "yunhu-testing")
        testing.libs = ["yunhu_testing"]
        testing.requires = ["client"]
