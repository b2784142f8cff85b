#include "tools/listen_port.h"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <string>

#include "engine/private_files.h"

namespace vitrine {
namespace {

std::filesystem::path port_file(const std::filesystem::path& data) { return data / "port"; }

}  // namespace

bool port_free(const std::string& address, int port) {
    addrinfo wanted{}, *found = nullptr;
    wanted.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
    wanted.ai_socktype = SOCK_STREAM;
    if (getaddrinfo(address == "localhost" ? "127.0.0.1" : address.c_str(), std::to_string(port).c_str(), &wanted, &found) != 0)
        return true;
    bool taken = false;
    const int probe = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (probe >= 0) {
        const int on = 1;  // as the listener does: connections of a show that has just ended do not hold its port
        setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        taken = bind(probe, found->ai_addr, found->ai_addrlen) != 0 && errno == EADDRINUSE;
        close(probe);
    }
    freeaddrinfo(found);
    return !taken;
}

int remembered_port(const std::filesystem::path& data) {
    int port = 0;
    std::ifstream(port_file(data)) >> port;
    return port > 0 && port < 65536 ? port : 0;
}

void remember_port(const std::filesystem::path& data, int port) {
    if (port == remembered_port(data)) return;
    if (make_private_folder(data)) (void)write_private_file(port_file(data), std::to_string(port) + "\n");
}

}  // namespace vitrine
