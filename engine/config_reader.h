#pragma once
// Reads one TOML table key by key. Every wrong value becomes a problem with its line and the reader goes on; the caller gets nullopt and
// needs no message of its own. Making a reader judges the table's unknown keys against config_keys(), so a key is read only when it is
// documented.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/config_files.h"
#include "engine/config_toml.h"

namespace vitrine::config {

enum class Need { optional, required };

class TableReader;

/// The asset under `name` of `table`, with its place there.
NamedAsset named_asset(const TableReader& table, std::string_view name, AssetKind kind, const std::filesystem::path& path);

struct Range {
    double low = 0, high = 0;
    std::string unit;
    bool above_low = false;  ///< `low` itself is refused
};

class TableReader {
  public:
    struct Context {
        const TomlDocument& document;
        Problems& problems;
        std::string language = "en";  ///< of a text given as a plain string
    };

    /// `key` is the table's own, as problems name it ("camera[1]"), empty for a whole file; `pattern` its form in config_keys()
    /// ("camera[]", or "product" for a product file). `line` is used where the table has none of its own.
    TableReader(const Context& context, const toml::table& table, std::string key, std::string pattern, int line = 0);

    bool has(std::string_view name) const { return table_.contains(name); }
    int line() const { return line_; }
    int line_of(std::string_view name) const;
    const std::string& key() const { return key_; }
    std::string key_of(std::string_view name) const;
    const Context& context() const { return context_; }
    const toml::node* node(std::string_view name) const { return table_.get(name); }

    std::optional<std::string> string(std::string_view name, Need need = Need::optional, std::size_t longest = 200);
    /// A string, or a number as it was written.
    std::optional<std::string> string_or_number(std::string_view name, Need need, std::size_t longest = 200);
    std::optional<std::int64_t> integer(std::string_view name, const Range& range, Need need = Need::optional);
    std::optional<double> number(std::string_view name, const Range& range, Need need = Need::optional);
    std::optional<bool> boolean(std::string_view name);
    std::optional<LocalText> text(std::string_view name, Need need = Need::optional);
    /// 1 to 64 letters, digits, . _ + -
    std::optional<std::string> id(std::string_view name, Need need = Need::required);
    std::optional<std::string> word(std::string_view name, const std::vector<std::string>& allowed);
    /// `least` to `most` numbers.
    std::optional<std::vector<double>> numbers(std::string_view name, std::size_t least, std::size_t most, const Range& each,
                                               Need need = Need::optional);
    /// Values with the key of each ("languages[2]"); `one_alone`: a plain string counts as a list of one.
    struct Item {
        std::string value, key;
        int line = 0;
    };
    struct Items {
        std::vector<Item> good;
        std::size_t given = 0;  ///< with those that were no strings
    };
    std::optional<Items> strings(std::string_view name, std::size_t least, std::size_t most, bool one_alone, Need need = Need::optional);
    std::optional<std::filesystem::path> file(std::string_view name, const ShowFolder& folder, Need need = Need::optional);
    /// A table of its own: [name].
    std::optional<TableReader> table(std::string_view name);
    /// A list of tables: [[name]].
    std::vector<TableReader> tables(std::string_view name, std::size_t most);
    /// A list of lists of numbers: [[x, y], …], each of `width` numbers in `each`.
    std::optional<std::vector<std::vector<double>>> points(std::string_view name, std::size_t least, std::size_t most, std::size_t width,
                                                           const Range& each);

    /// A problem with this table's value `name` (empty: with the table).
    void wrong(std::string_view name, std::string_view what, std::string_view hint) const;
    void wrong(std::string_view name, const Fault& fault) const { wrong(name, fault.what, fault.hint); }
    void wrong_at(int line, std::string_view key, std::string_view what, std::string_view hint) const;
    /// Like wrong(), but silent when lines of the file had to be left out.
    void missing(std::string_view name, std::string_view hint) const;

  private:
    const toml::node* take(std::string_view name, Need need, std::string_view example) const;
    void judge_names() const;
    std::optional<double> in_range(const toml::node& node, const std::string& key, int line, const Range& range) const;
    std::optional<std::vector<double>> row(const toml::node& node, const std::string& key, int line, std::size_t least, std::size_t most,
                                           const Range& each) const;
    std::optional<std::string> judged(std::string value, std::string_view key, int line, std::size_t longest, bool many_lines) const;

    Context context_;
    const toml::table& table_;
    std::string key_, pattern_;
    int line_ = 0;
};

/// "a string", "a list" …
std::string kind_of(const toml::node& node);

/// 12.5, 12, 1000: without needless digits.
std::string plain_number(double value);

/// Why `id` is no id; empty when it is one.
std::string id_fault(std::string_view id);

/// Any three corners that do not lie on one line.
bool has_area(const PrivacyMask& mask);

/// A BCP 47 primary language tag, judged against ISO 639-1 (two letters) or by shape (three).
Judged<void> judge_language(std::string_view tag);

}  // namespace vitrine::config
