#pragma once
// Where buyers reach a show, kept from one run to the next: a link that was sent out names the port.

#include <filesystem>
#include <string>

namespace vitrine {

/// Reentrant. False when somebody listens there already; true also when that cannot be found out.
bool port_free(const std::string& address, int port);

/// Reentrant. The port taken last time, when any would do; 0: none is remembered.
int remembered_port(const std::filesystem::path& data);
/// Reentrant. What cannot be written is not remembered.
void remember_port(const std::filesystem::path& data, int port);

}  // namespace vitrine
