// vitrine export, forget and restore: what a show has kept, as files; a person out of it; what was put aside back into it.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstring>
#include <future>
#include <iostream>
#include <memory>

#include "engine/clock.h"
#include "engine/desk/export_csv.h"
#include "engine/desk/report.h"
#include "engine/desk/store.h"
#include "engine/desk/vcard.h"
#include "engine/private_files.h"
#include "engine/show.h"
#include "tools/announcement.h"
#include "tools/commands.h"
#include "tools/control_call.h"

namespace vitrine {
namespace {

namespace fs = std::filesystem;

struct ExportOptions {
    std::string folder, data, quotes, buyers, questions, orders, vcf, report, language;
};

struct RestoreOptions {
    std::string folder, data;
};

struct ForgetOptions {
    std::string folder, data, person, export_to;
    bool only_export = false;
};

struct Kept {
    std::shared_ptr<const ShowConfig> config;
    fs::path data;
};

Result<Kept> find_kept(const std::string& folder, const std::string& data) {
    LoadedShow loaded = load_show(folder);
    if (!loaded.show) return fail(loaded.problems.front().text() + " (vitrine check says more)", ErrorKind::bad_input);
    auto config = std::make_shared<const ShowConfig>(std::move(*loaded.show));
    const fs::path at = data.empty() ? config->folder / "data" : fs::path(data);
    return Kept{std::move(config), at};
}

int export_files(const ExportOptions& options) {
    const auto kept = find_kept(options.folder, options.data);
    if (!kept) return report(kept.error());
    const auto records = desk::Store::read(kept->data);
    if (!records) return report(records.error());
    const desk::History history = desk::history_of(*records);
    const ShowConfig& show = *kept->config;
    const std::string language = options.language.empty() ? show.languages.front() : options.language;
    int written = 0;
    const auto put = [&](const std::string& file, auto make) -> Result<void> {
        if (file.empty()) return {};
        if (auto wrote = write_private_file(file, make()); !wrote) return wrote;
        std::cout << file << "\n";
        ++written;
        return {};
    };
    const Result<void> results[] = {
        put(options.quotes, [&] { return desk::quotes_csv(history, show); }),
        put(options.buyers, [&] { return desk::buyers_csv(history); }),
        put(options.questions, [&] { return desk::questions_csv(history); }),
        put(options.orders, [&] { return desk::orders_csv(history); }),
        put(options.vcf, [&] { return desk::vcards(history, show); }),
        put(options.report,
            [&] {
                return desk::report_page(history, show, {language, utc_now_us()}).html;
            }),
    };
    for (const auto& result : results)
        if (!result) return report(result.error());
    if (written == 0) return report({ErrorKind::bad_input, "Nothing to write: name a file, for example --quotes quotes.csv."});
    return 0;
}

Result<void> forget_in_store(const Kept& kept, const std::string& person) {
    auto store = desk::Store::open(kept.data);
    if (!store) return tl::unexpected(store.error());
    auto show = Show::open(kept.config, std::move(*store));
    if (!show) return tl::unexpected(show.error());
    std::promise<Result<desk::ActResult>> answer;
    (*show)->act(desk::ForgetMe{person}, {desk::Role::presenter, "", ""},
                 [&](Result<desk::ActResult> r) { answer.set_value(std::move(r)); });
    const auto done = answer.get_future().get();
    if (!done) return tl::unexpected(done.error());
    return {};
}

int forget(const ForgetOptions& options) {
    const auto kept = find_kept(options.folder, options.data);
    if (!kept) return report(kept.error());
    const auto running = find_announced(kept->config->folder);
    if (!options.export_to.empty()) {
        // Read from the file also while the show runs: it holds everything that was acknowledged.
        // Also what is put aside: it is kept, so it is given out.
        const auto records = desk::Store::read(kept->data, true);
        if (!records) return report(records.error());
        const std::string data = desk::data_of_person(desk::history_of(*records), options.person);
        if (data.empty())
            return report({ErrorKind::bad_input, "Nobody here has the id " + options.person + "; vitrine export --buyers lists them."});
        if (auto wrote = write_private_file(options.export_to, data); !wrote) return report(wrote.error());
        std::cout << options.export_to << "\n";
        if (options.only_export) return 0;
    }
    const Result<void> done = [&]() -> Result<void> {
        if (!running) return forget_in_store(*kept, options.person);
        auto answer = control_call(*running, "POST", "/control/act", desk::act_to_json(desk::ForgetMe{options.person}));
        if (!answer) return tl::unexpected(answer.error());
        return {};
    }();
    if (!done) return report(done.error());
    std::cout << "Forgotten: " << options.person << "\n";
    // Damaged files that a show put aside cannot be searched.
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(kept->data, error))
        if (const std::string name = entry.path().filename().string(); name.starts_with("show-damaged-") && name.ends_with(".db"))
            std::cout << "Not searched, because it is damaged: " << entry.path().string() << ". Delete it when nobody needs it any more.\n";
    return 0;
}

int restore(const RestoreOptions& options) {
    const auto kept = find_kept(options.folder, options.data);
    if (!kept) return report(kept.error());
    if (find_announced(kept->config->folder))
        return report({ErrorKind::conflict, "The show is running. End it first, then run this again."});
    std::error_code error;
    if (!fs::exists(kept->data / "show.db", error))
        return report({ErrorKind::missing, "There is no show.db in " + kept->data.string() + ": this show has kept nothing yet."});
    auto store = desk::Store::open(kept->data);
    if (!store) return report(store.error());
    const auto rows = (*store)->bring_back();
    if (!rows) return report(rows.error());
    if (*rows == 0)
        std::cout << "Nothing was put aside.\n";
    else
        std::cout << *rows << " records are there again. They are kept for another " << kept->config->desk.keep_days << " days.\n";
    return 0;
}

}  // namespace

void add_export(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<ExportOptions>();
    CLI::App* command = app.add_subcommand("export", "What a show has kept, as files; also while it runs");
    command->add_option("show", options->folder, "The show folder")->required();
    command->add_option("--data", options->data, "Where the show keeps its data, if not in its folder");
    command->add_option("--quotes", options->quotes, "Quotes as CSV");
    command->add_option("--buyers", options->buyers, "Buyers as CSV");
    command->add_option("--questions", options->questions, "Questions as CSV");
    command->add_option("--orders", options->orders, "Orders as CSV");
    command->add_option("--vcf", options->vcf, "Buyers as vCards");
    command->add_option("--report", options->report, "The report after the show, HTML");
    command->add_option("--language", options->language, "Of the report: en or zh");
    command->callback([options, &exit_code] { exit_code = export_files(*options); });

    auto forgetting = std::make_shared<ForgetOptions>();
    CLI::App* forget_command = app.add_subcommand("forget", "Erase a person from all that a show has kept");
    forget_command->add_option("show", forgetting->folder, "The show folder")->required();
    forget_command->add_option("--data", forgetting->data, "Where the show keeps its data, if not in its folder");
    forget_command->add_option("--person", forgetting->person, "Their id, as vitrine export --buyers lists it")->required();
    forget_command->add_option("--export", forgetting->export_to, "First write what is kept of them there, JSON");
    forget_command->add_flag("--only-export", forgetting->only_export, "Write it and erase nothing");
    forget_command->callback([forgetting, &exit_code] { exit_code = forget(*forgetting); });

    auto restoring = std::make_shared<RestoreOptions>();
    CLI::App* restore_command = app.add_subcommand("restore", "Bring back what a show put aside because it was too old");
    restore_command->add_option("show", restoring->folder, "The show folder")->required();
    restore_command->add_option("--data", restoring->data, "Where the show keeps its data, if not in its folder");
    restore_command->callback([restoring, &exit_code] { exit_code = restore(*restoring); });
}

}  // namespace vitrine
