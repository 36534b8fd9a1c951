# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# Debian packages: `cmake --workflow --preset package` on the Debian that they are for. Boost's version is part of what
# they need: headers of another Boost than the library's would give two different Asios in one program.
include(GNUInstallDirs)
find_program(GZIP_PROGRAM gzip)
mark_as_advanced(GZIP_PROGRAM)
if(NOT GZIP_PROGRAM)
  return() # no Debian
endif()

set(CPACK_PACKAGE_NAME yunhu)
set(CPACK_PACKAGE_VENDOR "yunhu")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "") # each package has its own
set(CPACK_PACKAGE_CONTACT "The yunhu maintainers <maintainers@yunhu.example>")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_PACKAGE_DIRECTORY "${PROJECT_BINARY_DIR}/packages")
set(CPACK_GENERATOR DEB)
set(CPACK_COMPONENTS_ALL yunhu_development)
if(YUNHU_BUILD_EXAMPLES)
  list(APPEND CPACK_COMPONENTS_ALL yunhu_programs)
endif()
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(boost "${Boost_MAJOR_VERSION}.${Boost_MINOR_VERSION}")
set(CPACK_DEBIAN_YUNHU_DEVELOPMENT_PACKAGE_NAME libyunhu-dev)
set(CPACK_DEBIAN_YUNHU_DEVELOPMENT_PACKAGE_SECTION libdevel)
string(JOIN ", " CPACK_DEBIAN_YUNHU_DEVELOPMENT_PACKAGE_DEPENDS
  "libboost${boost}-dev" "libboost-json${boost}-dev" "libboost-url${boost}-dev" "libssl-dev (>= 3.0)" libprotobuf-dev libsqlite3-dev)
set(CPACK_DEBIAN_YUNHU_DEVELOPMENT_PACKAGE_SUGGESTS yunhu)
set(CPACK_COMPONENT_YUNHU_DEVELOPMENT_DESCRIPTION
"C++20 coroutine library for the Yunhu message API
Calls to the 13 endpoints of the Yunhu message API as Asio operations, over
a pool of keep-alive HTTPS connections.

This package holds the headers, the static libraries (the client, and an
emulator for the tests of bots), and what CMake and pkg-config need.")

set(CPACK_DEBIAN_YUNHU_PROGRAMS_PACKAGE_NAME yunhu)
set(CPACK_DEBIAN_YUNHU_PROGRAMS_PACKAGE_SECTION net)
set(CPACK_DEBIAN_YUNHU_PROGRAMS_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_YUNHU_PROGRAMS_PACKAGE_DEPENDS ca-certificates)
set(CPACK_COMPONENT_YUNHU_PROGRAMS_DESCRIPTION
"command line for the Yunhu message API, and an emulator of it
The program yunhu calls the endpoints of the Yunhu message API; the program
yunhu-emulator is a Yunhu on this machine, for trying out bots.")

# Of the packages alone (EXCLUDE_FROM_ALL), as Debian wants them.
file(STRINGS "${PROJECT_SOURCE_DIR}/src/doc/CHANGELOG.md" heading REGEX "^## " LIMIT_COUNT 1)
if(NOT heading MATCHES "^## ([0-9.]+) \\(([^)]+)\\)$" OR NOT CMAKE_MATCH_1 STREQUAL PROJECT_VERSION)
  message(FATAL_ERROR "src/doc/CHANGELOG.md begins with \"${heading}\", the version is ${PROJECT_VERSION}")
endif()
set(changelog_date "${CMAKE_MATCH_2}")
file(READ "${PROJECT_SOURCE_DIR}/LICENSE" license)
string(REGEX REPLACE "\n\n" "\n.\n" license "${license}")
string(REGEX REPLACE "\n([^\n])" "\n \\1" license " ${license}")
configure_file("${CMAKE_CURRENT_LIST_DIR}/debian/copyright.in" "${CMAKE_CURRENT_BINARY_DIR}/debian/copyright" @ONLY)
configure_file("${CMAKE_CURRENT_LIST_DIR}/debian/changelog.in" "${CMAKE_CURRENT_BINARY_DIR}/debian/changelog" @ONLY)
execute_process(COMMAND "${GZIP_PROGRAM}" -9nkf "${CMAKE_CURRENT_BINARY_DIR}/debian/changelog" COMMAND_ERROR_IS_FATAL ANY)
foreach(component IN LISTS CPACK_COMPONENTS_ALL)
  string(TOUPPER "${component}" upper)
  install(FILES "${CMAKE_CURRENT_BINARY_DIR}/debian/copyright" "${CMAKE_CURRENT_BINARY_DIR}/debian/changelog.gz"
    DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/${CPACK_DEBIAN_${upper}_PACKAGE_NAME}"
    COMPONENT "${component}" EXCLUDE_FROM_ALL)
endforeach()

include(CPack)
