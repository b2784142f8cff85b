#include "engine/toml_edit.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "engine/config_source.h"
#include "engine/config_toml.h"
#include "engine/toml_scan.h"
#include "engine/toml_text.h"

namespace vitrine {
namespace {

using toml_scan::Pair;
using toml_scan::Statement;
using toml_scan::Value;

// How values are written.

template <class Number>
std::string number(Number value) {
    char text[64];
    const auto [end, error] = std::to_chars(text, text + sizeof text, value);
    std::string out(text, end);
    if (out.find_first_of(".e") == std::string::npos) out += ".0";
    return out;
}

std::string written(const std::array<double, 3>& at) { return "[" + number(at[0]) + ", " + number(at[1]) + ", " + number(at[2]) + "]"; }

std::string written(const std::vector<PrivacyMask>& masks) {
    std::string out;
    for (const PrivacyMask& mask : masks) {
        std::string corners;
        for (const auto& [x, y] : mask.polygon) corners += (corners.empty() ? "[" : ", [") + number(x) + ", " + number(y) + "]";
        out += (out.empty() ? "[ " : ", ") + ("{ polygon = [" + corners) + "], fill = " + toml_string(std::string(to_string(mask.fill))) +
               " }";
    }
    return out + " ]";
}

// Where things go.

[[noreturn]] void give_up(const std::string& why) { throw std::runtime_error(why); }

/// One element of a list of tables, however it is written.
struct Entry {
    const Value* braces = nullptr;      ///< { … } in a list; else
    std::size_t first = 0, behind = 0;  ///< its header and what stands under it, as statements
    struct Part {
        std::size_t first, behind;
    };
    std::vector<Part> parts;  ///< tables of its own further down: [callout.text]
};

class Editor {
  public:
    explicit Editor(const std::string& text) : text_(text), statements_(toml_scan::scan(text)) {
        const auto crlf = text.find("\r\n");
        new_line_ = crlf != std::string::npos && crlf == text.find('\n') - 1 ? "\r\n" : "\n";
    }

    void make(const WriteCallout& edit) {
        if (edit.fresh) return append("callout", fields_of(edit));
        const Entry entry = at("callout", edit.index);
        if (edit.at_mm) set(entry, "at", written(*edit.at_mm));
        if (edit.text) set_text(entry, "callout", *edit.text);
        if (edit.spec && edit.spec->empty()) drop(entry, "spec");
        if (edit.spec && !edit.spec->empty()) set(entry, "spec", toml_string(*edit.spec));
    }

    void make(const DropCallout& edit) {
        const Entry entry = at("callout", edit.index);
        if (entry.braces) return drop_item("callout", edit.index);
        take_out(statements_[entry.first].line, statements_[entry.behind - 1].end, true);
        for (const Entry::Part& part : entry.parts) take_out(statements_[part.first].line, statements_[part.behind - 1].end, true);
    }

    void make(const WriteMasks& edit) {
        const Entry entry = at("camera", edit.index);
        bool own_tables = false;
        for (const Entry::Part& part : entry.parts) {
            const Statement& header = statements_[part.first];
            if (header.key.size() != 2 || header.key[1] != "masks") continue;
            own_tables = true;
            take_out(header.line, statements_[part.behind - 1].end, true);
        }
        if (edit.masks.empty()) return drop(entry, "masks");
        if (own_tables) {
            add(entry, "masks", written(edit.masks));
        } else {
            set(entry, "masks", written(edit.masks));
        }
    }

    void make(const WriteStart& edit) {
        const Entry entry = table("show");
        if (edit.starts_at_us == 0) return drop(entry, "starts_at");
        set(entry, "starts_at", toml_string(config::moment_text(edit.starts_at_us)));
    }

    std::string result() {
        // What is put in at a place goes before what is taken out from there on.
        std::stable_sort(changes_.begin(), changes_.end(),
                         [](const Change& a, const Change& b) { return std::pair(a.from, a.to) < std::pair(b.from, b.to); });
        std::string out;
        std::size_t at = 0;
        for (const Change& change : changes_) {
            if (change.from < at) give_up("two changes meet");
            out.append(text_, at, change.from - at);
            out += change.with;
            at = change.to;
        }
        return out.append(text_, at);
    }

  private:
    struct Change {
        std::size_t from, to;
        std::string with;
    };
    using Fields = std::vector<std::pair<std::string, std::string>>;

    static Fields fields_of(const WriteCallout& edit) {
        Fields fields;
        if (!edit.id.empty()) fields.emplace_back("id", toml_string(edit.id));
        if (edit.at_mm) fields.emplace_back("at", written(*edit.at_mm));
        if (edit.text) fields.emplace_back("text", toml_texts(*edit.text));
        if (edit.spec && !edit.spec->empty()) fields.emplace_back("spec", toml_string(*edit.spec));
        return fields;
    }

    bool is_list_header(std::size_t i, const std::string& name) const {
        const Statement& s = statements_[i];
        return s.kind == Statement::Kind::list && s.key.size() == 1 && s.key[0] == name;
    }
    std::size_t next_header(std::size_t i) const {
        for (++i; i < statements_.size() && statements_[i].kind == Statement::Kind::pair; ++i) {
        }
        return i;
    }
    /// `name = [ … ]` before the first header.
    const Value* list_in_brackets(const std::string& name) const {
        for (const Statement& s : statements_) {
            if (s.kind != Statement::Kind::pair) return nullptr;
            if (s.key.size() == 1 && s.key[0] == name) return &s.pair.value;
        }
        return nullptr;
    }

    std::vector<Entry> entries(const std::string& name) const {
        std::vector<Entry> found;
        if (const Value* list = list_in_brackets(name)) {
            for (const Value& item : list->items) found.push_back({&item, 0, 0, {}});
            return found;
        }
        for (std::size_t i = 0; i < statements_.size(); ++i) {
            const Statement& s = statements_[i];
            if (s.kind == Statement::Kind::pair || s.key.empty() || s.key[0] != name) continue;
            if (is_list_header(i, name)) {
                found.push_back({nullptr, i, next_header(i), {}});
            } else if (!found.empty()) {
                found.back().parts.push_back({i, next_header(i)});
            }
        }
        return found;
    }
    /// A table that there is once.
    Entry table(const std::string& name) const {
        if (const Value* braces = list_in_brackets(name)) return {braces, 0, 0, {}};
        for (std::size_t i = 0; i < statements_.size(); ++i) {
            const Statement& s = statements_[i];
            if (s.kind == Statement::Kind::table && s.key.size() == 1 && s.key[0] == name) return {nullptr, i, next_header(i), {}};
        }
        give_up("its table [" + name + "] was not found");
    }
    Entry at(const std::string& name, std::size_t index) const {
        auto all = entries(name);
        if (index >= all.size()) give_up("its " + name + " " + std::to_string(index + 1) + " was not found");
        return all[index];
    }

    const Pair* field(const Entry& entry, const std::string& name) const {
        const auto is = [&](const Pair& pair) { return pair.key.size() == 1 && pair.key[0] == name; };
        if (entry.braces) {
            const auto found = std::find_if(entry.braces->pairs.begin(), entry.braces->pairs.end(), is);
            return found == entry.braces->pairs.end() ? nullptr : &*found;
        }
        for (std::size_t i = entry.first + 1; i < entry.behind; ++i)
            if (is(statements_[i].pair)) return &statements_[i].pair;
        return nullptr;
    }

    void put(std::size_t from, std::size_t to, std::string with) { changes_.push_back({from, to, std::move(with)}); }

    void set(const Entry& entry, const std::string& name, const std::string& value) {
        if (const Pair* pair = field(entry, name)) return put(pair->value.begin, pair->value.end, value);
        add(entry, name, value);
    }

    /// The line `name = value`, its = below that of the line before where there is room.
    std::string line(const std::string& name, const std::string& value, const Statement* before) const {
        std::string indent, pad = " ";
        if (before) {
            const std::size_t start = text_.find_first_not_of(" \t", before->line);
            indent = text_.substr(before->line, start - before->line);
            if (before->kind == Statement::Kind::pair && before->pair.equals > start + name.size())
                pad = std::string(before->pair.equals - start - name.size(), ' ');
        }
        return indent + name + pad + "= " + value + new_line_;
    }

    void add(const Entry& entry, const std::string& name, const std::string& value) {
        if (entry.braces) {
            const auto& pairs = entry.braces->pairs;
            if (pairs.empty()) return put(entry.braces->begin + 1, entry.braces->begin + 1, " " + name + " = " + value + " ");
            return put(pairs.back().value.end, pairs.back().value.end, ", " + name + " = " + value);
        }
        add_line(statements_[entry.behind - 1], name, value);
    }
    void add_line(const Statement& before, const std::string& name, const std::string& value) {
        const bool open = before.end == text_.size() && !text_.ends_with('\n');
        put(before.end, before.end, (open ? new_line_ : "") + line(name, value, &before));
    }

    void drop(const Entry& entry, const std::string& name) {
        const Pair* pair = field(entry, name);
        if (!pair) return;
        if (!entry.braces) {
            for (std::size_t i = entry.first + 1; i < entry.behind; ++i)
                if (&statements_[i].pair == pair) take_out(statements_[i].line, statements_[i].end, false);
            return;
        }
        const auto& pairs = entry.braces->pairs;
        const auto index = static_cast<std::size_t>(pair - pairs.data());
        if (index > 0) {
            put(pairs[index - 1].value.end, pair->value.end, "");
        } else {
            put(pair->begin, pairs.size() > 1 ? pairs[1].begin : pair->value.end, "");
        }
    }

    /// Texts in lines of their own ([callout.text], or text.en = …) are changed language by language.
    void set_text(const Entry& entry, const std::string& list, const LocalText& text) {
        if (field(entry, "text") || entry.braces) return set(entry, "text", toml_texts(text));
        std::vector<std::pair<std::string, const Statement*>> lines;
        std::string prefix;
        const Statement* last = nullptr;
        for (std::size_t i = entry.first + 1; i < entry.behind; ++i)
            if (const auto& key = statements_[i].key; key.size() == 2 && key[0] == "text") {
                lines.emplace_back(key[1], &statements_[i]);
                prefix = "text.";
                last = &statements_[i];
            }
        for (const Entry::Part& part : entry.parts) {
            if (statements_[part.first].key != std::vector<std::string>{list, "text"}) continue;
            last = &statements_[part.behind - 1];
            for (std::size_t i = part.first + 1; i < part.behind; ++i) lines.emplace_back(statements_[i].key.back(), &statements_[i]);
        }
        if (!last) return add(entry, "text", toml_texts(text));
        for (const auto& [language, statement] : lines) {
            const auto found = text.by_language.find(language);
            if (found == text.by_language.end()) {
                take_out(statement->line, statement->end, false);
            } else {
                put(statement->pair.value.begin, statement->pair.value.end, toml_string(found->second));
            }
        }
        for (const auto& [language, words] : text.by_language)
            if (std::none_of(lines.begin(), lines.end(), [&, &tag = language](const auto& l) { return l.first == tag; }))
                add_line(*last, prefix + language, toml_string(words));
    }

    /// Whole lines; with `blank` also the empty lines behind them.
    void take_out(std::size_t from, std::size_t to, bool blank) {
        while (blank && to < text_.size()) {
            const std::size_t next = text_.find_first_not_of(" \t\r", to);
            if (next == std::string::npos || text_[next] != '\n') break;
            to = next + 1;
        }
        put(from, to, "");
    }

    void drop_item(const std::string& name, std::size_t index) {
        const auto& items = list_in_brackets(name)->items;
        if (index + 1 < items.size()) return put(items[index].begin, items[index + 1].begin, "");
        std::size_t to = items[index].end;
        if (index > 0) return put(items[index - 1].end, to, "");
        if (const std::size_t comma = text_.find_first_not_of(" \t\r\n", to); comma != std::string::npos && text_[comma] == ',')
            to = comma + 1;
        put(items[index].begin, to, "");
    }

    void append(const std::string& name, const Fields& fields) {
        if (const Value* list = list_in_brackets(name)) {
            std::string item;
            for (const auto& [key, value] : fields) item += (item.empty() ? "{ " : ", ") + key + " = " + value;
            item += " }";
            const std::size_t at = list->items.empty() ? list->begin + 1 : list->items.back().end;
            return put(at, at, list->items.empty() ? item : ", " + item);
        }
        std::size_t widest = 0, at = text_.size();
        for (const auto& [key, value] : fields) widest = std::max(widest, key.size());
        const auto all = entries(name);
        if (!all.empty()) {
            at = statements_[all.back().behind - 1].end;
            for (const Entry::Part& part : all.back().parts) at = std::max(at, statements_[part.behind - 1].end);
        }
        std::string table = at > 0 && text_[at - 1] != '\n' ? new_line_ + new_line_ : at > 0 ? new_line_ : std::string();
        table += "[[" + name + "]]" + new_line_;
        for (const auto& [key, value] : fields) table += key + std::string(widest - key.size(), ' ') + " = " + value + new_line_;
        put(at, at, table);
    }

    const std::string& text_;
    std::vector<Statement> statements_;
    std::string new_line_;
    std::vector<Change> changes_;
};

// What must be seen in the result: the old tree with the change made in it, and nothing else.

toml::array tree(const std::array<double, 3>& at) { return toml::array{at[0], at[1], at[2]}; }

toml::table tree(const LocalText& text) {
    toml::table out;
    for (const auto& [language, words] : text.by_language) out.insert_or_assign(language, words);
    return out;
}

/// As it is written: a float has fewer digits than the double it is read as.
double as_read(float value) {
    double out = 0;
    const std::string text = number(value);
    std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
}

toml::array tree(const std::vector<PrivacyMask>& masks) {
    toml::array out;
    for (const PrivacyMask& mask : masks) {
        toml::array polygon;
        for (const auto& [x, y] : mask.polygon) polygon.push_back(toml::array{as_read(x), as_read(y)});
        toml::table one;
        one.insert_or_assign("polygon", std::move(polygon));
        one.insert_or_assign("fill", std::string(to_string(mask.fill)));
        out.push_back(std::move(one));
    }
    return out;
}

toml::table& element(toml::table& root, const char* list, std::size_t index) {
    toml::array* all = root[list].as_array();
    if (!all || index >= all->size() || !(*all)[index].is_table()) give_up("what is to be changed was not found");
    return *(*all)[index].as_table();
}

void expect(toml::table& root, const WriteCallout& edit) {
    if (edit.fresh) {
        if (!root.contains("callout")) root.insert_or_assign("callout", toml::array{});
        root["callout"].as_array()->push_back(toml::table{});
    }
    const std::size_t last = root["callout"].as_array() ? root["callout"].as_array()->size() : 0;
    toml::table& callout = element(root, "callout", edit.fresh ? last - 1 : edit.index);
    if (!edit.id.empty()) callout.insert_or_assign("id", edit.id);
    if (edit.at_mm) callout.insert_or_assign("at", tree(*edit.at_mm));
    if (edit.text) callout.insert_or_assign("text", tree(*edit.text));
    if (edit.spec && edit.spec->empty()) callout.erase("spec");
    if (edit.spec && !edit.spec->empty()) callout.insert_or_assign("spec", *edit.spec);
}

void expect(toml::table& root, const DropCallout& edit) {
    element(root, "callout", edit.index);
    toml::array& all = *root["callout"].as_array();
    all.erase(all.begin() + static_cast<std::ptrdiff_t>(edit.index));
}

void expect(toml::table& root, const WriteMasks& edit) {
    toml::table& camera = element(root, "camera", edit.index);
    if (edit.masks.empty()) {
        camera.erase("masks");
    } else {
        camera.insert_or_assign("masks", tree(edit.masks));
    }
}

void expect(toml::table& root, const WriteStart& edit) {
    toml::table* show = root["show"].as_table();
    if (!show) give_up("what is to be changed was not found");
    if (edit.starts_at_us == 0) {
        show->erase("starts_at");
    } else {
        show->insert_or_assign("starts_at", config::moment_text(edit.starts_at_us));
    }
}

toml::table read(const std::string& text) {
    config::Problems problems;
    auto document = config::parse_toml(text, "", problems);
    if (!document || !document->whole) give_up("it would no longer be TOML");
    return std::move(document->root);
}

/// Without lists that have become empty: [[callout]] leaves nothing when its last one goes, callout = [] does.
toml::table without_empty(toml::table root) {
    if (const toml::array* all = root["callout"].as_array(); all && all->empty()) root.erase("callout");
    return root;
}

}  // namespace

Result<std::string> with_edit(const std::string& text, const TomlEdit& edit) {
    try {
        toml::table wanted = read(text);
        Editor editor(text);
        std::visit([&](const auto& one) { editor.make(one), expect(wanted, one); }, edit);
        std::string out = editor.result();
        if (without_empty(read(out)) == without_empty(std::move(wanted))) return out;
        return fail("it is written in a way that cannot be changed here without touching anything else; change it in the file");
    } catch (const std::exception& why) {
        return fail(std::string("it cannot be changed: ") + why.what());
    }
}

}  // namespace vitrine
