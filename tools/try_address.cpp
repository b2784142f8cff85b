#include "tools/try_address.h"

#include "engine/config_source.h"
#include "engine/new_show/answers.h"
#include "engine/source_url.h"
#include "overlays/show_stage.h"

namespace vitrine {

SourceTrial try_address(const std::string& value, const std::filesystem::path& base) {
    const auto written = new_show::camera_source(value, base);
    const auto source = written ? config::parse_camera_source(*written, config::ShowFolder(base)) : config::Judged<SourceSpec>();
    if (!written || !source) {
        SourceTrial trial;
        trial.trouble = Trouble::bad_address;
        trial.address = shown_address(value);
        trial.why = written ? source.error().what : written.error().message;
        return trial;
    }
    const auto stage = make_show_stage(std::make_shared<const ShowConfig>());
    return try_source(*source, *stage);
}

std::string trial_text(const SourceTrial& trial, const std::string& language) {
    const std::string fix = trial_sentence(trial, language, true);
    return trial_sentence(trial, language, false) + (fix.empty() ? "" : (language == "zh" ? "" : " ") + fix);
}

}  // namespace vitrine
