#include "pipelines/deliver/ice_reach.h"
#include "tests/support/catch.h"

using namespace vitrine;

namespace {

std::string candidate(const std::string& address, int port = 40000) {
    return "candidate:1 1 udp 2122260223 " + address + " " + std::to_string(port) + " typ host";
}
bool is_public(const std::string& text) {
    const auto address = ip_address(text);
    REQUIRE(address);
    return vitrine::is_public(*address);
}

}  // namespace

TEST_CASE("only addresses of the public internet are sent to unasked", "[ice]") {
    for (const char* there : {"8.8.8.8", "9.255.255.255", "11.0.0.1", "100.63.0.1", "100.128.0.1", "126.0.0.1", "128.0.0.1", "172.15.0.1",
                              "172.32.0.1", "192.167.0.1", "192.169.0.1", "198.17.0.1", "198.20.0.1", "223.255.255.254", "2600::1",
                              "2a02:8109::7", "2001:200::1", "64:ff9b::808:808"}) {
        INFO(there);
        CHECK(is_public(there));
    }
    for (const char* not_there : {"0.0.0.0",
                                  "0.1.2.3",
                                  "10.0.0.1",
                                  "100.64.0.1",
                                  "100.127.255.255",
                                  "127.0.0.1",
                                  "127.255.0.1",
                                  "169.254.169.254",
                                  "172.16.0.1",
                                  "172.31.255.255",
                                  "192.0.0.9",
                                  "192.0.2.1",
                                  "192.168.1.5",
                                  "198.18.0.1",
                                  "198.19.0.1",
                                  "198.51.100.1",
                                  "203.0.113.1",
                                  "224.0.0.1",
                                  "239.1.1.1",
                                  "240.0.0.1",
                                  "255.255.255.255",
                                  "::",
                                  "::1",
                                  "::8.8.8.8",
                                  "fe80::1",
                                  "febf::1",
                                  "fec0::1",
                                  "fc00::1",
                                  "fd12::1",
                                  "ff02::1",
                                  "100::1",
                                  "2001:db8::1",
                                  "2001::1",
                                  "2001:20::1",
                                  "2002:808:808::1",
                                  "3fff::1",
                                  "64:ff9b::10.0.0.1",
                                  "64:ff9b::127.0.0.1",
                                  "64:ff9b:1::808:808",
                                  "::ffff:192.168.1.5",
                                  "::ffff:127.0.0.1",
                                  "4000::1",
                                  "5f00::1"}) {
        INFO(not_there);
        CHECK_FALSE(is_public(not_there));
    }
    CHECK_FALSE(ip_address("example.org"));
    CHECK_FALSE(ip_address("fe80::1%eth0"));
    CHECK_FALSE(ip_address("127.1"));
}

TEST_CASE("this machine's networks and its own public address are not sent to either, and a viewer names few", "[ice]") {
    IceReach reach({{*ip_address("80.1.2.3"), 96 + 24}, {*ip_address("2a02:1:2:3::5"), 64}});
    CHECK(reach.admits(candidate("8.8.8.8")));
    CHECK(reach.admits("a=" + candidate("80.1.3.9")));
    CHECK_FALSE(reach.admits(candidate("80.1.2.200")));
    CHECK_FALSE(reach.admits(candidate("2a02:1:2:3:9::9")));
    CHECK(reach.admits(candidate("2a02:1:2:4::9")));
    reach.is_ours("candidate:7 1 UDP 1694498815 91.5.6.7 40000 typ srflx raddr 80.1.2.3 rport 40000");
    CHECK_FALSE(reach.admits(candidate("91.5.6.7")));
    for (const char* useless :
         {"", "candidate:", "candidate:1 1 tcp 1 8.8.8.8 9 typ host tcptype active", "candidate:1 1 udp 1 a.local 4 typ host"})
        CHECK_FALSE(reach.admits(useless));
    CHECK_FALSE(reach.admits(candidate("8.8.4.4", 0)));
    std::size_t admitted = 3;
    for (int port = 1; port < 100; ++port) admitted += reach.admits(candidate("9.9.9.9", port));
    CHECK(admitted == IceReach::most_targets);
    CHECK(reach.admits(candidate("8.8.8.8")));  // known already
}

TEST_CASE("the machine's own networks hold its own addresses", "[ice]") {
    bool loopback = false;
    for (const IpNetwork& network : own_networks()) {
        CHECK(network.holds(network.address));
        loopback |= network.holds(*ip_address("127.0.0.1"));
    }
    CHECK(loopback);
}
