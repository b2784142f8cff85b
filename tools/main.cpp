// The one program. Each subcommand is a file; this one only names them.

#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>

#include "pipelines/deliver/web/descriptors.h"
#include "tools/commands.h"

int main(int argc, char** argv) {
    // The usual 1,024 are too few for a show with a hundred buyers; before any thread.
    vitrine::raise_descriptor_limit();
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
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    } catch (const std::exception& problem) {
        // What a command has opened is closed by now.
        std::cerr << "vitrine: this could not be done: " << problem.what() << ".\n";
        return 1;
    }
    return exit_code;
}
