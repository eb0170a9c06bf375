// SPDX-License-Identifier: Apache-2.0

// check.hpp: what the test programs check with. They count failures and go on.

#ifndef GYR_TESTS_CHECK_HPP
#define GYR_TESTS_CHECK_HPP

#include <iostream>
#include <sstream>
#include <string>

inline int failures = 0;

template <class G, class W> void check(const char *file, int line, const char *what, const G &got, const W &want)
{
	if (got == want) return;
	failures++;
	std::cout << file << ":" << line << ": " << what << ": got " << got << ", want " << want << "\n";
}

#define EQ(got, want) check(__FILE__, __LINE__, #got, got, want)

// text makes a comparable text of a C string.
inline std::string text(const char *s) { return s ? s : "(null)"; }

inline int result()
{
	if (failures) std::cout << failures << " failures\n";
	return failures ? 1 : 0;
}

#endif
