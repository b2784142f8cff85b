#include "overlays/reading/wire.h"

#include <unistd.h>

#include <cerrno>

#include "engine/printable.h"

namespace vitrine {

std::string WireReader::text(std::uint64_t most) {
    const std::vector<char> raw = array<char>(most);
    return good_ ? printable({raw.data(), raw.size()}, most) : std::string();
}

void WireWriter::bytes(const void* data, std::size_t count) {
    const auto* from = static_cast<const std::uint8_t*>(data);
    if (buffer_.size() + count > capacity) flush();
    if (count >= capacity)
        send(from, count);
    else if (count > 0)
        buffer_.insert(buffer_.end(), from, from + count);
}

void WireWriter::flush() {
    send(buffer_.data(), buffer_.size());
    buffer_.clear();
}

void WireWriter::send(const std::uint8_t* data, std::size_t count) {
    while (count > 0 && !broken_) {
        const ssize_t sent = ::write(descriptor_, data, count);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) broken_ = true;
        if (sent > 0) data += sent, count -= static_cast<std::size_t>(sent);
    }
}

}  // namespace vitrine
