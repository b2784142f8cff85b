#pragma once
// Words of a command that hold a secret: a buyers' link, a camera's address with its password. A program's words can be read by everybody
// on the machine and stay in the shell's history; what it reads from a file or its input is its own.

#include <string>
#include <vector>

#include "engine/result.h"

namespace vitrine {

/// "-": the first line of standard input; "@FILE": the first line of that file; else the word itself. Reentrant, save for standard input.
Result<std::string> secret_word(const std::string& word);

/// The command's words, copied. Those that hold a secret are wiped where other programs see them, and standard error says what is safer.
/// Before any thread.
std::vector<std::string> taken_words(int count, char** words);

}  // namespace vitrine
