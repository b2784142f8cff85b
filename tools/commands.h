#pragma once
// One function per subcommand: it declares its options and, when chosen, runs and sets the exit code (0 done, 1 failed while running,
// 2 bad input, 3 something needed is missing).

#include <filesystem>
#include <string>

#include "engine/result.h"

namespace CLI {
class App;
}

namespace vitrine {

void add_run(CLI::App& app, int& exit_code);  // run, demo
void add_rehearse(CLI::App& app, int& exit_code);
void add_panel(CLI::App& app, int& exit_code);
void add_new(CLI::App& app, int& exit_code);
void add_check(CLI::App& app, int& exit_code);
void add_probe(CLI::App& app, int& exit_code);
void add_track(CLI::App& app, int& exit_code);
void add_calibrate(CLI::App& app, int& exit_code);
void add_export(CLI::App& app, int& exit_code);  // export, forget, restore
void add_replay(CLI::App& app, int& exit_code);
void add_invite(CLI::App& app, int& exit_code);
void add_watch(CLI::App& app, int& exit_code);  // a viewer without a picture, for load
void add_bench(CLI::App& app, int& exit_code);

/// Prints the sentence to standard error and gives the exit code of its kind.
int report(const Error& error);

/// The folder "assets": $VITRINE_ASSETS, beside the executable (installed or in a build folder), or the source tree.
Result<std::filesystem::path> find_assets();
/// The running program's own file.
std::filesystem::path own_executable();
/// A private folder (0700) for this user's sockets and tokens.
Result<std::filesystem::path> runtime_folder();

}  // namespace vitrine
