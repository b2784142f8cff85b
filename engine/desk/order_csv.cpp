#include "engine/desk/order_csv.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>

#include "engine/desk/csv.h"
#include "engine/desk/printing.h"
#include "engine/printable.h"

namespace vitrine::desk {
namespace {

constexpr std::size_t most_problems = OrderTable::most_problems, longest_cell = 200;

enum Column { id, product, buyer, place, state, slot, quantity, name_allowed, columns };

constexpr std::array<std::array<std::string_view, 2>, columns> names{{{"id", "订单号"},
                                                                      {"product", "产品"},
                                                                      {"buyer", "买家"},
                                                                      {"place", "地点"},
                                                                      {"state", "状态"},
                                                                      {"slot", "时段"},
                                                                      {"quantity", "数量"},
                                                                      {"name_allowed", "可显示姓名"}}};

constexpr std::array<std::pair<std::string_view, OrderState>, 12> states{{{"placed", OrderState::placed},
                                                                          {"confirmed", OrderState::confirmed},
                                                                          {"in_production", OrderState::in_production},
                                                                          {"shipped", OrderState::shipped},
                                                                          {"delivered", OrderState::delivered},
                                                                          {"cancelled", OrderState::cancelled},
                                                                          {"已下单", OrderState::placed},
                                                                          {"已确认", OrderState::confirmed},
                                                                          {"生产中", OrderState::in_production},
                                                                          {"已发货", OrderState::shipped},
                                                                          {"已送达", OrderState::delivered},
                                                                          {"已取消", OrderState::cancelled}}};

std::string tidy(std::string_view cell) {
    while (!cell.empty() && (cell.front() == ' ' || cell.front() == '\t')) cell.remove_prefix(1);
    while (!cell.empty() && (cell.back() == ' ' || cell.back() == '\t')) cell.remove_suffix(1);
    if (cell.size() > 1 && cell.front() == '\'' && std::string_view("=+-@").find(cell[1]) != std::string_view::npos) cell.remove_prefix(1);
    return std::string(cell);
}

/// "In production" and "in-production" are "in_production".
std::string word(std::string_view cell) {
    std::string out(cell);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if (c == ' ' || c == '-') c = '_';
    }
    return out;
}

std::optional<bool> yes_or_no(std::string_view cell) {
    const std::string w = word(cell);
    for (const std::string_view yes : {"yes", "y", "true", "1", "是"})
        if (w == yes) return true;
    for (const std::string_view no : {"", "no", "n", "false", "0", "否"})
        if (w == no) return false;
    return std::nullopt;
}

bool good_id(std::string_view text) {
    if (text.empty() || text.size() > 64) return false;
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               std::string_view("._+-/#").find(c) != std::string_view::npos;
    });
}

/// Printable without a change: no control characters, no direction overrides.
bool plain(const std::string& text) { return printable(text, longest_cell + 1) == text; }

class Reader {
  public:
    explicit Reader(std::int64_t now_us) : now_us_(now_us) {}

    OrderTable read(const std::vector<CsvRow>& rows) {
        if (rows.empty()) {
            problem(1, "The file is empty; its first line names the columns: id,product,buyer,place,state,slot,quantity,name_allowed.");
            return finish();
        }
        if (!read_heads(rows.front())) return finish();
        for (std::size_t i = 1; i < rows.size() && table_.problems.size() < most_problems; ++i) read_row(rows[i]);
        return finish();
    }

  private:
    bool read_heads(const CsvRow& row) {
        place_.fill(std::nullopt);
        for (std::size_t i = 0; i < row.cells.size(); ++i) {
            const std::string head = word(tidy(row.cells[i]));
            for (std::size_t c = 0; c < columns; ++c) {
                if (head != names[c][0] && head != names[c][1]) continue;
                if (place_[c]) problem(row.line, "The column " + std::string(names[c][0]) + " is there twice.");
                place_[c] = i;
            }
        }
        if (!place_[id])
            problem(row.line,
                    "There is no column id. The first line names the columns: id,product,buyer,place,state,slot,quantity,name_allowed.");
        return table_.problems.empty();
    }

    std::string cell(const CsvRow& row, Column column) {
        const auto at = place_[column];
        if (!at || *at >= row.cells.size()) return {};
        std::string text = tidy(row.cells[*at]);
        const std::string name(names[column][0]);
        if (text.size() > longest_cell) {
            problem(row.line, name + " is longer than 200 bytes.");
            return {};
        }
        if (!plain(text)) {
            problem(row.line, name + " holds characters that cannot be shown.");
            return {};
        }
        return text;
    }

    void read_row(const CsvRow& row) {
        Order order;
        order.id = cell(row, id);
        if (!good_id(order.id))
            problem(row.line, "id is " + (order.id.empty() ? std::string("empty") : "\"" + order.id + "\"") +
                                  "; give 1 to 64 letters, digits or . _ + - / #.");
        if (const auto [it, fresh] = lines_.emplace(order.id, row.line); !fresh && !order.id.empty())
            problem(row.line, "The order " + order.id + " is in line " + std::to_string(it->second) + " already.");
        order.product = cell(row, product);
        order.buyer = cell(row, buyer);
        order.place = cell(row, place);
        order.slot = cell(row, slot);
        if (const std::string text = cell(row, state); !text.empty()) {
            const auto found = std::find_if(states.begin(), states.end(), [&](const auto& s) { return s.first == word(text); });
            if (found == states.end())
                problem(row.line,
                        "There is no state \"" + text + "\"; it is placed, confirmed, in_production, shipped, delivered or cancelled.");
            else
                order.state = found->second;
        }
        if (std::string text = cell(row, quantity); !text.empty()) {
            std::erase_if(text, [](char c) { return c == ' ' || c == '\''; });
            const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), order.quantity);
            if (error != std::errc{} || end != text.data() + text.size() || order.quantity < 0 || order.quantity > 1'000'000'000)
                problem(row.line, "quantity is \"" + text + "\"; give a whole number without separators.");
        }
        if (const auto allowed = yes_or_no(cell(row, name_allowed)))
            order.name_allowed = *allowed;
        else
            problem(row.line, "name_allowed is neither yes nor no.");
        order.made_us = order.changed_us = now_us_;
        table_.orders.push_back(std::move(order));
        table_.lines.push_back(row.line);
    }

    void problem(int line, std::string what) {
        if (table_.problems.size() < most_problems) table_.problems.push_back({line, std::move(what)});
    }

    OrderTable finish() {
        if (!table_.problems.empty()) table_.orders.clear(), table_.lines.clear();
        return std::move(table_);
    }

    const std::int64_t now_us_;
    OrderTable table_;
    std::array<std::optional<std::size_t>, columns> place_{};
    std::map<std::string, int> lines_;
};

}  // namespace

OrderTable read_orders(std::string_view csv, std::int64_t now_us) {
    auto rows = read_csv(csv);
    if (!rows) {
        OrderTable table;
        // read_csv() says "Line 7: …" where it knows the line.
        int line = 1;
        std::string what = rows.error().message;
        if (what.starts_with("Line ")) {
            const std::size_t colon = what.find(": ");
            std::from_chars(what.data() + 5, what.data() + colon, line);
            what.erase(0, colon + 2);
        }
        table.problems.push_back({line, std::move(what)});
        return table;
    }
    return Reader(now_us).read(*rows);
}

}  // namespace vitrine::desk
