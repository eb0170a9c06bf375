// SPDX-License-Identifier: Apache-2.0

//go:build windows

#include "blame.h"

__thread gyr_blame gyr_blamed;

void gyr_blame_install(int go_exits) { (void)go_exits; } // Windows reports faults by itself
