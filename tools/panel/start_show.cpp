#include "tools/panel/start_show.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

namespace vitrine::panel {

std::vector<std::string> words_to_start(const std::string& folder, bool rehearse, bool other_port) {
    std::vector<std::string> words;
    if (rehearse) {
        words.emplace_back("rehearse");
        if (!folder.empty()) words.push_back(folder);
        words.insert(words.end(), {"--headless", "--json", "--linger", "1800"});
        return words;
    }
    if (folder.empty())
        words.emplace_back("demo");
    else
        words.insert(words.end(), {"run", folder});
    words.insert(words.end(), {"--headless", "--json", "--wait"});
    // Nothing of the demo is kept, so no link to it needs an address that lasts.
    if (folder.empty() || other_port) words.insert(words.end(), {"--port", "0"});
    return words;
}

Result<StartingShow> start_show_process(const std::filesystem::path& program, const std::vector<std::string>& given) {
    if (program.empty()) return fail("This panel cannot start shows. Start one with: vitrine run FOLDER", ErrorKind::missing);
    std::string said = (std::filesystem::temp_directory_path() / "vitrine-show-XXXXXX").string();
    const int out = mkostemp(said.data(), O_CLOEXEC);
    if (out < 0) return fail(std::string("The show could not be started: ") + std::strerror(errno) + ".");
    std::vector<std::string> words{program.string()};
    words.insert(words.end(), given.begin(), given.end());
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const pid_t process = fork();
    if (process == 0) {
        // Only async-signal-safe calls here: the panel has threads.
        setsid();
        const int nothing = open("/dev/null", O_RDONLY);
        dup2(nothing, STDIN_FILENO);
        dup2(out, STDOUT_FILENO);
        dup2(out, STDERR_FILENO);
        execv(arguments[0], arguments.data());
        _exit(127);
    }
    const int error = errno;
    close(out);
    if (process < 0) return fail(std::string("The show could not be started: ") + std::strerror(error) + ".");
    return StartingShow(process, said);
}

std::optional<StartingShow::Ended> StartingShow::ended() {
    int status = 0;
    if (process_ <= 0 || waitpid(process_, &status, WNOHANG) != process_) return std::nullopt;
    process_ = 0;
    std::ifstream in(said_);
    std::error_code ignored;
    std::filesystem::remove(said_, ignored);  // it names the buyers' link; what is open can still be read
    Ended out;
    for (std::string line; std::getline(in, line);) {
        const auto event = nlohmann::json::parse(line, nullptr, false);
        if (!event.is_object()) {
            constexpr std::string_view speaker = "vitrine: ";
            if (!line.empty()) out.sentence = line.starts_with(speaker) ? line.substr(speaker.size()) : line;
            continue;
        }
        const auto text = [&](const char* key) {
            const auto found = event.find(key);
            return found != event.end() && found->is_string() ? found->get<std::string>() : std::string();
        };
        if (const auto port = event.find("port"); text("event") == "port_taken" && port != event.end() && port->is_number_integer())
            out.taken_port = port->get<int>();
        const auto number = event.find("line");
        if (text("event") == "problem")
            out.problems.push_back({text("file"), number != event.end() && number->is_number_integer() ? number->get<int>() : 0,
                                    text("key"), text("what"), text("hint")});
    }
    if (out.sentence.empty()) out.sentence = "it ended at once.";
    return out;
}

}  // namespace vitrine::panel
