#include "overlays/reading/assets.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <optional>
#include <thread>

#include "engine/barrier.h"
#include "engine/printable.h"
#include "overlays/models/model_reader.h"
#include "overlays/reading/font_reader.h"
#include "overlays/reading/picture_reader.h"
#include "overlays/reading/refusal.h"

namespace vitrine {
namespace {

std::optional<Error> fault_of(const NamedAsset& asset) {
    const auto error_of = [](const auto& read) { return read ? std::nullopt : std::optional<Error>(read.error()); };
    switch (asset.kind) {
        case AssetKind::model:
            return error_of(read_model(asset.path));
        case AssetKind::font:
            return error_of(read_font(asset.path));
        case AssetKind::drawn_picture:
        case AssetKind::served_picture:
            break;
    }
    return error_of(read_picture(asset.path));
}

/// One for each asset. A model's memory may be there as often as threads work, so there are few.
std::vector<std::optional<Error>> faults_of(const std::vector<NamedAsset>& assets) {
    std::map<std::pair<bool, std::filesystem::path>, std::size_t> first;  // a picture may be named by several keys
    std::vector<std::size_t> same(assets.size()), work;
    for (std::size_t i = 0; i < assets.size(); ++i) {
        const auto [at, fresh] = first.emplace(std::pair(assets[i].kind == AssetKind::model, assets[i].path), i);
        same[i] = at->second;
        if (fresh) work.push_back(i);
    }
    std::vector<std::optional<Error>> faults(assets.size());
    std::atomic<std::size_t> next = 0;
    const auto go_on = [&] {
        for (std::size_t i = next++; i < work.size(); i = next++)
            faults[work[i]] =
                barrier::answer("asset", std::optional(Error{ErrorKind::failed, "cannot be read: this machine is short of memory"}),
                                [&] { return fault_of(assets[work[i]]); });
    };
    std::vector<std::thread> threads;
    const std::size_t wanted = std::min<std::size_t>({work.size(), std::max(1u, std::thread::hardware_concurrency()), 4});
    for (std::size_t i = 1; i < wanted; ++i) threads.push_back(barrier::thread("assets", go_on, barrier::AfterThrow::end));
    go_on();
    for (auto& thread : threads) thread.join();
    for (std::size_t i = 0; i < assets.size(); ++i)
        if (same[i] != i) faults[i] = faults[same[i]];
    return faults;
}

bool can_be_followed(const TargetConfig& target) { return target.image || target.marker || target.board || target.model; }

void take_out(ShowConfig& show, const NamedAsset& asset) {
    const auto is_it = [&](const std::optional<std::filesystem::path>& path) { return path && *path == asset.path; };
    if (asset.kind == AssetKind::font && is_it(show.brand.font)) show.brand.font.reset();
    if (asset.kind == AssetKind::drawn_picture && is_it(show.brand.logo)) show.brand.logo.reset();
    for (auto& product : show.products) {
        if (asset.kind == AssetKind::model && is_it(product.model)) {
            product.model.reset();
            if (product.target) product.target->model = false;
            if (product.target && !can_be_followed(*product.target)) product.target.reset();
        }
        if (asset.kind != AssetKind::drawn_picture) continue;
        for (auto& badge : product.badges)
            if (is_it(badge.image)) badge.image.reset();
        if (!product.target || !is_it(product.target->image)) continue;
        product.target->image.reset();
        if (!can_be_followed(*product.target)) product.target.reset();
    }
}

}  // namespace

std::vector<Problem> judge_assets(const std::vector<NamedAsset>& assets) {
    std::vector<Problem> problems;
    const auto faults = faults_of(assets);
    for (std::size_t i = 0; i < assets.size(); ++i) {
        if (!faults[i]) continue;
        const auto [what, hint] = halves_of(*faults[i]);
        problems.push_back({assets[i].file, assets[i].line, assets[i].key, what, hint});
    }
    return problems;
}

std::vector<std::string> set_aside_bad_assets(ShowConfig& show, std::vector<NamedAsset> assets) {
    assets.erase(std::remove_if(assets.begin(), assets.end(), [](const auto& asset) { return asset.kind == AssetKind::served_picture; }),
                 assets.end());
    std::vector<std::string> sentences;
    const auto faults = faults_of(assets);
    for (std::size_t i = 0; i < assets.size(); ++i) {
        if (!faults[i]) continue;
        take_out(show, assets[i]);
        const auto [what, hint] = halves_of(*faults[i]);
        sentences.push_back("The show goes on without " + printable(assets[i].path.filename().string(), 100) + " (" + assets[i].file +
                            ", " + assets[i].key + "): it " + what + (hint.empty() ? "." : "; " + hint + "."));
    }
    return sentences;
}

}  // namespace vitrine
