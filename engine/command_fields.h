#pragma once
// The fields of one command, read from JSON without trust: a flat object but for the few fields that hold lists or texts by language,
// and of those never more than a command needs. Reentrant.

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include "engine/commands.h"
#include "engine/config.h"
#include "engine/result.h"

namespace vitrine::command_fields {

/// The last is a list or an object.
using Value = std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, nlohmann::json>;
using Fields = std::map<std::string, Value>;

/// For sentences: what came from outside, short and on one line.
std::string in_quotes(std::string_view text);

/// Stops at the first thing that belongs in no command: nothing is built of nested junk.
Result<Fields> read_fields(std::string_view json);

/// Hands out the fields of one command by name; the first problem wins; finish() refuses what nobody asked for.
class Taker {
  public:
    Taker(std::string command, Fields fields) : command_(std::move(command)), fields_(std::move(fields)) {}

    bool has(const std::string& name) const { return fields_.contains(name); }
    std::string text(const std::string& name, std::size_t longest);
    /// Empty when it is left out.
    std::string text_or(const std::string& name, std::size_t longest) { return has(name) ? text(name, longest) : std::string(); }
    bool flag(const std::string& name, bool fallback);
    int whole(const std::string& name, int fallback, int least, int most);
    double number(const std::string& name, double least, double most);
    /// A number from 0 to 1; nothing when it is null or left out and need not be there.
    std::optional<double> share(const std::string& name, bool required);
    /// UTC µs of "2026-11-26T14:00:00+08:00"; 0 for null.
    std::int64_t moment(const std::string& name);
    /// [x, y] or [x, y, z] in mm.
    std::optional<std::array<double, 3>> point(const std::string& name, bool required);
    /// {"en": "…"}; nothing when it is left out.
    std::optional<LocalText> texts(const std::string& name);
    std::vector<PrivacyMask> masks(const std::string& name);
    Result<Command> finish(Command command);

  private:
    std::optional<Value> take(const std::string& name, bool required);
    void complain(const std::string& name, const std::string& what);

    std::string command_;
    Fields fields_;
    std::string problem_;
};

}  // namespace vitrine::command_fields
