#include "tools/show_problems.h"

#include <iostream>
#include <nlohmann/json.hpp>

namespace vitrine {

void print_problems(const std::vector<Problem>& problems, bool json) {
    for (const Problem& p : problems) {
        std::cerr << p.text() << "\n";
        if (json)
            std::cout << nlohmann::json{{"event", "problem"}, {"file", p.file}, {"line", p.line},
                                        {"key", p.key},       {"what", p.what}, {"hint", p.hint}}
                             .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
                      << "\n";
    }
    std::cerr << "vitrine: " << problems.size() << (problems.size() == 1 ? " problem" : " problems")
              << " in the show folder; nothing was started.\n";
}

}  // namespace vitrine
