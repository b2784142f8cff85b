#pragma once
// The JSON that others see of the show, as pure functions (shapes: ../README.md). Text that is not UTF-8 is repaired, numbers that
// are not finite are written as null.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "engine/preflight.h"
#include "engine/snapshot.h"
#include "pipelines/deliver/web/model_files.h"

namespace vitrine::web {

/// `models`: what may be fetched; a product that is not in it has "model": null.
/// `edition`: Snapshot::edition.
std::string show_document(const ShowConfig& show, const ModelSizes& models, std::uint64_t edition = 1);
/// The show document as somebody gets it.
struct DocumentReader {
    std::string group;  ///< whose prices
    bool staff = false;
    bool translates = false;
    std::string replay = "null";  ///< JSON
    std::uint64_t edition = 1;    ///< Snapshot::edition
};
std::string buyer_show_document(const ShowConfig& show, const ModelSizes& models, const DocumentReader& reader);
/// The show document with the presenter's parts.
std::string control_show_document(const ShowConfig& show, const ModelSizes& models, const std::string& preview_name,
                                  const std::string& buyer_url, std::uint64_t edition = 1);

/// The socket's snapshot message. `what` is the part that is compared to tell whether buyers see any change.
struct BuyerSnapshot {
    std::string text, what;
};
BuyerSnapshot buyer_snapshot(const Snapshot& snapshot, std::int64_t utc_us);

/// `now`: monotonic.
std::string control_snapshot(const Snapshot& snapshot, Nanoseconds now);
/// Reentrant. {"lines":[{"number","at_us","key","text":{language: words},"by":{…}}]}, oldest first; `by` only when somebody did it.
std::string control_log(const Snapshot& snapshot);

/// What pre-flight finds, with its sentences in English and Chinese.
std::string preflight_document(const Snapshot& snapshot, const PreflightFacts& facts);

/// An object or nothing: refuses other types, nesting deeper than 16 and anything that is not JSON. Never throws.
std::optional<nlohmann::json> parse_object(std::string_view text);
/// A string member; nothing when absent or of another type.
std::optional<std::string> text_of(const nlohmann::json& object, const char* key);
std::string write_json(const nlohmann::ordered_json& value);

std::string base64(const std::uint8_t* bytes, std::size_t size);

}  // namespace vitrine::web
