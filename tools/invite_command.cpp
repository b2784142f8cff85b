// vitrine invite: makes a link. A show that runs here makes it itself; otherwise it goes straight into the show's store.

#include <curl/curl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <fstream>
#include <future>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "engine/barrier.h"
#include "engine/clock.h"
#include "engine/desk/acts.h"
#include "engine/desk/store.h"
#include "engine/show.h"
#include "pipelines/deliver/web/links.h"
#include "tools/announcement.h"
#include "tools/commands.h"
#include "tools/listen_port.h"
#include "tools/qr_code.h"

namespace vitrine {
namespace {

struct InviteOptions {
    std::string folder, data, name, company, language, group, role = "buyer", expires, png;
    int open = 0;
    bool json = false;
};

struct Made {
    std::string id, link;
};

/// "90m", "2h", "3d" in µs; nothing when it is none of these or longer than a year.
std::optional<std::int64_t> duration_us(const std::string& text) {
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc() || end + 1 != text.data() + text.size() || count < 1) return std::nullopt;
    const std::int64_t unit_s = *end == 'm' ? 60 : *end == 'h' ? 3600 : *end == 'd' ? 86400 : 0;
    if (unit_s == 0 || count > 366 * 86400 / unit_s) return std::nullopt;
    return count * unit_s * 1'000'000;
}

std::size_t take(char* data, std::size_t size, std::size_t count, void* to) {
    static_cast<std::string*>(to)->append(data, size * count);
    return size * count;
}

Result<Made> ask_running(const Announcement& show, const desk::MakeInvite& invite) {
    std::string token;
    std::getline(std::ifstream(show.token_file), token);
    if (token.empty()) return fail("The running show's control token cannot be read from " + show.token_file.string() + ".");
    const std::string body = desk::act_to_json(invite);
    std::string answer;
    const std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
    if (!curl) return fail("The HTTP client could not start.");
    curl_slist* list = curl_slist_append(nullptr, "Content-Type: application/json");
    list = curl_slist_append(list, ("Authorization: Bearer " + token).c_str());
    const std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers(list, curl_slist_free_all);
    curl_easy_setopt(curl.get(), CURLOPT_URL, (show.control_url + "/control/act").c_str());
    curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, body.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, (barrier::barred<"control answer", &take>));
    curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &answer);
    curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, 8000L);
    curl_easy_setopt(curl.get(), CURLOPT_PROXY, "");
    if (const CURLcode code = curl_easy_perform(curl.get()); code != CURLE_OK)
        return fail("The running show at " + show.control_url + " does not answer: " + curl_easy_strerror(code) + ".");
    long status = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
    const auto object = nlohmann::json::parse(answer, nullptr, false);
    if (status != 200 || !object.is_object() || !object.contains("link"))
        return fail(object.is_object() ? object.value("detail", "The show refused.") : "The show's answer is not understood.",
                    status == 422 || status == 400 ? ErrorKind::bad_input : ErrorKind::failed);
    return Made{object.value("id", ""), object.value("link", "")};
}

Result<Made> put_into_store(const std::filesystem::path& folder, std::filesystem::path data, const desk::MakeInvite& invite) {
    LoadedShow loaded = load_show(folder);
    if (!loaded.show) return fail(loaded.problems.front().text() + " (vitrine check says more)", ErrorKind::bad_input);
    const auto config = std::make_shared<const ShowConfig>(std::move(*loaded.show));
    if (data.empty()) data = config->folder / "data";
    const int port = config->listen_port != 0 ? config->listen_port : remembered_port(data);
    const std::string origin = link_origin(*config, port);
    if (config->public_url.empty() && port == 0)
        return fail("The show takes any free port, so no link can be made before it has run. Start it, or set show.public_url or a port.",
                    ErrorKind::bad_input);
    auto store = desk::Store::open(data);
    if (!store) return tl::unexpected(store.error());
    auto show = Show::open(config, std::move(*store));
    if (!show) return tl::unexpected(show.error());
    std::promise<Result<desk::ActResult>> answer;
    (*show)->act(invite, {desk::Role::presenter, "", ""}, [&](Result<desk::ActResult> result) { answer.set_value(std::move(result)); });
    const auto made = answer.get_future().get();
    if (!made) return tl::unexpected(made.error());
    return Made{made->id, origin + "/j/" + made->id + "#" + made->secret};
}

int invite(const InviteOptions& options) {
    desk::MakeInvite act;
    act.role = options.role == "helper" ? desk::Role::helper : desk::Role::buyer;
    act.name = options.name;
    act.company = options.company;
    act.language = options.language;
    act.group = options.group;
    act.open = options.open > 0;
    if (act.open) act.max_people = options.open;
    if (!options.expires.empty()) {
        const auto length = duration_us(options.expires);
        if (!length) return report({ErrorKind::bad_input, "\"" + options.expires + "\" is no length of time; write 90m, 2h or 3d."});
        act.expires_us = utc_now_us() + *length;
    }
    if (!act.open && act.name.empty()) return report({ErrorKind::bad_input, "Say whom the link is for: --name, or --open N for many."});
    const auto running = find_announced(options.folder);
    const auto made = running ? ask_running(*running, act) : put_into_store(options.folder, options.data, act);
    if (!made) return report(made.error());
    const auto code = make_qr_code(made->link);
    if (!code) return report(code.error());
    if (!options.png.empty())
        if (const auto written = write_qr_png(*code, options.png); !written) return report(written.error());
    if (options.json) {
        std::cout << nlohmann::json{{"id", made->id}, {"link", made->link}, {"name", options.name}, {"expires_us", act.expires_us}}.dump(
                         -1, ' ', false, nlohmann::json::error_handler_t::replace)
                  << "\n";
    } else {
        std::cout << "\n" << qr_text(*code, isatty(STDOUT_FILENO) != 0) << "\n  " << made->link << "\n\n";
    }
    return 0;
}

}  // namespace

void add_invite(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<InviteOptions>();
    CLI::App* command = app.add_subcommand("invite", "Make a link for a buyer or a helper, with its QR code");
    command->add_option("show", options->folder, "The show folder")->required();
    command->add_option("--data", options->data, "Where the show keeps what buyers do, as given to run; its own data folder otherwise");
    command->add_option("--name", options->name, "Whom it is for");
    command->add_option("--company", options->company, "Their company");
    command->add_option("--lang", options->language, "Their language, such as es");
    command->add_option("--group", options->group, "Whose private prices they see");
    command->add_option("--role", options->role, "buyer or helper")->check(CLI::IsMember({"buyer", "helper"}));
    command->add_option("--open", options->open, "One link for so many people")->check(CLI::Range(1, 100000));
    command->add_option("--expires", options->expires, "How long it is good: 90m, 2h, 3d");
    command->add_option("--png", options->png, "Write the QR code to this file as well");
    command->add_flag("--json", options->json, "One JSON line");
    command->callback([options, &exit_code] { exit_code = invite(*options); });
}

}  // namespace vitrine
