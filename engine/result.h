#pragma once
// Errors are values: one sentence a user can act on. Exceptions from libraries are caught at a room's door and
// become an Error there.

#include <string>
#include <tl/expected.hpp>

namespace vitrine {

/// Maps to the process exit code (failed 1, bad_input 2, missing 3; of the others no_space 1, the rest 2) and to HTTP problems (not_allowed
/// 403, not_found 404, conflict 409, bad_input 422, no_space 507).
enum class ErrorKind { failed = 1, bad_input = 2, missing = 3, not_allowed, not_found, conflict, no_space };

/// Reentrant. The process exit code for that kind.
constexpr int exit_code_of(ErrorKind kind) {
    if (kind == ErrorKind::failed || kind == ErrorKind::no_space) return 1;
    return kind == ErrorKind::missing ? 3 : 2;
}

struct Error {
    ErrorKind kind = ErrorKind::failed;
    std::string message;  ///< says what is wrong and what to do
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(std::string message, ErrorKind kind = ErrorKind::failed) {
    return tl::unexpected<Error>(Error{kind, std::move(message)});
}

}  // namespace vitrine
