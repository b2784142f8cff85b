#pragma once
// What people may write. Reentrant.

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/result.h"

namespace vitrine::desk {

/// Letters (code points) of valid UTF-8.
std::size_t letters(std::string_view text);

/// The text without what could forge a line, drive a terminal or turn other text round: line breaks and tabs become one space, spaces at
/// the ends go, direction overrides are taken out. Refused: other control characters, bytes that are not UTF-8.
Result<std::string> clean_text(std::string_view text);

bool is_language(std::string_view tag);   ///< "en", "pt-BR"
bool is_country(std::string_view code);   ///< "BR"
bool is_id(std::string_view id);          ///< 1 to 64 letters, digits, . _ + -
bool is_client_id(std::string_view id);   ///< 1 to 64 letters, digits, '-'
bool is_email(std::string_view address);  ///< by its shape
bool is_phone(std::string_view number);   ///< by its shape
bool is_date(std::string_view date);      ///< "2027-02-28", a day that there is
bool is_incoterm(std::string_view term);  ///< a rule of Incoterms 2020, with a place if wanted

}  // namespace vitrine::desk
