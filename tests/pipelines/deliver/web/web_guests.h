#pragma once
// Programs that have come in by a link, over real sockets, and what they send.

#include <chrono>
#include <functional>
#include <string>

#include "tests/pipelines/deliver/web/web_fixture.h"
#include "tests/support/catch.h"

namespace vitrine::test {

/// One white pixel.
inline const std::string png(
    "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0\x3a\x7e\x9b\x55\0\0\0\nIDAT\x78\xda\x63\xf8\x0f\0\1\1\1\0\x1c\xb0\x8c\x99\0"
    "\0\0\0IEND\xae"
    "B\x60\x82",
    67);

/// A program that has joined by a link.
class Guest {
  public:
    Guest(WebFixture& web, const desk::ActResult& link) : web_(web), client_(web.port) {
        const HttpAnswer answer =
            client_.ask("POST", "/api/join", {{"Content-Type", "application/json"}},
                        Json{{"invite", link.id}, {"secret", link.secret}, {"language", "en"}, {"bearer", true}}.dump());
        REQUIRE(answer.status == 200);
        const Json joined = Json::parse(answer.body);
        token = joined.at("session").get<std::string>();
        person = joined.at("person").get<std::string>();
        role = joined.at("role").get<std::string>();
    }
    HttpHeaders headers(HttpHeaders more = {{"Content-Type", "application/json"}}) const { return WebFixture::whep_headers(token, more); }
    HttpAnswer act(Json act, const std::string& client_id = random_hex(8)) {
        act["client_id"] = client_id;
        return client_.ask("POST", "/api/act", headers(), act.dump());
    }
    HttpAnswer put(const std::string& id, const std::string& bytes, const std::string& name = "drawing.png") {
        return client_.ask("PUT", "/api/attachments/" + id + "?name=" + name, headers({}), bytes);
    }
    HttpAnswer get(const std::string& target) { return client_.ask("GET", target, headers({})); }
    HttpAnswer ask(const std::string& method, const std::string& target, const std::string& body) {
        return client_.ask(method, target, headers(), body);
    }

    std::string token, person, role;

  private:
    WebFixture& web_;
    HttpClient client_;
};

inline desk::ActResult personal_link(WebFixture& web, const std::string& name, desk::Role role = desk::Role::buyer) {
    desk::MakeInvite invite;
    invite.name = name;
    invite.role = role;
    invite.expires_us = utc_now_us() + 3'600'000'000;
    const auto made = do_act(*web.show, invite);
    REQUIRE(made);
    return *made;
}

/// A socket that has said hello and heard the whole desk.
class Listener {
  public:
    Listener(WebFixture& web, const std::string& token) : socket_(web.port, "/live") {
        REQUIRE(socket_.open());
        REQUIRE(socket_.send(Json{{"type", "hello"}, {"session", token}}.dump()));
        whole = wait([](const Json& message) { return message.value("full", false) && message.value("last", false); });
        REQUIRE(whole.is_object());
    }
    /// The next message like that; null when none comes in time.
    Json wait(const std::function<bool(const Json&)>& wanted, std::chrono::milliseconds within = std::chrono::seconds(5)) {
        const auto until = std::chrono::steady_clock::now() + within;
        while (std::chrono::steady_clock::now() < until) {
            const auto text = socket_.receive(within);
            if (!text) return nullptr;
            Json message = Json::parse(*text);
            all += *text;
            if (wanted(message)) return message;
        }
        return nullptr;
    }
    /// The next record of that kind put.
    Json put(const std::string& record, std::chrono::milliseconds within = std::chrono::seconds(5)) {
        Json found;
        wait(
            [&](const Json& message) {
                for (const Json& one : message.value("put", Json::array()))
                    if (one.at("record") == record) found = one;
                return !found.is_null();
            },
            within);
        return found;
    }
    SocketClient& socket() { return socket_; }
    Json whole;
    std::string all;  ///< everything that came

  private:
    SocketClient socket_;
};

inline Json say(const std::string& text, bool is_private = false) {
    return {{"act", "say"}, {"kind", "chat"}, {"text", text}, {"is_private", is_private}};
}
inline Json quote(std::int64_t quantity = 500) {
    return {{"act", "request_quote"}, {"product", "LX-200"}, {"quantity", quantity}, {"incoterm", "FOB"}, {"destination", "Santos"}};
}

}  // namespace vitrine::test
