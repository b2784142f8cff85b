#pragma once
// Any value of a record to JSON and back, by record_fields.h. For record_json.cpp, act_json.cpp and the store.

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/desk/money.h"
#include "engine/desk/record_fields.h"

namespace vitrine::desk {

template <class T>
nlohmann::json value_to_json(const T& value) {
    return value;
}
inline nlohmann::json value_to_json(const LocalText& text) { return text.by_language; }
/// The amount as a text: numbers of JSON are read as binary fractions, which have no 0.035.
inline nlohmann::json value_to_json(const Money& money) { return {{"amount", plain_money(money)}, {"currency", money.currency}}; }
template <NamedEnum E>
nlohmann::json value_to_json(const E& value) {
    return name_of(value);
}
template <Fielded T>
nlohmann::json value_to_json(const T& value);
template <class T>
nlohmann::json value_to_json(const std::optional<T>& value) {
    return value ? value_to_json(*value) : nlohmann::json(nullptr);
}
template <class T>
nlohmann::json value_to_json(const std::vector<T>& values) {
    nlohmann::json list = nlohmann::json::array();
    for (const T& value : values) list.push_back(value_to_json(value));
    return list;
}
inline bool is_secret(std::string_view field) { return field == "secret_sha256" || field == "token_sha256"; }
template <Fielded T>
nlohmann::json value_to_json(const T& value) {
    nlohmann::json object = nlohmann::json::object();
    each_field(value, [&](std::string_view name, const auto& member) {
        if (!is_secret(name)) object[std::string(name)] = value_to_json(member);
    });
    return object;
}

/// All throw std::invalid_argument or nlohmann's exceptions when the type is another.
template <class T>
void value_from_json(const nlohmann::json& json, T& value) {
    if constexpr (std::is_same_v<T, bool>) {
        if (!json.is_boolean()) throw std::invalid_argument("true or false was expected");
    } else if constexpr (std::is_integral_v<T>) {
        if (!json.is_number_integer()) throw std::invalid_argument("a whole number was expected");
    }
    value = json.get<T>();
}
inline void value_from_json(const nlohmann::json& json, LocalText& text) {
    text.by_language = json.get<std::map<std::string, std::string>>();
}
inline void value_from_json(const nlohmann::json& json, Money& money) {
    const auto e4 = e4_from(json.at("amount").get_ref<const std::string&>());
    if (!e4) throw std::invalid_argument("an amount such as \"4.20\" was expected");
    money = {*e4, json.at("currency").get<std::string>()};
}
template <NamedEnum E>
void value_from_json(const nlohmann::json& json, E& value) {
    const auto found = named<E>(json.get<std::string>());
    if (!found) throw std::invalid_argument("\"" + json.get<std::string>() + "\" is not known here");
    value = *found;
}
template <Fielded T>
void value_from_json(const nlohmann::json& json, T& value);
template <class T>
void value_from_json(const nlohmann::json& json, std::optional<T>& value) {
    value.reset();
    if (!json.is_null()) value_from_json(json, value.emplace());
}
template <class T>
void value_from_json(const nlohmann::json& json, std::vector<T>& values) {
    if (!json.is_array()) throw std::invalid_argument("a list was expected");
    values.clear();
    for (const nlohmann::json& item : json) value_from_json(item, values.emplace_back());
}
template <Fielded T>
void value_from_json(const nlohmann::json& json, T& value) {
    if (!json.is_object()) throw std::invalid_argument("an object was expected");
    each_field(value, [&](std::string_view name, auto& member) {
        if (const auto found = json.find(name); found != json.end()) value_from_json(*found, member);
    });
}

}  // namespace vitrine::desk
