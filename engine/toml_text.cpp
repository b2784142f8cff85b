#include "engine/toml_text.h"

#include <cstdio>

namespace vitrine {

std::string toml_string(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        if (c == '\n') {
            out += "\\n";
        } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
            char code[8];
            std::snprintf(code, sizeof code, "\\u%04X", static_cast<unsigned>(static_cast<unsigned char>(c)));
            out += code;
        } else {
            out += c;
        }
    }
    return out + '"';
}

std::string toml_texts(const LocalText& text) {
    std::string out;
    for (const auto& [language, words] : text.by_language) out += (out.empty() ? "{ " : ", ") + language + " = " + toml_string(words);
    return out + " }";
}

}  // namespace vitrine
