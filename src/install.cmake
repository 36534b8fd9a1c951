# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# What `cmake --install` lays down: both libraries, the headers, and packages for find_package(yunhu) and pkg-config.
# The programs are in tools/. Two components, the packages of packaging/cpack.cmake: yunhu_development and
# yunhu_programs.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/yunhu")

install(TARGETS yunhu yunhu_testing EXPORT yunhuTargets
  LIBRARY COMPONENT yunhu_development
  ARCHIVE COMPONENT yunhu_development
  INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/yunhu" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
  COMPONENT yunhu_development
  FILES_MATCHING PATTERN "*.hpp")
install(EXPORT yunhuTargets NAMESPACE yunhu:: DESTINATION "${package_dir}" COMPONENT yunhu_development)
if(YUNHU_OUTBOX) # find_package(yunhu COMPONENTS outbox)
  install(TARGETS yunhu_outbox EXPORT yunhuOutboxTargets
    LIBRARY COMPONENT yunhu_development
    ARCHIVE COMPONENT yunhu_development
    INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
  install(EXPORT yunhuOutboxTargets NAMESPACE yunhu:: DESTINATION "${package_dir}" COMPONENT yunhu_development)
endif()
if(YUNHU_OUTBOX AND YUNHU_OUTBOX_POSTGRES) # find_package(yunhu COMPONENTS outbox outbox_postgres)
  install(TARGETS yunhu_outbox_postgres EXPORT yunhuOutboxPostgresTargets
    LIBRARY COMPONENT yunhu_development
    ARCHIVE COMPONENT yunhu_development
    INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
  install(EXPORT yunhuOutboxPostgresTargets NAMESPACE yunhu:: DESTINATION "${package_dir}"
    COMPONENT yunhu_development)
endif()

configure_package_config_file(
  "${CMAKE_CURRENT_SOURCE_DIR}/yunhuConfig.cmake.in" "${CMAKE_CURRENT_BINARY_DIR}/yunhuConfig.cmake"
  INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/yunhuConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES
  "${CMAKE_CURRENT_BINARY_DIR}/yunhuConfig.cmake" "${CMAKE_CURRENT_BINARY_DIR}/yunhuConfigVersion.cmake"
  DESTINATION "${package_dir}" COMPONENT yunhu_development)
include(packaging/pkgconfig.cmake)

# The installed pages lie flat beside the examples. Links between them are kept; a link to a file that is not installed
# becomes its text.
file(GLOB_RECURSE examples RELATIVE "${PROJECT_SOURCE_DIR}/examples" CONFIGURE_DEPENDS
  "${PROJECT_SOURCE_DIR}/examples/*.cpp" "${PROJECT_SOURCE_DIR}/examples/*.hpp"
  "${PROJECT_SOURCE_DIR}/examples/monitoring/*.json" "${PROJECT_SOURCE_DIR}/examples/monitoring/*.yml"
  "${PROJECT_SOURCE_DIR}/examples/fleet/*.service" "${PROJECT_SOURCE_DIR}/examples/fleet/*.yml")
list(APPEND examples bot_test/CMakeLists.txt)
foreach(page IN ITEMS README.md README.zh-CN.md src/doc/CHANGELOG.md src/doc/handbook/errors.md
                      src/doc/handbook/errors.zh-CN.md src/doc/handbook/fleet.md
                      src/doc/handbook/fleet.zh-CN.md src/doc/handbook/listening.md
                      src/doc/handbook/listening.zh-CN.md src/doc/handbook/lookups.md
                      src/doc/handbook/lookups.zh-CN.md src/doc/handbook/media.md
                      src/doc/handbook/media.zh-CN.md src/doc/handbook/monitoring.md
                      src/doc/handbook/monitoring.zh-CN.md)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/${page}")
  file(READ "${PROJECT_SOURCE_DIR}/${page}" text)
  string(REGEX REPLACE "\\]\\((\\.\\./)*(src/)?(doc/)?(handbook/)?([A-Za-z-]+(\\.zh-CN)?\\.md)\\)" "](\\5)" text "${text}")
  string(REGEX REPLACE "\\]\\((\\.\\./)*examples/" "](examples/" text "${text}")
  string(REGEX REPLACE "\\[([^][]+)\\]\\((include|src|tests|bench|\\.github)/[^)]*\\)" "\\1" text "${text}")
  cmake_path(GET page FILENAME name)
  file(CONFIGURE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/installed/${name}" CONTENT "@text@" @ONLY)
  install(FILES "${CMAKE_CURRENT_BINARY_DIR}/installed/${name}" DESTINATION "${CMAKE_INSTALL_DOCDIR}"
    COMPONENT yunhu_development)
endforeach()
foreach(example IN LISTS examples)
  cmake_path(GET example PARENT_PATH folder)
  install(FILES "${PROJECT_SOURCE_DIR}/examples/${example}" DESTINATION "${CMAKE_INSTALL_DOCDIR}/examples/${folder}"
    COMPONENT yunhu_development)
endforeach()
# Of a component of its own: Debian's packages have it as their file `copyright`.
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT yunhu_license)
