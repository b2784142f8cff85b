// Translation against a service on a real socket: what it is asked, what is kept, and what happens when it lies, is slow or is not there.

#include "pipelines/deliver/translate.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <atomic>
#include <future>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/support/catch.h"

using namespace vitrine;
namespace net = boost::asio;
namespace http = boost::beast::http;
using net::ip::tcp;

namespace {

/// Answers one request after another, each with what `answer` makes of its body; an empty text: never.
class Service {
  public:
    using Make = std::function<std::string(const nlohmann::json&)>;
    explicit Service(Make make, int status = 200) : acceptor_(io_, {net::ip::make_address("127.0.0.1"), 0}), make_(std::move(make)) {
        thread_ = std::thread([this, status] {
            boost::system::error_code error;
            while (!error) {
                auto socket = std::make_unique<tcp::socket>(io_);
                acceptor_.accept(*socket, error);
                if (error || closing_) return;
                boost::beast::flat_buffer buffer;
                http::request<http::string_body> request;
                boost::system::error_code broken;
                http::read(*socket, buffer, request, broken);
                if (broken) continue;
                target = std::string(request.target());
                const std::string body = make_(nlohmann::json::parse(request.body()));
                if (body.empty()) {
                    held_.push_back(std::move(socket));
                    continue;
                }
                http::response<http::string_body> response(static_cast<http::status>(status), 11);
                response.set(http::field::location, "http://127.0.0.1:1/elsewhere");
                response.body() = body;
                response.keep_alive(false);
                response.prepare_payload();
                http::write(*socket, response, broken);
            }
        });
    }
    ~Service() {
        closing_ = true;
        boost::system::error_code ignored;
        tcp::socket knock(io_);
        knock.connect(acceptor_.local_endpoint(), ignored);
        thread_.join();
    }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()); }
    std::string target;

  private:
    net::io_context io_;
    tcp::acceptor acceptor_;
    Make make_;
    std::vector<std::unique_ptr<tcp::socket>> held_;
    std::atomic<bool> closing_{false};
    std::thread thread_;
};

Result<Translation> ask(Translator& translator, const std::string& text, const std::string& to = "es") {
    std::promise<Result<Translation>> answer;
    translator.translate(text, "en", to, [&](Result<Translation> made) { answer.set_value(std::move(made)); });
    return answer.get_future().get();
}

std::string translated(const std::string& text) { return nlohmann::json{{"translatedText", text}}.dump(); }

}  // namespace

TEST_CASE("a text is asked for once and then known", "[translate]") {
    nlohmann::json seen;
    Service service([&](const nlohmann::json& body) {
        seen = body;
        return translated("¿Versión IP65?\x07");
    });
    Translator translator(service.url() + "/", "secret-key", {});
    const auto first = ask(translator, "IP65 version?");
    REQUIRE(first);
    CHECK(first->text == "¿Versión IP65?");
    CHECK(first->language == "es");
    CHECK(first->provider == service.url().substr(7));
    CHECK(service.target == "/translate");
    CHECK(seen ==
          nlohmann::json{{"q", "IP65 version?"}, {"source", "en"}, {"target", "es"}, {"format", "text"}, {"api_key", "secret-key"}});
    CHECK(ask(translator, "IP65 version?")->text == first->text);
    CHECK(translator.asked() == 1);
    CHECK(ask(translator, "IP65 version?", "pt"));
    CHECK(translator.asked() == 2);
}

TEST_CASE("only so many translations are kept, those asked for last", "[translate]") {
    Service service([](const nlohmann::json& body) { return translated(body.at("q").get<std::string>() + "!"); });
    Translator translator(service.url(), "", {2, 64, 64 * 1024, 5000});
    for (const char* text : {"a", "b", "a", "c", "a"}) CHECK(ask(translator, text)->text == std::string(text) + "!");
    CHECK(translator.asked() == 3);
    CHECK(ask(translator, "b"));
    CHECK(translator.asked() == 4);
}

TEST_CASE("a service that fails, lies or floods is a sentence, never a text", "[translate]") {
    const auto refused = [](const std::string& body, int status = 200) {
        Service service([&](const nlohmann::json&) { return body; }, status);
        Translator translator(service.url(), "", {4000, 64, 4096, 2000});
        const auto answer = ask(translator, "hello");
        REQUIRE_FALSE(answer);
        return answer.error().message;
    };
    CHECK(refused("{}").find("not understood") != std::string::npos);
    CHECK(refused("<html>").find("not understood") != std::string::npos);
    CHECK(refused("[]").find("not understood") != std::string::npos);
    CHECK(refused(R"({"translatedText":7})").find("not understood") != std::string::npos);
    CHECK(refused(translated("x"), 403).find("403") != std::string::npos);
    CHECK(refused(translated("x"), 302).find("302") != std::string::npos);
    CHECK(refused(translated(std::string(5000, 'x'))).find("too much") != std::string::npos);
    Translator nobody("http://127.0.0.1:1", "", {});
    CHECK(ask(nobody, "hello").error().message.find("does not answer") != std::string::npos);
}

TEST_CASE("a silent service costs its time and no more, and closing waits for nobody", "[translate]") {
    Service service([](const nlohmann::json&) { return std::string(); });
    Translator timed(service.url(), "", {10, 64, 4096, 50});
    CHECK_FALSE(ask(timed, "hello"));

    auto closing = std::make_unique<Translator>(service.url(), "", Translator::Limits{10, 3, 4096, 60'000});
    std::atomic<int> answered{0};
    for (const char* text : {"a", "b", "c", "d", "a"})  // the queue holds three; "a" again is the same question
        closing->translate(text, "", "es", [&](Result<Translation> answer) { answered += !answer; });
    CHECK(answered == 1);
    closing.reset();
    CHECK(answered == 5);
}
