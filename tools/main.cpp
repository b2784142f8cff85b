// The one program. Each subcommand is a file; this one only names them.

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/deliver/web/descriptors.h"
#include "tools/commands.h"
#include "tools/secret_word.h"

namespace {

/// Whatever is written is for this user alone. Memory holds passwords and invites: no core dump of it, and no other program of this user
/// may look into it, unless VITRINE_CORE_DUMPS=1 asks for that to find a fault.
void keep_to_oneself() {
    umask(077);
    const char* wanted = std::getenv("VITRINE_CORE_DUMPS");
    if (wanted && std::string_view(wanted) == "1") return;
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

}  // namespace

int main(int argc, char** argv) {
    keep_to_oneself();
    // The usual 1,024 are too few for a show with a hundred buyers; before any thread.
    vitrine::raise_descriptor_limit();
    const std::vector<std::string> words = vitrine::taken_words(argc, argv);
    std::vector<const char*> pointers;
    for (const std::string& word : words) pointers.push_back(word.c_str());
    CLI::App app{"Vitrine: live product showcases from the production line", "vitrine"};
    app.set_version_flag("--version", VITRINE_VERSION);
    app.require_subcommand(1);
    int exit_code = 0;
    vitrine::add_run(app, exit_code);
    vitrine::add_rehearse(app, exit_code);
    vitrine::add_panel(app, exit_code);
    vitrine::add_new(app, exit_code);
    vitrine::add_check(app, exit_code);
    vitrine::add_probe(app, exit_code);
    vitrine::add_track(app, exit_code);
    vitrine::add_calibrate(app, exit_code);
    vitrine::add_invite(app, exit_code);
    vitrine::add_export(app, exit_code);
    vitrine::add_replay(app, exit_code);
    vitrine::add_watch(app, exit_code);
    vitrine::add_bench(app, exit_code);
    try {
        app.parse(argc, pointers.data());
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    } catch (const std::exception& problem) {
        // What a command has opened is closed by now.
        std::cerr << "vitrine: this could not be done: " << problem.what() << ".\n";
        return 1;
    }
    return exit_code;
}
