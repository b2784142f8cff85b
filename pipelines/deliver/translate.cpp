#include "pipelines/deliver/translate.h"

#include <curl/curl.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <fstream>
#include <list>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "engine/barrier.h"
#include "engine/log.h"

namespace vitrine {
namespace {

using Done = std::function<void(Result<Translation>)>;

tl::unexpected<Error> not_now(const std::string& why) { return fail("The text cannot be translated at the moment: " + why + "."); }

std::string host_of(const std::string& url) {
    const auto start = url.find("//");
    const auto begin = start == std::string::npos ? 0 : start + 2;
    return url.substr(begin, url.find_first_of("/?#", begin) - begin);
}

struct Answer {
    std::string body;
    std::size_t most = 0;
};

std::size_t take(char* data, std::size_t size, std::size_t count, void* to) {
    auto* answer = static_cast<Answer*>(to);
    if (answer->body.size() + size * count > answer->most) return 0;
    answer->body.append(data, size * count);
    return size * count;
}

/// Line breaks stay, other control characters go.
std::string cleaned(std::string text) {
    std::erase_if(text, [](unsigned char c) { return (c < 0x20 && c != '\n') || c == 0x7f; });
    return text;
}

}  // namespace

struct Translator::Core {
    std::string url, key, provider;
    Limits limits;
    std::atomic<std::uint64_t> asked{0};
    std::atomic<bool> stopping{false};

    struct Question {
        std::string text, from, to;
        auto operator<=>(const Question&) const = default;
    };
    struct Known {
        Translation translation;
        std::list<Question>::iterator place;
    };
    std::mutex mutex;  ///< guards what follows
    std::condition_variable wake;
    std::map<Question, std::vector<Done>> waiting;
    std::deque<Question> order;  ///< of `waiting`
    std::map<Question, Known> known;
    std::list<Question> recent;  ///< of `known`; front: asked for last
    std::thread thread;

    void run() {
        const std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
        std::unique_lock lock(mutex);
        while (true) {
            wake.wait(lock, [&] { return stopping || !order.empty(); });
            if (order.empty()) return;
            const Question question = order.front();
            order.pop_front();
            lock.unlock();
            Result<Translation> answer = stopping ? Result<Translation>(not_now("the show is closing"))
                                                  : barrier::answer("translation", Result<Translation>(not_now("it failed")),
                                                                    [&] { return ask(curl.get(), question); });
            lock.lock();
            if (answer) keep(question, *answer);
            const auto found = waiting.find(question);
            const std::vector<Done> all = std::move(found->second);
            waiting.erase(found);
            lock.unlock();
            for (const Done& done : all) barrier::run("translation done", [&] { done(answer); });
            lock.lock();
        }
    }

    void keep(const Question& question, const Translation& translation) {
        if (known.size() >= limits.cached) {
            known.erase(recent.back());
            recent.pop_back();
        }
        recent.push_front(question);
        known[question] = {translation, recent.begin()};
    }

    Result<Translation> ask(CURL* curl, const Question& question) {
        if (!curl) return not_now("the HTTP client did not start");
        ++asked;
        nlohmann::json body{{"q", question.text},
                            {"source", question.from.empty() ? std::string("auto") : question.from},
                            {"target", question.to},
                            {"format", "text"}};
        if (!key.empty()) body["api_key"] = key;
        const std::string text = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
        Answer answer{{}, limits.answer_bytes};
        const std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers(curl_slist_append(nullptr, "Content-Type: application/json"),
                                                                         curl_slist_free_all);
        curl_easy_reset(curl);
        curl_easy_setopt(curl, CURLOPT_URL, (url + "/translate").c_str());
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(text.size()));
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, text.c_str());
        curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, (barrier::barred<"translated text", &take>));
        curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
        curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(limits.timeout_ms));
        curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
        // The key goes to the service that was named and not where it points.
        curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
        curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(curl, CURLOPT_XFERINFODATA, this);
        curl_easy_setopt(
            curl, CURLOPT_XFERINFOFUNCTION,
            (barrier::barred<
                "translation wait",
                [](void* core, curl_off_t, curl_off_t, curl_off_t, curl_off_t) { return static_cast<Core*>(core)->stopping ? 1 : 0; }, 1>));
        if (const CURLcode code = curl_easy_perform(curl); code != CURLE_OK)
            return not_now(code == CURLE_WRITE_ERROR ? "the service answers too much" : "the service does not answer");
        long status = 0;
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
        if (status != 200) return not_now("the service answers with status " + std::to_string(status));
        const auto object = nlohmann::json::parse(answer.body, nullptr, false);
        const auto found = object.is_object() ? object.find("translatedText") : object.end();
        if (!object.is_object() || found == object.end() || !found->is_string()) return not_now("the service's answer is not understood");
        return Translation{cleaned(found->get<std::string>()), question.to, provider};
    }
};

Translator::Translator(std::string url, std::string key, Limits limits) : core_(std::make_unique<Core>()) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    while (!url.empty() && url.back() == '/') url.pop_back();
    log::hide(key);
    core_->provider = host_of(url);
    core_->url = std::move(url);
    core_->key = std::move(key);
    core_->limits = limits;
    core_->thread = barrier::thread("translate", [core = core_.get()] { core->run(); });
}

Translator::~Translator() {
    {
        std::lock_guard lock(core_->mutex);
        core_->stopping = true;
    }
    core_->wake.notify_all();
    core_->thread.join();
}

void Translator::translate(const std::string& text, const std::string& from, const std::string& to, Done done) {
    const Core::Question question{text, from, to};
    std::unique_lock lock(core_->mutex);
    if (const auto found = core_->known.find(question); found != core_->known.end()) {
        core_->recent.splice(core_->recent.begin(), core_->recent, found->second.place);
        const Translation translation = found->second.translation;
        lock.unlock();
        return done(translation);
    }
    const auto found = core_->waiting.find(question);
    if (found != core_->waiting.end()) {
        found->second.push_back(std::move(done));
        return;
    }
    if (core_->waiting.size() >= core_->limits.waiting || core_->stopping) {
        lock.unlock();
        return done(not_now("too many texts are waiting"));
    }
    core_->waiting[question].push_back(std::move(done));
    core_->order.push_back(question);
    core_->wake.notify_all();
}

std::uint64_t Translator::asked() const { return core_->asked; }

Result<std::unique_ptr<Translator>> make_translator(const std::string& url, const std::filesystem::path& key_file) {
    std::string key;
    if (!key_file.empty()) {
        std::ifstream file(key_file);
        std::getline(file, key);
        while (!key.empty() && (key.back() == '\r' || key.back() == ' ')) key.pop_back();
        if (key.empty()) return fail("The translation service's key cannot be read from " + key_file.string() + ".", ErrorKind::missing);
    }
    return std::make_unique<Translator>(url, std::move(key), Translator::Limits{});
}

}  // namespace vitrine
