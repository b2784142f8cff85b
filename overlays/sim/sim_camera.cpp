#include "overlays/sim/sim_camera.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <string>

#include "overlays/sim/sim_bench.h"
#include "overlays/sim/sim_line.h"
#include "overlays/sim/sim_mask.h"

namespace vitrine {

Result<std::unique_ptr<SimulatedCamera>> open_sim_camera(std::string_view name) {
    const std::size_t question = name.find('?');
    const std::string kind(name.substr(0, question));
    std::string_view options = question == std::string_view::npos ? std::string_view() : name.substr(question + 1);
    const bool is_bench = kind == "bench";
    if (!is_bench && kind != "line" && kind != "mask")
        return fail("There is no simulated camera \"" + kind + "\"; use sim:line, sim:bench or sim:mask.", ErrorKind::bad_input);

    struct Option {
        std::string_view key;
        int value, least, most;
        bool even;
    };
    Option known[] = {
        {"width", 1280, 160, 3840, true}, {"height", 720, 90, 2160, true}, {"fps", 30, 1, 120, false}, {"still", 0, 0, 1, false}};
    bool code = true;
    while (!options.empty()) {
        const std::string_view one = options.substr(0, options.find('&'));
        options.remove_prefix(std::min(options.size(), one.size() + 1));
        const std::size_t equals = one.find('=');
        const std::string key(one.substr(0, equals));
        if (key == "code") {
            const std::string_view choice = equals == std::string_view::npos ? std::string_view() : one.substr(equals + 1);
            if (choice != "on" && choice != "off")
                return fail("sim:" + kind + ": code must be on or off, not \"" + std::string(choice) + "\".", ErrorKind::bad_input);
            code = choice == "on";
            continue;
        }
        Option* found = nullptr;
        for (auto& option : known)
            if (option.key == key && (is_bench || key != "still")) found = &option;
        if (!found)
            return fail("sim:" + kind + " has no option \"" + key + "\"; it has width, height, fps" +
                            (is_bench ? ", code and still." : " and code."),
                        ErrorKind::bad_input);
        const std::string_view digits = equals == std::string_view::npos ? std::string_view() : one.substr(equals + 1);
        int value = 0;
        const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (problem != std::errc() || end != digits.data() + digits.size() || value < found->least || value > found->most ||
            (found->even && value % 2))
            return fail("sim:" + kind + ": " + key + " must be " + (found->even ? "an even" : "a whole") + " number from " +
                            std::to_string(found->least) + " to " + std::to_string(found->most) + ", not \"" + std::string(digits) + "\".",
                        ErrorKind::bad_input);
        found->value = value;
    }
    const int width = known[0].value, height = known[1].value, fps = known[2].value;
    try {
        if (is_bench) return make_sim_bench(width, height, fps, known[3].value != 0, code);
        if (kind == "line") return make_sim_line(width, height, fps, code);
        return make_sim_mask(width, height, fps, code);
    } catch (const std::exception& e) {
        return fail("The simulated camera " + kind + " could not be drawn: " + e.what());
    }
}

}  // namespace vitrine
