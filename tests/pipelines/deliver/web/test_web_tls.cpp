// The buyers' listener with a certificate of its own: bodies of any length, and a certificate that is renewed on the disk.

#include <boost/beast/websocket/ssl.hpp>

#include "pipelines/deliver/web/tls_identity.h"
#include "tests/pipelines/deliver/web/certificate.h"
#include "tests/pipelines/deliver/web/web_fixture.h"
#include "tests/support/catch.h"

using namespace vitrine;
using namespace vitrine::test;

namespace {

/// Of the certificate that the server shows to who connects now; 0 when it shows none.
long serial_shown(std::uint16_t port) {
    net::io_context io;
    net::ssl::context context(net::ssl::context::tls_client);
    net::ssl::stream<net::ip::tcp::socket> stream(io, context);
    error_code error;
    stream.lowest_layer().connect({net::ip::make_address("127.0.0.1"), port}, error);
    if (!error) stream.handshake(net::ssl::stream_base::client, error);
    if (error) return 0;
    const std::unique_ptr<X509, decltype(&X509_free)> shown(SSL_get1_peer_certificate(stream.native_handle()), X509_free);
    return shown ? ASN1_INTEGER_get(X509_get0_serialNumber(shown.get())) : 0;
}

std::string read_text(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("TLS 1.2 or later serves the page; plain HTTP gets nothing", "[web][tls]") {
    TemporaryFolder folder;
    ShowConfig config = small_show();
    config.tls = self_signed(folder);
    WebFixture web(config);
    CHECK(web.server->buyer_origin().substr(0, 8) == "https://");
    HttpClient client(web.port, true);
    const HttpAnswer page = client.ask("GET", "/", {{"Host", "show.example.com"}});
    CHECK(page.status == 200);
    CHECK(page.header("Content-Security-Policy").find("wss://show.example.com") != std::string::npos);
    CHECK(page.header("Strict-Transport-Security") == "max-age=31536000");
    CHECK(client.ask("GET", "/nothing").status == 404);
    const HttpAnswer last = client.ask("GET", "/", {{"Connection", "close"}});
    CHECK(last.status == 200);
    CHECK(client.closed());
    CHECK(HttpClient(web.port).ask("GET", "/").status == 0);
    CHECK(HttpClient(web.port, true).ask("GET", "/").status == 200);
    const std::string session = [&] {
        const Json body{{"invite", web.invite.id}, {"secret", web.invite.secret}};
        return HttpClient(web.port, true)
            .ask("POST", "/api/join",
                 {{"Content-Type", "application/json"},
                  {"Host", "localhost:" + std::to_string(web.port)},
                  {"Origin", "https://localhost:" + std::to_string(web.port)}},
                 body.dump())
            .header("Set-Cookie");
    }();
    CHECK(session.substr(0, 10) == "__Host-vt-");

    // A buyer's socket inside TLS: the hello is one masked frame, the answer one unmasked.
    HttpClient raw(web.port, true);
    REQUIRE(
        raw.send("GET /live HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: "
                 "dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"));
    const HttpAnswer upgraded = raw.receive(true);
    CHECK(upgraded.status == 101);
    CHECK(upgraded.header("Sec-WebSocket-Accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    CHECK(upgraded.header("Server") == "vitrine");
}

TEST_CASE("bodies and socket messages of any length go out over TLS", "[web][tls]") {
    TemporaryFolder folder;
    // One chunk of JSON, one of three megabytes.
    const std::string json = R"({"asset":{"version":"2.0"}} )";
    constexpr std::size_t glb_size = 3'000'000;
    std::string glb("glTF\2\0\0\0", 8);
    const auto number = [&](std::size_t value) {
        for (int i = 0; i < 4; ++i) glb.push_back(static_cast<char>(value >> 8 * i & 255));
    };
    number(glb_size);
    number(json.size());
    glb += "JSON" + json;
    number(glb_size - glb.size() - 8);
    glb += std::string("BIN\0", 4);
    while (glb.size() < glb_size) glb.push_back(static_cast<char>(glb.size() * 31));
    ShowConfig config = small_show();
    config.tls = self_signed(folder);
    config.products.at(0).model = folder.write("lamp.glb", glb);
    WebFixture web(config);
    const Json body{{"invite", web.invite.id}, {"secret", web.invite.secret}, {"bearer", true}};
    HttpClient client(web.port, true);
    const std::string session =
        Json::parse(client.ask("POST", "/api/join", {{"Content-Type", "application/json"}}, body.dump()).body).at("session");
    const HttpHeaders mine{{"Authorization", "Bearer " + session}};
    CHECK((client.ask("GET", "/api/models/LX-200", mine).body == glb));
    // The connection is still good: lengths were right.
    CHECK(client.ask("GET", "/").status == 200);

    net::io_context io;
    net::ssl::context context(net::ssl::context::tls_client);
    desk::Say say;
    say.kind = desk::MessageKind::chat;
    for (int i = 0; i < 120; ++i) {
        say.text = std::string(490, 'x') + std::to_string(i);
        REQUIRE(do_act(*web.show, say));
    }
    // Whoever comes now is told all of it, in messages of almost 16 KiB.
    beast::websocket::stream<net::ssl::stream<net::ip::tcp::socket>> late(io, context);
    beast::get_lowest_layer(late).connect({net::ip::make_address("127.0.0.1"), web.port});
    late.next_layer().handshake(net::ssl::stream_base::client);
    late.handshake("127.0.0.1:" + std::to_string(web.port), "/live");
    late.write(net::buffer(Json{{"type", "hello"}, {"session", session}}.dump()));
    std::size_t all = 0;
    while (all < 55'000) {
        beast::flat_buffer buffer;
        error_code error;
        late.read(buffer, error);
        REQUIRE_FALSE(error);
        all += buffer.size();
    }
}

TEST_CASE("a certificate renewed on the disk is taken without a restart; a broken one changes nothing", "[web][tls]") {
    TemporaryFolder folder;
    ShowConfig config = small_show();
    config.tls = self_signed(folder, 1);
    web::WebInside inside;
    inside.check_sessions_every = 20'000'000;
    WebFixture web(config, inside);
    HttpClient before(web.port, true);
    REQUIRE(before.ask("GET", "/").status == 200);
    CHECK(serial_shown(web.port) == 1);

    self_signed(folder, 2);
    CHECK(WebFixture::eventually([&] { return serial_shown(web.port) == 2; }));
    // Who is connected stays so.
    CHECK(before.ask("GET", "/").status == 200);

    const std::string whole = read_text(config.tls->certificate);
    for (const std::string& broken : {whole.substr(0, whole.size() / 2), std::string(), std::string("no certificate")}) {
        folder.write("cert.pem", broken);
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        CHECK(serial_shown(web.port) == 2);
    }
    fs::remove(config.tls->certificate);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    CHECK(serial_shown(web.port) == 2);
    self_signed(folder, 3);
    CHECK(WebFixture::eventually([&] { return serial_shown(web.port) == 3; }));
}

TEST_CASE("what is wrong with a new certificate is said once it has stayed so", "[web][tls]") {
    using News = web::TlsIdentity::News;
    constexpr Nanoseconds second = 1'000'000'000;
    TemporaryFolder folder;
    const TlsConfig config = self_signed(folder, 1);
    auto opened = web::TlsIdentity::open(config);
    REQUIRE(opened);
    web::TlsIdentity& identity = **opened;
    const auto first = identity.context();
    CHECK(identity.look(0) == News::none);
    CHECK(identity.days() == 0);

    // The new certificate is there, its key not yet.
    const std::string old_key = read_text(config.key);
    self_signed(folder, 2);
    const std::string new_key = read_text(config.key);
    folder.write("key.pem", old_key);
    CHECK(identity.look(1 * second) == News::none);
    CHECK(identity.problem().find("key.pem") != std::string::npos);
    CHECK(identity.look(2 * second) == News::none);
    folder.write("key.pem", new_key);
    CHECK(identity.look(3 * second) == News::renewed);
    CHECK(identity.problem().empty());
    CHECK(identity.context() != first);

    const auto second_one = identity.context();
    folder.write("cert.pem", "-----BEGIN CERTIFICATE-----\nMII");
    CHECK(identity.look(10 * second) == News::none);
    CHECK(identity.look(14 * second) == News::none);
    CHECK(identity.look(15 * second) == News::unusable);
    CHECK(identity.look(16 * second) == News::none);
    CHECK(identity.look(3600 * second) == News::none);
    CHECK(identity.context() == second_one);

    // One that has expired is no better than the one in use.
    self_signed(folder, 3, -86'400);
    CHECK(identity.look(4000 * second) == News::unusable);
    CHECK(identity.problem().find("expired") != std::string::npos);
    CHECK(identity.context() == second_one);
    self_signed(folder, 4);
    CHECK(identity.look(4001 * second) == News::renewed);
}
