#pragma once
// A new show's folder, made whole or not at all: pictures looked at in the reading process and copied, files written, everything judged as
// `vitrine check` would, then put in its place under a name that nothing has yet. What cannot be used is left out, with a sentence.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "engine/new_show/answers.h"
#include "engine/new_show/pictures.h"
#include "engine/result.h"

namespace vitrine {

struct NewShowMade {
    std::filesystem::path folder;
    std::size_t cameras = 0, products = 0;
    std::vector<std::string> left_out;
};

/// The products of a folder whose pictures can be shown: read whole, several at once. Sentences about the others are added to its own, in
/// `language` (en or zh).
Result<new_show::PictureFolder> readable_products(const std::filesystem::path& folder, std::string_view language);

/// bad_input: the folder is there already, or an answer does not hold. Reentrant; blocks while pictures are read.
Result<NewShowMade> make_show_folder(const new_show::Answers& answers, const std::filesystem::path& folder, std::string_view language);

}  // namespace vitrine
