#include "engine/cbor.h"

#include <bit>
#include <cmath>
#include <limits>

#include "engine/printable.h"

namespace vitrine::cbor {
namespace {

enum Major : unsigned { unsigned_major, negative_major, bytes_major, text_major, array_major, map_major, tag_major, simple_major };
constexpr unsigned float16_info = 25, float32_info = 26, float64_info = 27;
/// Up to here every whole number has a double of its own.
constexpr double largest_whole = 9007199254740992.0;  // 2^53

/// RFC 8949, appendix D.
double half_to_double(std::uint16_t half) {
    const int exponent = (half >> 10) & 0x1f;
    const int mantissa = half & 0x3ff;
    double value = 0;
    if (exponent == 0) {
        value = std::ldexp(mantissa, -24);
    } else if (exponent != 31) {
        value = std::ldexp(mantissa + 1024, exponent - 25);
    } else {
        value = mantissa == 0 ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
    }
    return (half & 0x8000) != 0 ? -value : value;
}

}  // namespace

std::size_t head_size(std::uint64_t value) {
    if (value < 24) return 1;
    if (value <= 0xff) return 2;
    if (value <= 0xffff) return 3;
    return value <= 0xffffffff ? 5 : 9;
}

void Writer::big_endian(std::uint64_t value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) bytes_.push_back(static_cast<std::uint8_t>(value >> shift));
}

void Writer::head(unsigned major, std::uint64_t value) {
    const auto first = static_cast<std::uint8_t>(major << 5);
    switch (head_size(value)) {
        case 1:
            bytes_.push_back(static_cast<std::uint8_t>(first | value));
            break;
        case 2:
            bytes_.push_back(first | 24), big_endian(value, 1);
            break;
        case 3:
            bytes_.push_back(first | 25), big_endian(value, 2);
            break;
        case 5:
            bytes_.push_back(first | 26), big_endian(value, 4);
            break;
        default:
            bytes_.push_back(first | 27), big_endian(value, 8);
            break;
    }
}

void Writer::integer(std::int64_t value) {
    if (value >= 0) {
        head(unsigned_major, static_cast<std::uint64_t>(value));
    } else {
        head(negative_major, ~static_cast<std::uint64_t>(value));  // -1 - value
    }
}

void Writer::text(std::string_view value) {
    head(text_major, value.size());
    bytes_.insert(bytes_.end(), value.begin(), value.end());
}

void Writer::float32(float value) {
    bytes_.push_back(simple_major << 5 | float32_info);
    big_endian(std::bit_cast<std::uint32_t>(value), 4);
}

void Writer::number(double value) {
    if (std::trunc(value) == value && std::abs(value) <= largest_whole) return integer(static_cast<std::int64_t>(value));
    if (std::abs(value) <= std::numeric_limits<float>::max() && static_cast<double>(static_cast<float>(value)) == value) {
        return float32(static_cast<float>(value));
    }
    bytes_.push_back(simple_major << 5 | float64_info);
    big_endian(std::bit_cast<std::uint64_t>(value), 8);
}

void Reader::refuse(std::string_view why) {
    if (!bad()) problem_ = why;
    rest_ = {};
}

Reader::Head Reader::head() {
    if (rest_.empty()) {
        refuse("it ends too early");
        return {};
    }
    Head head;
    head.major = rest_.front() >> 5;
    head.info = rest_.front() & 0x1f;
    std::size_t more = 0;
    if (head.info < 24) {
        head.value = head.info;
    } else if (head.info <= 27) {
        more = std::size_t{1} << (head.info - 24);
    } else {
        refuse(head.info == 31 ? "indefinite lengths are not used" : "a reserved length code");
        return {};
    }
    if (rest_.size() - 1 < more) {
        refuse("it ends too early");
        return {};
    }
    for (std::size_t i = 1; i <= more; ++i) head.value = head.value << 8 | rest_[i];
    rest_ = rest_.subspan(1 + more);
    position_ += 1 + more;
    return head;
}

std::uint64_t Reader::unsigned_integer() {
    const Head h = head();
    if (bad()) return 0;
    if (h.major != unsigned_major) refuse("a whole number that is not negative is needed");
    return bad() ? 0 : h.value;
}

std::int64_t Reader::integer() {
    const Head h = head();
    if (bad()) return 0;
    if (h.major > negative_major) {
        refuse("a whole number is needed");
    } else if (h.value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        refuse("a number is too large");
    }
    if (bad()) return 0;
    const auto value = static_cast<std::int64_t>(h.value);
    return h.major == unsigned_major ? value : -1 - value;
}

double Reader::float_of(const Head& h) {
    double value = 0;
    if (h.info == float16_info) {
        value = half_to_double(static_cast<std::uint16_t>(h.value));
    } else if (h.info == float32_info) {
        value = std::bit_cast<float>(static_cast<std::uint32_t>(h.value));
    } else if (h.info == float64_info) {
        value = std::bit_cast<double>(h.value);
    } else {
        refuse("a number is needed");
        return 0;
    }
    if (!std::isfinite(value)) {
        refuse("a number is not finite");
        return 0;
    }
    return value;
}

double Reader::number() {
    const Head h = head();
    if (bad()) return 0;
    switch (h.major) {
        case unsigned_major:
            return static_cast<double>(h.value);
        case negative_major:
            return -1.0 - static_cast<double>(h.value);
        case simple_major:
            return float_of(h);
        default:
            refuse("a number is needed");
            return 0;
    }
}

std::string_view Reader::string_of(const Head& h) {
    if (h.value > rest_.size()) {
        refuse("it ends too early");
        return {};
    }
    const auto length = static_cast<std::size_t>(h.value);
    const std::string_view view(reinterpret_cast<const char*>(rest_.data()), length);
    rest_ = rest_.subspan(length);
    position_ += length;
    if (h.major == text_major && !is_utf8(view)) {
        refuse("a text is not UTF-8");
        return {};
    }
    return view;
}

std::string Reader::text() {
    const Head h = head();
    if (bad()) return {};
    if (h.major != text_major) {
        refuse("a text is needed");
        return {};
    }
    return std::string(string_of(h));
}

std::variant<double, std::string> Reader::number_or_text() {
    if (peek_major() == text_major) return text();
    return number();
}

std::variant<std::int64_t, std::string> Reader::key() {
    if (peek_major() == text_major) return text();
    return integer();
}

bool Reader::deeper() {
    if (depth_ >= deepest) {
        refuse("it is nested too deeply");
        return false;
    }
    ++depth_;
    return true;
}

std::size_t Reader::enter(unsigned major, std::size_t most) {
    const Head h = head();
    if (!bad() && h.major != major) refuse(major == array_major ? "a list is needed" : "a map is needed");
    if (!bad() && h.value > most) refuse(major == array_major ? "a list is too long" : "a map has too many keys");
    if (bad()) {
        ++depth_;  // for the caller's leave()
        return 0;
    }
    if (!deeper()) {
        ++depth_;
        return 0;
    }
    return static_cast<std::size_t>(h.value);
}

std::size_t Reader::enter_array(std::size_t most) { return enter(array_major, most); }
std::size_t Reader::enter_map(std::size_t most) { return enter(map_major, most); }

void Reader::skip() {
    const Head h = head();
    if (bad()) return;
    switch (h.major) {
        case bytes_major:
        case text_major:
            string_of(h);
            break;
        case array_major:
        case map_major: {
            // Every element takes a byte at least, so a count beyond the bytes left is a lie.
            if (h.value > rest_.size() / (h.major == map_major ? 2 : 1)) return refuse("it ends too early");
            if (!deeper()) return;
            const std::uint64_t items = h.value * (h.major == map_major ? 2 : 1);
            for (std::uint64_t i = 0; i < items && !bad(); ++i) skip();
            leave();
            break;
        }
        case tag_major:
            if (!deeper()) return;
            skip();
            leave();
            break;
        case simple_major:
            if (h.info == 24 && h.value < 32) refuse("a simple value is written too long");
            break;
        default:
            break;
    }
}

}  // namespace vitrine::cbor
