#pragma once
// What passes between the reading process and the show: numbers in this machine's byte order, arrays with their length in front. The writer
// is trusted with nothing: the reader takes no length that is above what its caller allows, and every value is judged after it.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

namespace vitrine {

/// Where bytes come from: a pipe with a deadline, or memory in tests.
class WireSource {
  public:
    virtual ~WireSource() = default;
    /// False when not all of them came.
    virtual bool read(void* into, std::size_t bytes) = 0;
};

/// Once something was missing or too long, everything after is zero and good() false.
class WireReader {
  public:
    explicit WireReader(WireSource& source) : source_(source) {}
    bool good() const { return good_; }
    void spoil() { good_ = false; }
    template <class T>
    T number() {
        static_assert(std::is_arithmetic_v<T> && !std::is_same_v<T, bool>);
        T value{};
        if (good_ && !source_.read(&value, sizeof value)) good_ = false;
        return good_ ? value : T{};
    }
    bool flag() { return number<std::uint8_t>() != 0; }
    /// The length of what follows.
    std::size_t length(std::uint64_t most) {
        const auto value = number<std::uint64_t>();
        if (value > most) good_ = false;
        return good_ ? static_cast<std::size_t>(value) : 0;
    }
    template <class T>
    std::vector<T> array(std::uint64_t most) {
        std::vector<T> out(length(most));
        if (good_ && !out.empty() && !source_.read(out.data(), out.size() * sizeof(T))) good_ = false;
        return out;
    }
    template <class T, std::size_t n>
    void fill(std::array<T, n>& out) {
        for (T& value : out) value = number<T>();
    }
    /// Made printable.
    std::string text(std::uint64_t most);

  private:
    WireSource& source_;
    bool good_ = true;
};

/// Writes to a file descriptor; when nobody reads any more everything is dropped.
class WireWriter {
  public:
    explicit WireWriter(int descriptor) : descriptor_(descriptor) { buffer_.reserve(capacity); }
    ~WireWriter() { flush(); }
    WireWriter(const WireWriter&) = delete;
    WireWriter& operator=(const WireWriter&) = delete;
    template <class T>
    void number(T value) {
        static_assert(std::is_arithmetic_v<T> && !std::is_same_v<T, bool>);
        bytes(&value, sizeof value);
    }
    void flag(bool value) { number<std::uint8_t>(value ? 1 : 0); }
    template <class T>
    void array(const std::vector<T>& values) {
        number<std::uint64_t>(values.size());
        bytes(values.data(), values.size() * sizeof(T));
    }
    template <class T, std::size_t n>
    void fill(const std::array<T, n>& values) {
        for (const T value : values) number(value);
    }
    void text(const std::string& value) {
        number<std::uint64_t>(value.size());
        bytes(value.data(), value.size());
    }
    void flush();

  private:
    static constexpr std::size_t capacity = 1 << 16;
    void bytes(const void* data, std::size_t count);
    void send(const std::uint8_t* data, std::size_t count);
    int descriptor_;
    bool broken_ = false;
    std::vector<std::uint8_t> buffer_;
};

}  // namespace vitrine
