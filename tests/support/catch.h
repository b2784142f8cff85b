#pragma once
// Hides the difference between Catch2 v2 (one header) and v3 (many).

#ifdef VITRINE_CATCH3
#include <catch2/catch_all.hpp>
using Catch::Approx;
#else
#include <catch2/catch.hpp>
#endif
