#pragma once
// Why a file is refused, in two halves: what is wrong with it and what would be right. Both read on after the file's name.

#include <string>
#include <string_view>

#include "engine/result.h"

namespace vitrine {

inline constexpr std::string_view refusal_dash = " – ";

inline tl::unexpected<Error> refuse(std::string what, std::string_view hint) {
    return fail(std::move(what) + std::string(refusal_dash) + std::string(hint), ErrorKind::bad_input);
}

struct Refusal {
    std::string what, hint;
};

/// The halves of a message made by refuse(); an empty hint when it was made otherwise.
inline Refusal halves_of(const Error& error) {
    const auto at = error.message.rfind(refusal_dash);
    if (at == std::string::npos) return {error.message, {}};
    return {error.message.substr(0, at), error.message.substr(at + refusal_dash.size())};
}

}  // namespace vitrine
