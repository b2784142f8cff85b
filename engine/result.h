#pragma once
// Errors are values: one sentence a user can act on. Exceptions from libraries are caught at a room's door and
// become an Error there.

#include <string>
#include <tl/expected.hpp>

namespace vitrine {

/// Maps one to one to the process exit code (failed 1, bad_input 2, missing 3) and to HTTP problems.
enum class ErrorKind { failed = 1, bad_input = 2, missing = 3 };

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
