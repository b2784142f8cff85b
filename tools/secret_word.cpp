#include "tools/secret_word.h"

#include <cstring>
#include <fstream>
#include <iostream>

#include "engine/source_url.h"

namespace vitrine {
namespace {

bool holds_secret(const std::string& word) {
    if (word.find("://") != std::string::npos) return without_secrets(word) != word || shown_address(word) != word;
    const auto at = word.rfind('@');  // an address without its scheme
    return at != std::string::npos && at > 0 && word.find(':') < at;
}

}  // namespace

Result<std::string> secret_word(const std::string& word) {
    if (word != "-" && !(word.size() > 1 && word[0] == '@')) return word;
    std::string line;
    std::ifstream file;
    if (word != "-") {
        file.open(word.substr(1));
        if (!file)
            return fail("The file " + word.substr(1) + " cannot be read: it should hold the link or address alone.", ErrorKind::bad_input);
    }
    std::getline(word == "-" ? std::cin : file, line);
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    if (line.empty())
        return fail((word == "-" ? "Standard input" : word.substr(1)) +
                        std::string(" holds nothing: the link or address should be its first line."),
                    ErrorKind::bad_input);
    return line;
}

std::vector<std::string> taken_words(int count, char** words) {
    std::vector<std::string> taken(words, words + count);
    bool secret = false;
    for (int i = 1; i < count; ++i) {
        if (!holds_secret(taken[static_cast<std::size_t>(i)])) continue;
        secret = true;
        std::memset(words[i], '*', std::strlen(words[i]));
    }
    if (secret)
        std::cerr << "vitrine: A password or link given as a word can be read by others on this machine and stays in the shell's history. "
                     "Write - in its place and give it on standard input, or @FILE with a file that holds it.\n";
    return taken;
}

}  // namespace vitrine
