// [desk], [rates] and [[template]]: what buyers may do, and what is shown to them beside the products.

#include <set>

#include "engine/config_sections.h"
#include "engine/desk/money.h"
#include "engine/desk/text_rules.h"

namespace vitrine::config {
namespace {

constexpr std::size_t most_rates = 60, most_templates = 100;

bool known_currency(TableReader& table, std::string_view name, const std::string& code) {
    if (desk::minor_digits(code)) return true;
    table.wrong(name, in_quotes(code) + " is no currency code", "three capital letters as in ISO 4217: USD, EUR, CNY …");
    return false;
}

}  // namespace

DeskConfig read_desk(TableReader table) {
    DeskConfig desk;
    const auto chat = table.word("chat", {"open", "moderated", "off"}).value_or("open");
    desk.chat = chat == "moderated" ? ChatMode::moderated : chat == "off" ? ChatMode::off : ChatMode::open;
    const auto names = table.word("names", {"none", "first", "full"}).value_or("first");
    desk.names = names == "none" ? NamesShown::none : names == "full" ? NamesShown::full : NamesShown::first;
    desk.max_people = static_cast<int>(table.integer("max_people", {1, 20000, "people"}).value_or(desk.max_people));
    desk.keep_days = static_cast<int>(table.integer("keep_days", {1, 3650, "days"}).value_or(desk.keep_days));
    desk.invite_days = static_cast<int>(table.integer("invite_days", {1, 365, "days"}).value_or(desk.invite_days));
    return desk;
}

std::optional<RatesConfig> read_rates(TableReader table) {
    RatesConfig rates;
    if (auto date = table.string("date", Need::required)) {
        if (desk::is_date(*date)) {
            rates.date = *date;
        } else {
            table.wrong("date", in_quotes(*date) + " is no day", "for example \"2026-11-20\"");
        }
    }
    if (auto base = table.string("base", Need::required); base && known_currency(table, "base", *base)) rates.base = *base;
    for (auto& to : table.tables("to", most_rates)) {
        const auto currency = to.string("currency", Need::required);
        const auto rate = to.number("rate", {0, 1e9, "", true}, Need::required);
        if (!currency || !rate || !known_currency(to, "currency", *currency)) continue;
        if (*currency == rates.base || rates.rates.contains(*currency)) {
            to.wrong("currency", in_quotes(*currency) + " is there already", "name each currency once, and not the base");
        } else {
            rates.rates[*currency] = *rate;
        }
    }
    return rates;
}

std::vector<TemplateConfig> read_templates(TableReader& root) {
    std::vector<TemplateConfig> templates;
    std::set<std::string> taken;
    for (auto& table : root.tables("template", most_templates)) {
        TemplateConfig one;
        if (auto id = table.id("id")) {
            one.id = *id;
            if (!taken.insert(*id).second) table.wrong("id", in_quotes(*id) + " is taken already", "give each its own");
        }
        one.text = table.text("text", Need::required).value_or(LocalText{});
        templates.push_back(std::move(one));
    }
    return templates;
}

}  // namespace vitrine::config
