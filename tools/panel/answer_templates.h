#pragma once
// Answers ready to send, in the buyers' languages; the presenter reads them in their own.

#include <array>
#include <string_view>

namespace vitrine::panel {

struct AnswerTemplate {
    std::string_view name;  ///< "template.<name>" is the button's word
    std::string_view en, zh, es, pt, ar;
    /// In that language, English when there is none.
    std::string_view in(std::string_view language) const;
};

/// Thread-safe.
const std::array<AnswerTemplate, 5>& answer_templates();

}  // namespace vitrine::panel
