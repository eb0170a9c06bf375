// SPDX-License-Identifier: Apache-2.0

// sdk.hpp: includes all headers of the SDK. See plugin.hpp for an overview.

#ifndef GYR_SDK_HPP
#define GYR_SDK_HPP

#include "gyr/async.hpp"
#include "gyr/codec.hpp"
#include "gyr/extractor.hpp"
#include "gyr/json.hpp"
#include "gyr/listener.hpp"
#include "gyr/metrics.hpp"
#include "gyr/own_table.hpp"
#include "gyr/parser.hpp"
#include "gyr/plugin.hpp"
#include "gyr/source.hpp"
#include "gyr/tables.hpp"

#endif
