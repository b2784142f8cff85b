#pragma once
// One act's JSON object, read field by field: the first problem wins, finish() refuses what nobody asked for. For act_json.cpp.

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "engine/desk/json_fields.h"

namespace vitrine::desk {

constexpr std::size_t longest_act = 64 * 1024;

enum class Must { be_there, be_optional };

/// Judged while it is parsed, so that nested junk is never built: at most 6 levels, 500 values, no name twice in one object.
Result<nlohmann::json> bounded_json(std::string_view text);

class ActFields {
  public:
    /// `where` names the object in sentences: the act "say", a change of the act "request_quote".
    ActFields(nlohmann::json object, std::string where);

    std::string text(const char* name, std::size_t most_letters, Must must = Must::be_optional);
    std::optional<std::string> maybe_text(const char* name, std::size_t most_bytes);
    std::string id(const char* name, Must must = Must::be_there);
    std::string language(const char* name);
    bool flag(const char* name, bool fallback) { return maybe_flag(name).value_or(fallback); }
    std::optional<bool> maybe_flag(const char* name);
    std::int64_t whole(const char* name, std::int64_t fallback, std::int64_t least, std::int64_t most, Must must = Must::be_optional);
    std::optional<Money> money(const char* name);
    SceneMoment moment(const char* name);
    std::array<double, 3> point(const char* name);
    LocalText local_text(const char* name, std::size_t most_letters);
    std::vector<LocalText> local_texts(const char* name, std::size_t most_letters);
    std::vector<std::string> ids(const char* name, std::size_t most);
    /// The objects of a list.
    std::vector<ActFields> objects(const char* name, std::size_t most);
    std::optional<ActFields> object(const char* name);
    template <NamedEnum E>
    std::optional<E> word(const char* name, Must must = Must::be_optional) {
        const std::string given = text(name, 40, must);
        if (given.empty()) return std::nullopt;
        const auto value = named<E>(given);
        if (!value) {
            std::string all;
            for (const auto known : EnumNames<E>::names) all += (all.empty() ? "" : ", ") + std::string(known);
            complain(name, "must be one of: " + all);
        }
        return value;
    }

    void complain(const std::string& name, const std::string& what);
    void take_problem(ActFields& part);
    /// The problem found, also that of a field nobody asked for; empty when there is none.
    const std::string& finish();

  private:
    std::optional<nlohmann::json> take(const char* name, Must must);
    std::string clean(const std::string& name, const nlohmann::json& value, std::size_t most_letters);
    LocalText read_local_text(const std::string& name, const nlohmann::json& value, std::size_t most_letters);

    nlohmann::json object_;
    std::string where_, problem_;
};

}  // namespace vitrine::desk
