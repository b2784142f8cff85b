#pragma once
// The files besides show.toml, each read into a part of the show.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/config_reader.h"

namespace vitrine::config {

struct Reading {
    const ShowFolder& folder;
    Problems& problems;
    ReadingBudget budget;
    std::string language = "en";  ///< the show's first
    std::vector<NamedAsset> assets;
    ShowTexts texts;
};

/// Absent when there is a problem with it.
std::optional<Calibration> read_calibration(const std::filesystem::path& path, const std::string& name, Reading& reading);
/// The same for a document at hand.
std::optional<Calibration> judge_calibration(const TomlDocument& document, Problems& problems);

// What buyers may do: [desk], [rates], [[template]].
DeskConfig read_desk(TableReader table);
std::optional<RatesConfig> read_rates(TableReader table);
std::vector<TemplateConfig> read_templates(TableReader& root);

std::vector<WebhookConfig> read_webhooks(TableReader& root, const ShowFolder& folder);

/// All products/*.toml, in order of file name.
std::vector<ProductConfig> read_products(Reading& reading);

}  // namespace vitrine::config
