#include "overlays/reading/font_reader.h"

namespace vitrine {

Result<FontFacts> read_font(const std::filesystem::path& file, ReaderUsage* usage) {
    ReaderJob job{{"font"}, std::uint64_t{32} << 20, std::uint64_t{128} << 20, std::chrono::seconds(10), "a font"};
    FontFacts facts;
    const auto take = [&](WireReader& in) {
        facts.family = in.text(1000);
        facts.glyphs = in.number<std::int32_t>();
        return !facts.family.empty();
    };
    if (auto read = run_reader(file, job, take, usage); !read) return tl::unexpected(read.error());
    return facts;
}

}  // namespace vitrine
