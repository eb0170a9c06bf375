# SPDX-License-Identifier: Apache-2.0
include(${CMAKE_CURRENT_LIST_DIR}/gyr-sdk-targets.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/gyr_add_plugin.cmake)
