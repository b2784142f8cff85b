#pragma once
// Where things stand in a TOML text, by byte offsets. Only for text that the TOML reader has accepted: of anything else it makes nonsense,
// but never reads outside of it. Keys are compared as written, without escapes. Reentrant.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace vitrine::toml_scan {

struct Pair;

struct Value {
    enum class Kind { scalar, list, table };
    Kind kind = Kind::scalar;
    std::size_t begin = 0, end = 0;
    std::vector<Value> items;  ///< of a list
    std::vector<Pair> pairs;   ///< of a table in braces
};

struct Pair {
    std::vector<std::string> key;
    std::size_t begin = 0;  ///< of the key
    std::size_t equals = 0;
    Value value;
};

struct Statement {
    enum class Kind { pair, table, list };  ///< key = value, [key], [[key]]
    Kind kind = Kind::pair;
    std::vector<std::string> key;
    std::size_t line = 0;  ///< where its first line begins
    std::size_t end = 0;   ///< behind the end of its last line
    Pair pair;             ///< of a pair
};

/// In order. Throws std::runtime_error where it cannot go on.
std::vector<Statement> scan(std::string_view text);

}  // namespace vitrine::toml_scan
