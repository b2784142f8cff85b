#include "engine/desk/link_key.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "engine/buyers.h"

namespace vitrine::desk {
namespace {

constexpr std::size_t key_bytes = 32, secret_bytes = 16;

bool is_key(const std::string& text) {
    return text.size() == 2 * key_bytes && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::string read_line(const std::filesystem::path& file) {
    std::string line;
    std::ifstream in(file);
    std::getline(in, line);
    return line;
}

}  // namespace

std::string new_link_key() { return random_hex(key_bytes); }

std::string link_secret(const std::string& key, const std::string& invite) { return keyed_hex(key, "link " + invite, secret_bytes); }

Result<std::string> read_link_key(const std::filesystem::path& folder) {
    const std::filesystem::path file = folder / "links.key";
    if (std::string kept = read_line(file); is_key(kept)) {
        ::chmod(file.c_str(), S_IRUSR | S_IWUSR);  // a copied folder may have opened it
        return kept;
    }
    const auto failed = [&](int error) {
        return fail("The key of the buyers' links cannot be kept in " + file.string() + ": " + std::strerror(error) +
                    ". Links that are made now cannot be copied again after this show.");
    };
    const std::string key = new_link_key(), line = key + "\n";
    const std::filesystem::path fresh = file.string() + "." + random_hex(8);
    const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
    if (fd < 0) return failed(errno);
    const bool written = ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && ::fsync(fd) == 0;
    int error = written ? 0 : errno;
    if (::close(fd) != 0 && error == 0) error = errno;
    if (error == 0 && ::rename(fresh.c_str(), file.c_str()) != 0) error = errno;
    if (error == 0) return key;
    ::unlink(fresh.c_str());
    return failed(error);
}

}  // namespace vitrine::desk
