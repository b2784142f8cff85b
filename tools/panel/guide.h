#pragma once
// The user guide (assets/guide) as blocks to draw. Of Markdown it reads what the guide uses: headings, paragraphs, lists, code, rules of a
// table as plain rows; emphasis and links keep their words.

#include <filesystem>
#include <string>
#include <vector>

namespace vitrine::panel {

struct GuideBlock {
    enum class Kind { heading, paragraph, item, code } kind = Kind::paragraph;
    std::string text;
};

struct GuideChapter {
    std::string title;
    std::vector<GuideBlock> blocks;
};

/// Reentrant. Chapters are the second-level headings; what stands before the first belongs to the title's.
std::vector<GuideChapter> parse_guide(const std::string& markdown);
/// Reentrant. `folder`/<language>.md; empty when there is none.
std::vector<GuideChapter> read_guide(const std::filesystem::path& folder, const std::string& language);

}  // namespace vitrine::panel
