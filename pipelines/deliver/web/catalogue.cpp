#include "pipelines/deliver/web/catalogue.h"

#include "engine/log.h"
#include "engine/picture_metadata.h"
#include "pipelines/deliver/web/json_views.h"
#include "pipelines/deliver/web/static_files.h"

namespace vitrine::web {

Catalogue::Catalogue(std::shared_ptr<const ShowConfig> config, bool translates, Rate models)
    : models_(*config), show_(std::move(config)), translates_(translates), model_reads_(models) {
    const auto serve = [&](const ProductConfig& product, const std::string& name, const std::optional<std::filesystem::path>& image) {
        if (!image) return;
        auto bytes = read_file(*image, 8u << 20);
        if (!bytes) {
            log::warn("web", bytes.error().message, {{"product", product.id}});
            return;
        }
        // Where a photo was taken is nobody's business.
        auto plain = without_metadata(*bytes);
        if (!plain) {
            log::warn("web", image->filename().string() + " is not shown to buyers: it is no whole JPEG or PNG. Save it again.",
                      {{"product", product.id}});
            return;
        }
        Picture picture{std::make_shared<const std::string>(std::move(*plain)), content_type(*image), {}};
        picture.etag = etag_of(*picture.bytes);
        pictures_.emplace(name, std::move(picture));
    };
    for (const ProductConfig& product : show_->products) {
        serve(product, product.id, product.image);
        for (const BadgeConfig& badge : product.badges) serve(product, product.id + "/" + badge.id, badge.image);
    }
}

void Catalogue::follow(const Snapshot& snapshot) {
    if (snapshot.edition == edition_) return;
    edition_ = snapshot.edition;
    show_ = snapshot.show;
    documents_.clear();
}

Response Catalogue::document(const Request& request, const BuyerSession& who, const std::string& replay) {
    const bool staff = who.role != desk::Role::buyer;
    // Groups that no price names see the same as everybody.
    std::string group;
    for (const ProductConfig& product : show_->products)
        for (const PriceTier& price : product.prices)
            if (!price.group.empty() && price.group == who.group) group = who.group;
    auto& document = documents_[{staff, group, replay}];
    if (!document)
        document = std::make_shared<const std::string>(
            buyer_show_document(*show_, models_.sizes(), {group, staff, translates_, replay, edition_}));
    Response response = json_answer({});
    response.body = document;
    response.kept = true;
    response.head = request.method == "HEAD";
    return response;
}

Response Catalogue::media(const Request& request) const {
    const auto id = percent_decode(std::string_view(request.path).substr(std::string_view("/media/").size()));
    const auto found = id ? pictures_.find(*id) : pictures_.end();
    if (found == pictures_.end()) return problem(404, "There is no picture of that product.");
    return file_answer(request, found->second.bytes, found->second.type, found->second.etag, "no-cache");
}

Response Catalogue::model(const Request& request, const std::string& session, Nanoseconds now, double scale) {
    if (const int wait = model_reads_.take(session, now, scale); wait > 0)
        return problem_later(429, "The model was asked for too often; wait a moment and try again.", wait);
    return models_.answer(request, std::string_view(request.path).substr(std::string_view("/api/models/").size()));
}

}  // namespace vitrine::web
