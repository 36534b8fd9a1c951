# Copyright (c) 2026 The yunhu authors
# SPDX-License-Identifier: BSL-1.0

# What `cmake --install` lays down: both libraries, the headers, and packages for find_package(yunhu) and pkg-config.
# The programs are in examples/. Two components, the packages of packaging/cpack.cmake: yunhu_development and
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

configure_package_config_file(
  "${CMAKE_CURRENT_SOURCE_DIR}/yunhuConfig.cmake.in" "${CMAKE_CURRENT_BINARY_DIR}/yunhuConfig.cmake"
  INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/yunhuConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES
  "${CMAKE_CURRENT_BINARY_DIR}/yunhuConfig.cmake" "${CMAKE_CURRENT_BINARY_DIR}/yunhuConfigVersion.cmake"
  DESTINATION "${package_dir}" COMPONENT yunhu_development)
include(packaging/pkgconfig.cmake)

install(FILES
  "${PROJECT_SOURCE_DIR}/README.md" "${PROJECT_SOURCE_DIR}/README.zh-CN.md"
  doc/CHANGELOG.md doc/handbook/errors.md doc/handbook/errors.zh-CN.md
  DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT yunhu_development)
# Of a component of its own: Debian's packages have it as their file `copyright`.
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT yunhu_license)
