#include "overlays/models/model_reader.h"

#include <charconv>

#include "overlays/models/model_wire.h"

namespace vitrine {
namespace {

/// Calls back with every limit that the parser knows, in one order for both directions.
template <class Limits, class Each>
void for_each_limit(Limits& limits, Each each) {
    each(limits.file_bytes);
    each(limits.json_bytes);
    each(limits.json_values);
    each(limits.nodes);
    each(limits.meshes);
    each(limits.vertices);
    each(limits.triangles);
    each(limits.materials);
    each(limits.images);
    each(limits.variants);
    each(limits.image_side);
    each(limits.decoded_bytes);
}

}  // namespace

std::vector<std::string> words_of(const ModelLimits& limits) {
    std::vector<std::string> words{"model"};
    for_each_limit(limits, [&](const auto& limit) { words.push_back(std::to_string(limit)); });
    words.push_back(std::to_string(static_cast<long>(limits.extent)));
    return words;
}

std::optional<ModelLimits> limits_of(const std::vector<std::string>& words) {
    ModelLimits limits;
    std::size_t next = 1;
    bool good = true;
    const auto take = [&](auto& into) {
        if (next >= words.size()) {
            good = false;
            return;
        }
        const std::string& word = words[next++];
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), into);
        good = good && error == std::errc() && end == word.data() + word.size();
    };
    for_each_limit(limits, take);
    long extent = 0;
    take(extent);
    limits.extent = static_cast<float>(extent);
    if (!good || next != words.size()) return std::nullopt;
    return limits;
}

Result<ModelData> read_model(const std::filesystem::path& file, const ModelLimits& limits, ReaderUsage* usage) {
    ReaderJob job{words_of(limits), limits.file_bytes, limits.child_bytes, limits.deadline, "a model"};
    std::optional<ModelData> model;
    const auto take = [&](WireReader& in) { return (model = read_model(in, limits)).has_value(); };
    if (auto read = run_reader(file, job, take, usage); !read) return tl::unexpected(read.error());
    return std::move(*model);
}

}  // namespace vitrine
