#include "engine/toml_scan.h"

#include <stdexcept>

namespace vitrine::toml_scan {
namespace {

constexpr int deepest = 64;

class Scanner {
  public:
    explicit Scanner(std::string_view text) : text_(text) {
        if (text_.starts_with("\xef\xbb\xbf")) at_ = 3;
    }

    std::vector<Statement> scan() {
        std::vector<Statement> statements;
        while (true) {
            const std::size_t line = at_;
            skip_blank();
            if (at_ >= text_.size()) return statements;
            if (text_[at_] == '#' || text_[at_] == '\n') {
                next_line();
                continue;
            }
            Statement statement;
            statement.line = line;
            if (text_[at_] == '[') {
                const bool list = text_.substr(at_, 2) == "[[";
                statement.kind = list ? Statement::Kind::list : Statement::Kind::table;
                at_ += list ? 2 : 1;
                statement.key = key();
                at_ += list ? 2 : 1;
            } else {
                statement.pair = pair();
                statement.key = statement.pair.key;
            }
            next_line();
            statement.end = at_;
            statements.push_back(std::move(statement));
        }
    }

  private:
    [[noreturn]] static void stop() { throw std::runtime_error("its text cannot be followed"); }
    char look() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    void skip_blank() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\r')) ++at_;
    }
    void next_line() {
        const std::size_t end = text_.find('\n', at_);
        at_ = end == std::string_view::npos ? text_.size() : end + 1;
    }
    /// Between the items of a list, which may lie on lines of their own.
    void skip_space() {
        while (true) {
            skip_blank();
            if (look() == '#') {
                next_line();
            } else if (look() == '\n') {
                ++at_;
            } else {
                return;
            }
        }
    }

    std::vector<std::string> key() {
        std::vector<std::string> names;
        while (true) {
            skip_blank();
            const std::size_t begin = at_;
            if (look() == '"' || look() == '\'') {
                skip_string();
                names.emplace_back(text_.substr(begin + 1, at_ - begin - 2));
            } else {
                while (at_ < text_.size() && std::string_view(".=] \t\r\n").find(text_[at_]) == std::string_view::npos) ++at_;
                if (at_ == begin) stop();
                names.emplace_back(text_.substr(begin, at_ - begin));
            }
            skip_blank();
            if (look() != '.') return names;
            ++at_;
        }
    }

    Pair pair() {
        Pair pair;
        pair.begin = at_;
        pair.key = key();
        if (look() != '=') stop();
        pair.equals = at_++;
        skip_blank();
        pair.value = value();
        return pair;
    }

    Value value() {
        if (++depth_ > deepest) stop();
        Value value;
        value.begin = at_;
        if (look() == '[') {
            value.kind = Value::Kind::list;
            for (++at_, skip_space(); look() != ']'; skip_space()) {
                if (at_ >= text_.size()) stop();
                value.items.push_back(this->value());
                skip_space();
                if (look() == ',') ++at_;
            }
            ++at_;
        } else if (look() == '{') {
            value.kind = Value::Kind::table;
            for (++at_, skip_space(); look() != '}'; skip_space()) {
                if (at_ >= text_.size()) stop();
                value.pairs.push_back(pair());
                skip_space();
                if (look() == ',') ++at_;
            }
            ++at_;
        } else if (look() == '"' || look() == '\'') {
            skip_string();
        } else {
            while (at_ < text_.size() && std::string_view(",]}#\r\n").find(text_[at_]) == std::string_view::npos) ++at_;
            while (at_ > value.begin && (text_[at_ - 1] == ' ' || text_[at_ - 1] == '\t')) --at_;
            if (at_ == value.begin) stop();
        }
        value.end = at_;
        --depth_;
        return value;
    }

    void skip_string() {
        const char quote = text_[at_];
        const std::string three(3, quote);
        const bool many_lines = text_.substr(at_, 3) == three;
        for (at_ += many_lines ? 3 : 1; at_ < text_.size(); ++at_) {
            if (quote == '"' && text_[at_] == '\\') {
                ++at_;
            } else if (text_[at_] == quote && !many_lines) {
                ++at_;
                return;
            } else if (text_[at_] == quote && text_.substr(at_, 3) == three) {
                // Up to two more quotes belong to the string itself.
                for (at_ += 3; look() == quote; ++at_) {
                }
                return;
            }
        }
        stop();
    }

    std::string_view text_;
    std::size_t at_ = 0;
    int depth_ = 0;
};

}  // namespace

std::vector<Statement> scan(std::string_view text) { return Scanner(text).scan(); }

}  // namespace vitrine::toml_scan
