#include "overlays/models/gltf_text.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "engine/printable.h"
#include "overlays/reading/refusal.h"

namespace vitrine {
namespace {

constexpr std::size_t most_depth = 64;
constexpr std::size_t most_string = std::size_t{64} << 20;  // a data URI
constexpr std::string_view export_again = "export it again as .glb";

std::uint32_t little32(std::span<const std::uint8_t> bytes, std::size_t at) {
    return bytes[at] | std::uint32_t{bytes[at + 1]} << 8 | std::uint32_t{bytes[at + 2]} << 16 | std::uint32_t{bytes[at + 3]} << 24;
}

std::string shown_uri(std::string_view uri) { return "\"" + printable(uri, 80) + "\""; }

/// Walks the JSON without keeping it. The first complaint ends the walk.
class Walk {
  public:
    using Json = nlohmann::json;
    explicit Walk(const ModelLimits& limits) : limits_(limits) {}

    bool null() { return value(); }
    bool boolean(bool) { return value(); }
    bool number_integer(Json::number_integer_t number) { return value() && integer_fits(static_cast<double>(number)); }
    bool number_unsigned(Json::number_unsigned_t number) { return value() && integer_fits(static_cast<double>(number)); }
    bool number_float(Json::number_float_t number, const std::string&) {
        // Where an integer is wanted a fraction is refused later; a huge one must not get that far.
        return value() && (std::abs(number) < 1e300 || complain("holds a number that is far out of range"));
    }
    bool string(std::string& text) {
        if (!value()) return false;
        if (text.size() > most_string) return complain("holds a text of more than 64 MiB");
        if (key_ == "uri" && depth_ == 3 && (top_ == "buffers" || top_ == "images") && !text.starts_with("data:"))
            return complain("refers to " + shown_uri(text) + ", a file or address of its own",
                            "export it as one .glb with everything inside");
        return true;
    }
    bool binary(Json::binary_t&) { return complain("is not JSON inside"); }
    bool start_object(std::size_t) { return value() && open(false); }
    bool start_array(std::size_t) { return value() && open(true); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }
    bool key(std::string& name) {
        if (name.size() > 1000) return complain("holds a name of more than 1000 bytes");
        key_ = name;
        if (depth_ == 1) top_ = name;
        free_next_ = free_depth_ == 0 && (name == "extras" || name == "extensions");
        return true;
    }
    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error) {
        // Its own words repeat what was read; only the number of the error is of use.
        return complain("is damaged inside: its JSON cannot be read from byte " + std::to_string(position) + " on (error " +
                        std::to_string(error.id) + ")");
    }

    std::optional<tl::unexpected<Error>> complaint;

  private:
    bool complain(std::string what, std::string_view hint = export_again) {
        if (!complaint) complaint = refuse(std::move(what), hint);
        return false;
    }
    bool value() {
        if (++values_ > limits_.json_values)
            return complain("describes more than " + std::to_string(limits_.json_values) + " values in JSON",
                            "export it with fewer parts, and everything large in the binary part");
        return true;
    }
    bool open(bool list) {
        if (++depth_ > most_depth) return complain("is nested more than " + std::to_string(most_depth) + " deep");
        if (free_next_) free_depth_ = depth_, free_next_ = false;
        lists_.push_back(list);
        return true;
    }
    bool close() {
        if (depth_ == free_depth_) free_depth_ = 0;
        --depth_;
        lists_.pop_back();
        return true;
    }
    /// Members that glTF defines are 32-bit; lists may hold larger ones (an accessor's bounds), and so may extras.
    bool integer_fits(double number) {
        if (number < 0 && free_depth_ == 0 && (key_ == "byteOffset" || key_ == "byteLength" || key_ == "byteStride" || key_ == "count"))
            return complain("is damaged: a " + key_ + " is negative");
        if (key_ == "byteLength" && top_ == "buffers" && depth_ == 3 && (buffer_bytes_ += std::max(0.0, number)) > limits_.file_bytes)
            return complain("claims buffers of more than " + std::to_string(limits_.file_bytes >> 20) + " MiB together");
        if (free_depth_ != 0 || lists_.empty() || lists_.back()) return true;
        if (number >= std::numeric_limits<std::int32_t>::min() && number <= std::numeric_limits<std::int32_t>::max()) return true;
        return complain("says a number for " + printable(key_, 80) + " that is out of range");
    }

    const ModelLimits& limits_;
    double buffer_bytes_ = 0;
    std::size_t values_ = 0, depth_ = 0, free_depth_ = 0;
    bool free_next_ = false;
    std::string key_, top_;
    std::vector<bool> lists_;
};

Result<GltfText> judge_container(std::span<const std::uint8_t> bytes) {
    if (bytes.size() < 12) return refuse("is cut off: it ends inside its header", "copy or export it again");
    const std::uint32_t version = little32(bytes, 4), length = little32(bytes, 8);
    if (version != 2) return refuse("is glTF " + std::to_string(version) + ", not 2", "export it as glTF 2.0");
    if (length > bytes.size())
        return refuse("is cut off: its header claims " + std::to_string(length) + " bytes, " + std::to_string(bytes.size()) + " are there",
                      "copy or export it again");
    if (length < bytes.size())
        return refuse("has " + std::to_string(bytes.size() - length) + " bytes more than its header claims", export_again);
    GltfText text{true, {}};
    int chunks = 0;
    for (std::size_t at = 12; at < bytes.size(); ++chunks) {
        if (bytes.size() - at < 8) return refuse("is damaged: a chunk's header is cut off", export_again);
        const std::size_t chunk = little32(bytes, at);
        const std::uint32_t type = little32(bytes, at + 4);
        at += 8;
        if (chunk > bytes.size() - at)
            return refuse(
                "is damaged: a chunk claims " + std::to_string(chunk) + " bytes, " + std::to_string(bytes.size() - at) + " are left",
                export_again);
        if (chunk % 4 != 0) return refuse("is damaged: a chunk's length is not a multiple of four", export_again);
        if (chunks == 0) {
            if (type != 0x4e4f534a || chunk == 0) return refuse("is damaged: it does not start with JSON", export_again);
            text.json = {reinterpret_cast<const char*>(bytes.data()) + at, chunk};
        }
        at += chunk;
    }
    if (chunks == 0) return refuse("is damaged: it holds nothing but a header", export_again);
    return text;
}

}  // namespace

Result<GltfText> judge_gltf_text(std::span<const std::uint8_t> bytes, const ModelLimits& limits) {
    if (bytes.size() > limits.file_bytes)
        return refuse("is a model of more than " + std::to_string(limits.file_bytes >> 20) + " MiB", "make it smaller");
    GltfText text;
    const std::string_view whole(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (whole.starts_with("glTF")) {
        auto judged = judge_container(bytes);
        if (!judged) return judged;
        text = *judged;
    } else {
        const auto first = whole.find_first_not_of(" \t\r\n");
        if (first == std::string_view::npos || whole[first] != '{') return refuse("is not a glTF model", "export it as .glb");
        text.json = whole;
    }
    // A .gltf carries its data in the text; what is left without it is what costs.
    if (text.binary && text.json.size() > limits.json_bytes)
        return refuse("describes itself in " + std::to_string(text.json.size() >> 20) + " MiB of JSON", "export it with fewer parts");
    Walk walk(limits);
    if (!nlohmann::json::sax_parse(text.json.begin(), text.json.end(), &walk)) {
        if (walk.complaint) return tl::unexpected(walk.complaint->value());
        return refuse("is damaged inside: its JSON cannot be read", export_again);
    }
    return text;
}

}  // namespace vitrine
