#pragma once
// Real-time bounds under a sanitizer, where everything takes several times as long. The release build's bounds are untouched.

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define VITRINE_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define VITRINE_SANITIZED 1
#endif
#endif

namespace vitrine::test {

#ifdef VITRINE_SANITIZED
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif

/// Multiplies a deadline; divides a number of rounds.
inline constexpr int patience = sanitized ? 5 : 1;

}  // namespace vitrine::test
