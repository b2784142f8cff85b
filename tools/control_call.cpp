#include "tools/control_call.h"

#include <curl/curl.h>

#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "engine/barrier.h"

namespace vitrine {
namespace {

std::size_t take(char* data, std::size_t size, std::size_t count, void* to) {
    static_cast<std::string*>(to)->append(data, size * count);
    return size * count;
}

ErrorKind kind_of(long status) {
    switch (status) {
        case 400:
        case 422:
            return ErrorKind::bad_input;
        case 403:
            return ErrorKind::not_allowed;
        case 404:
            return ErrorKind::not_found;
        case 409:
            return ErrorKind::conflict;
        case 507:
            return ErrorKind::no_space;
        default:
            return ErrorKind::failed;
    }
}

}  // namespace

Result<std::string> control_call(const Announcement& show, const std::string& method, const std::string& path, const std::string& body) {
    std::string token;
    std::ifstream file(show.token_file);
    std::getline(file, token);
    if (token.empty()) return fail("The running show's control token cannot be read from " + show.token_file.string() + ".");
    std::string answer;
    const std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
    if (!curl) return fail("The HTTP client could not start.");
    curl_slist* list = curl_slist_append(nullptr, ("Authorization: Bearer " + token).c_str());
    if (!body.empty()) list = curl_slist_append(list, "Content-Type: application/json");
    const std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers(list, curl_slist_free_all);
    curl_easy_setopt(curl.get(), CURLOPT_URL, (show.control_url + path).c_str());
    curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl.get(), CURLOPT_CUSTOMREQUEST, method.c_str());
    if (!body.empty()) {
        curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
        curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, body.c_str());
    }
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, (barrier::barred<"control answer", &take>));
    curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &answer);
    curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, 20'000L);
    curl_easy_setopt(curl.get(), CURLOPT_PROXY, "");
    if (const CURLcode code = curl_easy_perform(curl.get()); code != CURLE_OK)
        return fail("The running show at " + show.control_url + " does not answer: " + curl_easy_strerror(code) + ".");
    long status = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status >= 200 && status < 300) return answer;
    const auto object = nlohmann::json::parse(answer, nullptr, false);
    return fail(object.is_object() ? object.value("detail", "The show refused.") : "The show's answer is not understood.", kind_of(status));
}

}  // namespace vitrine
