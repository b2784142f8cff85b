#include "engine/log_rate.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>
#include <vector>

#include "engine/printable.h"
#include "tests/support/catch.h"

using namespace vitrine;
using log::Level;

namespace {

constexpr std::int64_t at = 1'709'290'801'234'567;  // 2024-03-01T11:00:01.234567Z

// Standard error while this lives; what was written, when asked.
class StandardError {
  public:
    StandardError() : saved_(::dup(STDERR_FILENO)), file_(std::tmpfile()) { ::dup2(::fileno(file_), STDERR_FILENO); }
    ~StandardError() {
        ::dup2(saved_, STDERR_FILENO);
        ::close(saved_);
        std::fclose(file_);
        log::set_up(Level::info, false);
        log::set_rate({});
    }
    std::string text() const {
        std::string out(static_cast<std::size_t>(::lseek(::fileno(file_), 0, SEEK_END)), '\0');
        CHECK(::pread(::fileno(file_), out.data(), out.size(), 0) == static_cast<ssize_t>(out.size()));
        return out;
    }
    std::vector<std::string> lines() const {
        std::vector<std::string> out;
        std::istringstream in(text());
        for (std::string line; std::getline(in, line);) out.push_back(line);
        return out;
    }

  private:
    int saved_;
    std::FILE* file_;
};

}  // namespace

TEST_CASE("a line has time, level, room, sentence and fields", "[log]") {
    CHECK(log::format(Level::info, "web", "A buyer joined.", {{"buyer", "Ana"}, {"rtt_ms", "12"}}, false, at) ==
          "2024-03-01T11:00:01.234Z INFO  web: A buyer joined. buyer=Ana rtt_ms=12");
    CHECK(log::format(Level::error, "capture", "Lost.", {{"url", "a b"}, {"empty", ""}, {"sum", "1+1=2"}}, false, at) ==
          "2024-03-01T11:00:01.234Z ERROR capture: Lost. url=\"a b\" empty=\"\" sum=\"1+1=2\"");
    CHECK(log::format(Level::warn, "web", "Early.", {}, false, -1).starts_with("1969-12-31T23:59:59.999Z WARN  "));
}

TEST_CASE("JSON lines hold the same", "[log]") {
    const auto line =
        nlohmann::json::parse(log::format(Level::warn, "web", "Zu \"früh\"", {{"name", "安娜\n"}, {"level", "fake"}}, true, at));
    CHECK(line["time"] == "2024-03-01T11:00:01.234Z");
    CHECK(line["level"] == "warn");
    CHECK(line["room"] == "web");
    CHECK(line["message"] == "Zu \"früh\"");
    CHECK(line["name"] == "安娜\n");
    CHECK(line["level_"] == "fake");
}

TEST_CASE("no input forges a line or drives the terminal", "[log]") {
    const std::string evil = "x\n2024-03-01T11:00:01.234Z INFO  web: forged\r\x1b[2J\x9b\xff\xe2\x80\xae\xe2\x80\xa8\x7f\" level=error";
    for (const bool json : {false, true}) {
        const auto line = log::format(Level::info, "web", evil, {{evil, evil}}, json, at);
        INFO(line);
        for (const char c : line) CHECK(static_cast<unsigned char>(c) >= 0x20);
        CHECK(line.find('\x7f') == std::string::npos);
        CHECK(line.find("\xe2\x80\xae") == std::string::npos);
        CHECK(line.find("\xe2\x80\xa8") == std::string::npos);
        if (json) CHECK_NOTHROW(nlohmann::json::parse(line));
    }
    CHECK(log::format(Level::info, "web", "x", {{"a", "b\" c=\"d"}}, false, at).ends_with("a=\"b\\\" c=\\\"d\""));
}

TEST_CASE("a line never grows past 4 KiB", "[log]") {
    const std::string huge(1 << 20, '\x01');
    for (const bool json : {false, true}) {
        const auto line = log::format(Level::info, "web", huge, {{"a", huge}, {"b", huge}, {"c", "kept"}}, json, at);
        CHECK(line.size() < 4096);
        if (json) CHECK(nlohmann::json::parse(line)["c"] == "kept");
    }
}

TEST_CASE("printable cuts between characters", "[log]") {
    CHECK(printable("筒灯筒灯", 9) == "筒灯…");
    CHECK(printable("筒灯", 6) == "筒灯");
    CHECK(printable("abc", 2).empty());
    CHECK(printable("\xc0\xaf\xed\xa0\x80") == "\\xc0\\xaf\\xed\\xa0\\x80");
}

TEST_CASE("levels below the lowest are not written", "[log]") {
    StandardError captured;
    log::set_up(Level::warn, false);
    log::info("test", "unwanted");
    log::warn("test", "wanted");
    REQUIRE(captured.lines().size() == 1);
    CHECK(captured.lines()[0].ends_with("WARN  test: wanted"));
}

TEST_CASE("secrets are hidden wherever they stand", "[log]") {
    StandardError captured;
    log::hide("canary-1234");
    log::hide("canary-1234-longer");
    log::hide("with \"quotes\"");
    log::hide("short");  // too short to be a secret, and it would spoil every text
    for (const bool json : {false, true}) {
        log::set_up(Level::info, json);
        log::error("test", "Sentence canary-1234 and canary-1234-longer",
                   {{"url", "http://u:canary-1234@h/with \"quotes\""}, {"canary-1234", "short"}});
    }
    const auto text = captured.text();
    INFO(text);
    CHECK(captured.lines().size() == 2);
    CHECK(text.find("canary") == std::string::npos);
    CHECK(text.find("longer") == std::string::npos);
    CHECK(text.find("quotes") == std::string::npos);
    CHECK(text.find("Sentence [secret] and [secret]") != std::string::npos);
    CHECK(text.find("short") != std::string::npos);
}

TEST_CASE("lines of many threads do not mix", "[log]") {
    StandardError captured;
    log::set_up(Level::info, true);
    log::set_rate({1e6, 1e6});
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([] {
            for (int i = 0; i < 200; ++i) log::info("test", "Line", {{"filler", std::string(300, 'x')}, {"n", std::to_string(i)}});
        });
    for (auto& thread : threads) thread.join();
    const auto lines = captured.lines();
    CHECK(lines.size() == 800);
    for (const auto& line : lines) REQUIRE_NOTHROW(nlohmann::json::parse(line));
}

TEST_CASE("a full pipe holds nobody up, and what was lost is said", "[log]") {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const int saved = ::dup(STDERR_FILENO);
    ::dup2(ends[1], STDERR_FILENO);
    log::set_up(Level::info, false);
    log::set_rate({1e6, 1e6});
    for (int i = 0; i < 1000; ++i) log::info("test", "Nobody reads this.", {{"filler", std::string(1000, 'x')}});  // a pipe holds 64 KiB
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    std::string drained(1 << 20, '\0');
    const auto before = ::read(ends[0], drained.data(), drained.size());
    log::info("test", "Somebody reads again.");
    const auto after = ::read(ends[0], drained.data(), drained.size());
    ::dup2(saved, STDERR_FILENO);
    for (const int fd : {saved, ends[0], ends[1]}) ::close(fd);
    log::set_rate({});
    REQUIRE(before > 0);
    REQUIRE(after > 0);
    const std::string said = drained.substr(0, static_cast<std::size_t>(after));
    INFO(said);
    CHECK(said.find("Lines were lost because nobody read them. lines=9") != std::string::npos);
    CHECK(said.find("Somebody reads again.") != std::string::npos);
}

TEST_CASE("whoever provokes a line fills no disk: the rest are counted", "[log]") {
    StandardError captured;
    log::set_up(Level::info, false);
    log::set_rate({});
    for (int i = 0; i < 100'000; ++i) log::info("web", "A link was refused.", {{"address", std::to_string(i)}});
    log::warn("record", "The disk is full.");  // another's line is not held back
    CHECK(captured.lines().size() >= 61);
    CHECK(captured.lines().size() <= 70);  // 60 and what a slow machine's seconds add
    CHECK(captured.text().find("The disk is full.") != std::string::npos);
    log::tell_left_out(true);
    const auto lines = captured.lines();
    INFO(lines.back());
    CHECK(lines.back().find("left out. room=web sentence=\"A link was refused.\" left_out=999") != std::string::npos);
    log::tell_left_out(true);
    CHECK(captured.lines().size() == lines.size());
}

TEST_CASE("lines of one kind: some at once, then some a minute, and what was left out is told", "[log]") {
    constexpr Nanoseconds second = 1'000'000'000;
    log::LogRate rate({3, 6});
    const auto says = [&](Nanoseconds now, const char* sentence = "No.") { return rate.judge(Level::info, "web", sentence, now); };
    for (int i = 0; i < 3; ++i) CHECK(says(0).print);
    for (int i = 0; i < 50; ++i) CHECK_FALSE(says(0).print);
    CHECK(says(0, "Another.").print);
    CHECK(rate.judge(Level::warn, "web", "No.", 0).print);
    const auto later = says(10 * second);
    CHECK(later.print);
    CHECK(later.left_out == 50);
    CHECK_FALSE(says(10 * second).print);
    // Nobody comes any more: the count is told after a minute.
    CHECK(rate.counts(69 * second, false).empty());
    const auto counts = rate.counts(70 * second, false);
    REQUIRE(counts.size() == 1);
    CHECK(counts[0].sentence == "No.");
    CHECK(counts[0].left_out == 1);
    CHECK(rate.counts(200 * second, true).empty());
    // A day of it.
    int printed = 0;
    for (Nanoseconds at = 300 * second; at < 86'700 * second; at += second / 10) printed += says(at).print;
    CHECK(printed <= 6 * 24 * 60 + 4);
}

TEST_CASE("kinds beyond the most share one allowance, and the table does not grow", "[log]") {
    log::LogRate rate;
    int printed = 0;
    for (int i = 0; i < 100'000; ++i) printed += rate.judge(Level::warn, "web", "Sentence " + std::to_string(i), 0).print;
    CHECK(printed <= 256 + 60);
    const auto counts = rate.counts(0, true);
    REQUIRE(counts.size() == 1);
    CHECK(counts[0].left_out == static_cast<std::uint64_t>(100'000 - printed));
    // Once they are quiet they make room.
    CHECK(rate.judge(Level::warn, "web", "Afterwards", 3600'000'000'000).print);
}
