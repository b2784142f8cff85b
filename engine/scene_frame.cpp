#include "engine/scene_frame.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/cbor.h"
#include "engine/printable.h"

namespace vitrine {
namespace {

/// The most sources, anchors or values of one frame, and the most keys of one map.
constexpr std::size_t most_elements = 64;
/// Nearer to the camera's plane than this (mm, or the homography's own unit) there is no useful projection.
constexpr double nearest = 1e-9;

// What may stand in a frame: the writer leaves out what the reader would refuse.

template <std::size_t N>
bool finite(const std::array<float, N>& numbers) {
    return std::all_of(numbers.begin(), numbers.end(), [](float n) { return std::isfinite(n); });
}
bool in_unit_range(float n) { return n >= 0 && n <= 1; }

std::string_view problem_of(const SceneSource& s) {
    if (!finite(s.rect)) return "a source's rectangle is not finite";
    if (s.rect[2] < 0 || s.rect[3] < 0) return "a source's size is negative";
    if (!in_unit_range(s.opacity)) return "a source's opacity is not between 0 and 1";
    return is_utf8(s.camera) ? "" : "a camera's id is not UTF-8";
}
std::string_view problem_of(const Anchor& a) {
    if (!in_unit_range(a.visibility)) return "an anchor's visibility is not between 0 and 1";
    if (!finite(a.homography) || (a.pose && !finite(*a.pose)) || (a.intrinsics && !finite(*a.intrinsics))) return "an anchor is not finite";
    if (a.intrinsics && ((*a.intrinsics)[0] <= 0 || (*a.intrinsics)[1] <= 0)) return "an anchor's focal length is not positive";
    return is_utf8(a.product) ? "" : "a product's id is not UTF-8";
}
std::string_view problem_of(const DataValue& v) {
    const auto* number = std::get_if<double>(&v.value);
    if (number != nullptr && !std::isfinite(*number)) return "a value is not finite";
    if (!std::isfinite(v.age_s) || v.age_s < 0) return "a value's age is negative or not finite";
    const auto* text = std::get_if<std::string>(&v.value);
    return is_utf8(v.key) && (text == nullptr || is_utf8(*text)) ? "" : "a value is not UTF-8";
}

// Writing.

/// Writes the pairs of one map whose size is known only at the end.
class MapWriter {
  public:
    template <class Write>
    void pair(unsigned key, bool is_default, const Write& write) {
        if (is_default) return;
        pairs_.unsigned_integer(key);
        write(pairs_);
        ++count_;
    }
    std::vector<std::uint8_t> take() {
        cbor::Writer out;
        out.map(count_);
        out.raw(pairs_.bytes());
        return out.take();
    }

  private:
    cbor::Writer pairs_;
    std::size_t count_ = 0;
};

template <std::size_t N>
void write_floats(cbor::Writer& to, const std::array<float, N>& numbers) {
    to.array(N);
    for (const float n : numbers) to.float32(n);
}

std::vector<std::uint8_t> encoded(const SceneSource& s) {
    const SceneSource plain;
    MapWriter map;
    map.pair(0, s.camera.empty(), [&](cbor::Writer& to) { to.text(s.camera); });
    map.pair(1, s.sequence == 0, [&](cbor::Writer& to) { to.unsigned_integer(s.sequence); });
    map.pair(2, s.rect == plain.rect, [&](cbor::Writer& to) { write_floats(to, s.rect); });
    map.pair(3, s.opacity == plain.opacity, [&](cbor::Writer& to) { to.float32(s.opacity); });
    return map.take();
}
std::vector<std::uint8_t> encoded(const Anchor& a) {
    const Anchor plain;
    MapWriter map;
    map.pair(0, a.product.empty(), [&](cbor::Writer& to) { to.text(a.product); });
    map.pair(1, a.visibility == plain.visibility, [&](cbor::Writer& to) { to.float32(a.visibility); });
    map.pair(2, a.homography == plain.homography, [&](cbor::Writer& to) { write_floats(to, a.homography); });
    map.pair(3, !a.pose, [&](cbor::Writer& to) { write_floats(to, *a.pose); });
    map.pair(4, !a.intrinsics, [&](cbor::Writer& to) { write_floats(to, *a.intrinsics); });
    return map.take();
}
std::vector<std::uint8_t> encoded(const DataValue& v) {
    MapWriter map;
    map.pair(0, v.key.empty(), [&](cbor::Writer& to) { to.text(v.key); });
    if (const auto* text = std::get_if<std::string>(&v.value)) {
        map.pair(1, false, [&](cbor::Writer& to) { to.text(*text); });
    } else {
        map.pair(1, std::get<double>(v.value) == 0, [&](cbor::Writer& to) { to.number(std::get<double>(v.value)); });
    }
    map.pair(2, v.age_s == 0, [&](cbor::Writer& to) { to.float32(v.age_s); });
    return map.take();
}

/// One of the three lists, its elements encoded, so that leaving one out costs nothing.
struct EncodedList {
    struct Element {
        std::vector<std::uint8_t> bytes;
        float rank = 0;  ///< higher stays longer
    };
    std::vector<Element> elements;

    template <class T, class Rank>
    EncodedList(const std::vector<T>& list, const Rank& rank) {
        for (const T& element : list) {
            if (problem_of(element).empty()) elements.push_back({encoded(element), rank(element)});
        }
        while (elements.size() > most_elements) drop();
    }
    /// Leaves out the lowest in rank, the last of equals.
    void drop() {
        auto lowest = elements.begin();
        for (auto it = elements.begin(); it != elements.end(); ++it) {
            if (it->rank <= lowest->rank) lowest = it;
        }
        elements.erase(lowest);
    }
    /// With the key; 0 for an empty list, which is not written.
    std::size_t size() const {
        if (elements.empty()) return 0;
        std::size_t bytes = 1 + cbor::head_size(elements.size());
        for (const Element& e : elements) bytes += e.bytes.size();
        return bytes;
    }
};

// Reading.

/// Refuses what has no finite 32-bit float.
float read_float(cbor::Reader& from) {
    const double number = from.number();
    if (std::abs(number) > std::numeric_limits<float>::max()) from.refuse("a number is not finite as a 32-bit float");
    return from.bad() ? 0 : static_cast<float>(number);
}

template <std::size_t N>
std::array<float, N> read_floats(cbor::Reader& from) {
    std::array<float, N> numbers{};
    const std::size_t count = from.enter_array(N);
    if (!from.bad() && count != N) from.refuse("a list of numbers is too short");
    for (std::size_t i = 0; i < count && !from.bad(); ++i) numbers[i] = read_float(from);
    from.leave();
    return numbers;
}

/// Reads a map whose known keys are 0 … `known`-1 by `read(key)`; other integer and text keys are passed over.
template <class Read>
void read_map(cbor::Reader& from, unsigned known, const Read& read) {
    const std::size_t pairs = from.enter_map(most_elements);
    std::vector<std::variant<std::int64_t, std::string>> seen;
    seen.reserve(pairs);
    for (std::size_t i = 0; i < pairs && !from.bad(); ++i) {
        std::variant<std::int64_t, std::string> key = from.key();
        if (from.bad()) break;
        if (std::find(seen.begin(), seen.end(), key) != seen.end()) {
            from.refuse("a key is there twice");
            break;
        }
        const auto* number = std::get_if<std::int64_t>(&key);
        if (number != nullptr && *number >= 0 && *number < static_cast<std::int64_t>(known)) {
            read(static_cast<unsigned>(*number));
        } else {
            from.skip();
        }
        seen.push_back(std::move(key));
    }
    from.leave();
}

template <class T, class Read>
std::vector<T> read_list(cbor::Reader& from, const Read& read) {
    std::vector<T> list;
    const std::size_t count = from.enter_array(most_elements);
    for (std::size_t i = 0; i < count && !from.bad(); ++i) {
        list.push_back(read(from));
        if (!from.bad()) {
            if (const std::string_view problem = problem_of(list.back()); !problem.empty()) from.refuse(problem);
        }
    }
    from.leave();
    return list;
}

SceneSource read_source(cbor::Reader& from) {
    SceneSource s;
    read_map(from, 4, [&](unsigned key) {
        switch (key) {
            case 0:
                s.camera = from.text();
                break;
            case 1:
                s.sequence = from.unsigned_integer();
                break;
            case 2:
                s.rect = read_floats<4>(from);
                break;
            default:
                s.opacity = read_float(from);
                break;
        }
    });
    return s;
}
Anchor read_anchor(cbor::Reader& from) {
    Anchor a;
    read_map(from, 5, [&](unsigned key) {
        switch (key) {
            case 0:
                a.product = from.text();
                break;
            case 1:
                a.visibility = read_float(from);
                break;
            case 2:
                a.homography = read_floats<9>(from);
                break;
            case 3:
                a.pose = read_floats<6>(from);
                break;
            default:
                a.intrinsics = read_floats<4>(from);
                break;
        }
    });
    return a;
}
DataValue read_value(cbor::Reader& from) {
    DataValue v;
    read_map(from, 3, [&](unsigned key) {
        switch (key) {
            case 0:
                v.key = from.text();
                break;
            case 1:
                v.value = from.number_or_text();
                break;
            default:
                v.age_s = read_float(from);
                break;
        }
    });
    return v;
}

}  // namespace

std::vector<std::uint8_t> to_cbor(const SceneFrame& frame) {
    EncodedList sources(frame.sources, [](const SceneSource&) { return 0.0F; });
    EncodedList anchors(frame.anchors, [](const Anchor& a) { return a.visibility; });
    EncodedList values(frame.values, [](const DataValue&) { return 0.0F; });

    cbor::Writer head;
    head.unsigned_integer(0), head.unsigned_integer(SceneFrame::format_version);
    head.unsigned_integer(1), head.unsigned_integer(frame.number);
    head.unsigned_integer(2), head.integer(frame.capture_utc_us);
    head.unsigned_integer(3), head.unsigned_integer(frame.state_version);
    std::size_t pairs = 4;
    if (frame.chapter > 0) {
        head.unsigned_integer(4), head.integer(frame.chapter);
        ++pairs;
    }
    const auto size = [&] { return 1 + head.bytes().size() + sources.size() + anchors.size() + values.size(); };
    for (EncodedList* list : {&values, &anchors, &sources}) {
        while (size() > scene_frame_limit && !list->elements.empty()) list->drop();
    }

    cbor::Writer out;
    pairs += (sources.elements.empty() ? 0 : 1) + (anchors.elements.empty() ? 0 : 1) + (values.elements.empty() ? 0 : 1);
    out.map(pairs);
    out.raw(head.bytes());
    const auto put = [&](unsigned key, const EncodedList& list) {
        if (list.elements.empty()) return;
        out.unsigned_integer(key);
        out.array(list.elements.size());
        for (const auto& e : list.elements) out.raw(e.bytes);
    };
    put(5, sources);
    put(6, anchors);
    put(7, values);
    return out.take();
}

Result<SceneFrame> scene_frame_from_cbor(std::span<const std::uint8_t> bytes) {
    const auto refused = [](std::string_view why) { return fail("not a scene frame: " + std::string(why), ErrorKind::bad_input); };
    if (bytes.size() > scene_frame_limit) return refused("it has more than " + std::to_string(scene_frame_limit) + " bytes");
    cbor::Reader from(bytes);
    SceneFrame frame;
    read_map(from, 8, [&](unsigned key) {
        switch (key) {
            case 0:
                if (from.unsigned_integer() != SceneFrame::format_version) from.refuse("its format version is not 1");
                break;
            case 1:
                frame.number = from.unsigned_integer();
                break;
            case 2:
                frame.capture_utc_us = from.integer();
                break;
            case 3:
                frame.state_version = from.unsigned_integer();
                break;
            case 4: {
                const std::uint64_t chapter = from.unsigned_integer();
                if (chapter > static_cast<std::uint64_t>(std::numeric_limits<int>::max())) from.refuse("its chapter is too large");
                if (!from.bad()) frame.chapter = static_cast<int>(chapter);
                break;
            }
            case 5:
                frame.sources = read_list<SceneSource>(from, read_source);
                break;
            case 6:
                frame.anchors = read_list<Anchor>(from, read_anchor);
                break;
            default:
                frame.values = read_list<DataValue>(from, read_value);
                break;
        }
    });
    if (!from.bad() && !from.at_end()) from.refuse("something follows it");
    if (from.bad()) return refused(from.problem() + " (at byte " + std::to_string(from.position()) + ")");
    return frame;
}

std::optional<std::array<double, 2>> project(const Anchor& anchor, const std::array<double, 3>& point_mm) {
    const std::array p{point_mm[0], point_mm[1], -point_mm[2]};  // the pose's third axis goes into the target
    if (!anchor.pose || !anchor.intrinsics) {
        const auto& h = anchor.homography;
        // A homography has no sign of its own: in front of the camera is the side on which the target's origin lies.
        const double side = h[8] < 0 ? -1 : 1;
        const double w = side * (h[6] * p[0] + h[7] * p[1] + h[8]);
        if (!(w > nearest)) return std::nullopt;
        return std::array{side * (h[0] * p[0] + h[1] * p[1] + h[2]) / w, side * (h[3] * p[0] + h[4] * p[1] + h[5]) / w};
    }
    const auto& pose = *anchor.pose;
    const auto& k = *anchor.intrinsics;
    // Rodrigues: R p = p cos a + (n × p) sin a + n (n · p)(1 - cos a), n = r/a.
    const std::array<double, 3> r{pose[0], pose[1], pose[2]};
    const double angle = std::hypot(r[0], r[1], r[2]);
    // sin a / a and (1 - cos a) / a², with their limits for a small turn.
    const double s = angle > 1e-6 ? std::sin(angle) / angle : 1;
    const double c = angle > 1e-6 ? (1 - std::cos(angle)) / (angle * angle) : 0.5;
    const double dot = r[0] * p[0] + r[1] * p[1] + r[2] * p[2];
    const std::array<double, 3> cross{r[1] * p[2] - r[2] * p[1], r[2] * p[0] - r[0] * p[2], r[0] * p[1] - r[1] * p[0]};
    std::array<double, 3> at{};
    for (std::size_t i = 0; i < 3; ++i) at[i] = p[i] * std::cos(angle) + cross[i] * s + r[i] * dot * c + pose[3 + i];
    if (!(at[2] > nearest)) return std::nullopt;
    return std::array{k[0] * at[0] / at[2] + k[2], k[1] * at[1] / at[2] + k[3]};
}

}  // namespace vitrine
