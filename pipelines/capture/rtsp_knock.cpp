#include "pipelines/capture/rtsp_knock.h"

#include <curl/curl.h>

#include <cerrno>
#include <memory>

#include "engine/barrier.h"

namespace vitrine {
namespace {

struct Handles {
    std::unique_ptr<CURL, void (*)(CURL*)> curl{curl_easy_init(), curl_easy_cleanup};
};

std::size_t nothing(char*, std::size_t size, std::size_t count, void*) { return size * count; }

Trouble trouble_of(CURL* curl, CURLcode code) {
    if (code == CURLE_OK) return Trouble::none;
    if (code == CURLE_COULDNT_RESOLVE_HOST) return Trouble::no_such_host;
    if (code == CURLE_URL_MALFORMAT) return Trouble::bad_address;
    long error = 0;
    double connected = 0;
    curl_easy_getinfo(curl, CURLINFO_OS_ERRNO, &error);
    curl_easy_getinfo(curl, CURLINFO_CONNECT_TIME, &connected);
    if (code == CURLE_COULDNT_CONNECT) {
        if (error == ECONNREFUSED) return Trouble::refused;
        if (error == ENETUNREACH || error == EHOSTUNREACH || error == EADDRNOTAVAIL) return Trouble::no_route;
        return Trouble::timed_out;
    }
    // Once it is connected, whatever does not answer as RTSP does is something else.
    if (code == CURLE_OPERATION_TIMEDOUT && connected == 0) return Trouble::timed_out;
    return Trouble::not_rtsp;
}

}  // namespace

Trouble knock(const std::string& location, bool password_given, Nanoseconds most) {
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    Handles handles;
    CURL* curl = handles.curl.get();
    if (ready != CURLE_OK || !curl) return Trouble::none;  // GStreamer will tell
    const bool plain = location.starts_with("rtsp://");
    const std::string url = plain ? location : "http" + location.substr(location.find("://"));
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(most / 1'000'000));
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(most / 1'000'000));
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, (barrier::barred<"knock", &nothing>));
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, (barrier::barred<"knock", &nothing>));
    if (!plain) {
        curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
        return trouble_of(curl, curl_easy_perform(curl));
    }
    curl_easy_setopt(curl, CURLOPT_RTSP_STREAM_URI, location.c_str());
    long status = 0;
    for (const long request : {static_cast<long>(CURL_RTSPREQ_OPTIONS), static_cast<long>(CURL_RTSPREQ_DESCRIBE)}) {
        curl_easy_setopt(curl, CURLOPT_RTSP_REQUEST, request);
        if (const Trouble trouble = trouble_of(curl, curl_easy_perform(curl)); trouble != Trouble::none) {
            // A camera that answers the first question and hangs up at the second speaks RTSP all the same.
            return request == static_cast<long>(CURL_RTSPREQ_DESCRIBE) && trouble == Trouble::not_rtsp ? Trouble::none : trouble;
        }
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
        if (status == 401 || status == 403) return password_given ? Trouble::none : Trouble::needs_password;
    }
    return status == 404 ? Trouble::not_found : Trouble::none;
}

}  // namespace vitrine
