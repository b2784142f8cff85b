// [[webhook]]: who is told of what happens, and with which secret it is signed.

#include <sys/stat.h>

#include <algorithm>
#include <fstream>

#include "engine/config_sections.h"
#include "engine/config_source.h"
#include "engine/desk/event_names.h"
#include "engine/source_url.h"

namespace vitrine {

bool WebhookConfig::wants(std::string_view event) const {
    return events.empty() || std::any_of(events.begin(), events.end(), [&](std::string_view e) {
               return e == event || (e.ends_with(".*") && event.starts_with(e.substr(0, e.size() - 1)));
           });
}

namespace config {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_webhooks = 8, longest_url = 2000;
constexpr std::uintmax_t least_secret = 16, most_secret = 4096;

Judged<void> judge_url(const std::string& url) {
    const auto hint = "for example \"https://crm.example.com/hooks/vitrine\"";
    const bool tls = url.starts_with("https://");
    if (!tls && !url.starts_with("http://")) return fault(in_quotes(shown_origin(url)) + " is no web address", hint);
    const std::string rest = url.substr(tls ? 8 : 7);
    std::string host = rest.substr(0, rest.find_first_of("/?#"));
    if (host.find('@') != std::string::npos) return fault("names a user or password", "take them out; what is sent is signed");
    if (url.find('#') != std::string::npos) return fault("has a fragment", "take out what begins with #");
    if (std::any_of(url.begin(), url.end(), [](unsigned char c) { return c <= ' ' || c >= 0x7F; }))
        return fault("holds characters that a web address has not", "percent-encode them");
    if (host.starts_with('[')) {
        const std::size_t end = host.find(']');
        if (end == std::string::npos) return fault("names no host", hint);
        host = host.substr(1, end - 1);
    } else {
        host = host.substr(0, host.find(':'));
    }
    if (host.empty()) return fault("names no host", hint);
    if (tls) return {};
    const auto address = parse_address(host);
    if (!address || !is_loopback(*address))
        return fault("would send buyers' data unprotected", "give an https:// address; http:// is for this machine only");
    return {};
}

Judged<void> judge_secret(const fs::path& file) {
    struct stat about {};
    if (stat(file.c_str(), &about) != 0) return fault("cannot be read", "give a file that holds the secret");
    if ((about.st_mode & 077) != 0) return fault("can be read by others", "chmod 600 " + file.filename().string());
    std::ifstream in(file, std::ios::binary);
    std::string text(most_secret + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (text.size() > most_secret) return fault("is larger than 4096 bytes", "give a file that holds the secret alone");
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    if (text.size() < least_secret)
        return fault("holds fewer than 16 bytes", "make one with openssl rand -hex 32 > " + file.filename().string());
    return {};
}

Judged<void> judge_event(const std::string& event) {
    const auto& all = desk::event_names;
    if (event.ends_with(".*")) {
        const std::string_view group = std::string_view(event).substr(0, event.size() - 1);
        if (std::any_of(all.begin(), all.end(), [&](std::string_view e) { return e.starts_with(group); })) return {};
    } else if (std::find(all.begin(), all.end(), event) != all.end()) {
        return {};
    }
    return fault("there is no event " + in_quotes(event), suggest(event, {all.begin(), all.end()}));
}

WebhookConfig read_webhook(TableReader& table, const ShowFolder& folder) {
    WebhookConfig hook;
    if (auto url = table.string("url", Need::required, longest_url)) {
        if (auto judged = judge_url(*url))
            hook.url = *url;
        else
            table.wrong("url", judged.error());
    }
    if (auto files = table.strings("secret_file", 1, 2, true, Need::required)) {
        for (const auto& item : files->good) {
            auto path = folder.file(item.value);
            auto judged = path ? judge_secret(*path) : Judged<void>(tl::unexpected(path.error()));
            if (judged)
                hook.secret_files.push_back(*path);
            else
                table.wrong_at(item.line, item.key, judged.error().what, judged.error().hint);
        }
    }
    if (auto events = table.strings("events", 1, desk::event_names.size(), true)) {
        for (const auto& item : events->good) {
            if (auto judged = judge_event(item.value))
                hook.events.push_back(item.value);
            else
                table.wrong_at(item.line, item.key, judged.error().what, judged.error().hint);
        }
    }
    return hook;
}

}  // namespace

std::vector<WebhookConfig> read_webhooks(TableReader& root, const ShowFolder& folder) {
    std::vector<WebhookConfig> hooks;
    std::map<std::string, int> taken;
    for (auto& table : root.tables("webhook", most_webhooks)) {
        WebhookConfig hook = read_webhook(table, folder);
        hook.id = "hook-" + std::to_string(hooks.size() + 1);
        if (auto id = table.id("id", Need::optional)) hook.id = *id;
        const auto [it, fresh] = taken.emplace(hook.id, table.line());
        if (!fresh) table.wrong("id", in_quotes(hook.id) + " is taken already, in line " + std::to_string(it->second), "give each its own");
        hooks.push_back(std::move(hook));
    }
    return hooks;
}

}  // namespace config
}  // namespace vitrine
