#include "pipelines/deliver/web/desk_papers.h"

#include <algorithm>
#include <atomic>
#include <nlohmann/json.hpp>

#include "engine/clock.h"
#include "engine/desk/export_csv.h"
#include "engine/desk/history.h"
#include "engine/desk/offer.h"
#include "engine/desk/report.h"
#include "engine/desk/vcard.h"
#include "engine/picture_metadata.h"
#include "pipelines/deliver/web/attachment_api.h"
#include "pipelines/deliver/web/static_files.h"
#include "pipelines/deliver/web/work_thread.h"

namespace vitrine {

namespace {

using web::WorkThreads;

constexpr std::size_t most_picture = 8u << 20;
/// Offers that are being printed or wait for it: each may hold the show's pictures.
constexpr int most_printing = 8;

tl::unexpected<Error> not_there(const char* what) { return fail(std::string("There is no such ") + what + ".", ErrorKind::not_found); }

std::optional<desk::OfferPicture> picture_of(const std::optional<std::filesystem::path>& file) {
    if (!file) return std::nullopt;
    auto bytes = web::read_file(*file, most_picture);
    if (!bytes) return std::nullopt;
    std::string type = web::kind_of_file(*bytes);
    if (type != "image/png" && type != "image/jpeg") return std::nullopt;
    auto plain = without_metadata(*bytes);
    if (!plain) return std::nullopt;
    return desk::OfferPicture{std::move(type), std::move(*plain)};
}

class Papers : public std::enable_shared_from_this<Papers> {
  public:
    explicit Papers(Show& show) : show_(show), worker_(1) {}

    /// `work` on the thread of this, with all that is kept. What runs there is joined before this goes, so it may speak of `this`; nothing
    /// there keeps it alive, or it would have to join itself.
    void with_history(std::function<void(const desk::History&)> work) {
        show_.records([weak = weak_from_this(), work = std::move(work)](std::vector<desk::Record> records) {
            if (const auto self = weak.lock())
                self->worker_.post([work, records = std::move(records)] { work(desk::history_of(records)); });
        });
    }

    void document(const std::string& name, const std::string& language, DeskFiles::Done done) {
        with_history([this, name, language, done = std::move(done)](const desk::History& history) { done(made(name, language, history)); });
    }

    void offer(const std::string& id, const std::string& language, const desk::Actor& actor, DeskFiles::Done done) {
        // What the desk shows is shared: who asks for what is not theirs costs a look.
        const desk::DeskViewPtr desk = show_.snapshot()->desk;
        const auto quote = std::find_if(desk->quotes.begin(), desk->quotes.end(), [&](const auto& one) { return one.id == id; });
        const bool may = quote != desk->quotes.end() && (actor.role != desk::Role::buyer || quote->person == actor.person);
        if (!may) return done(not_there("quote"));
        if (printing_.fetch_add(1) >= most_printing) {
            --printing_;
            return done(fail("Many offers are being printed; try again in a moment.", ErrorKind::missing));
        }
        done = [this, done = std::move(done)](Result<DeskFile> made) {
            --printing_;
            done(std::move(made));
        };
        const auto person = desk->people.find(quote->person);
        const desk::Person buyer = person == desk->people.end() ? desk::Person{} : person->second;
        if (quote->snapshot.empty())
            return worker_.post([this, quote = *quote, buyer, language, done] { done(printed(quote, buyer, language, std::nullopt)); });
        show_.attachment(quote->snapshot, actor,
                         [this, weak = weak_from_this(), quote = *quote, buyer, language, done](Result<Show::AttachmentFile> file) {
                             const auto self = weak.lock();
                             if (!self) return;
                             worker_.post([this, quote, buyer, language, done, file = std::move(file)] {
                                 std::optional<desk::OfferPicture> snapshot;
                                 if (file) snapshot = desk::OfferPicture{file->attachment.type, file->bytes};
                                 done(printed(quote, buyer, language, std::move(snapshot)));
                             });
                         });
    }

  private:
    Result<DeskFile> made(const std::string& name, const std::string& language, const desk::History& history) const {
        const SnapshotPtr snapshot = show_.snapshot();
        const ShowConfig& config = *snapshot->show;
        const std::string csv = "text/csv; charset=utf-8";
        if (name == "quotes.csv") return DeskFile{desk::quotes_csv(history, config), csv, name, {}};
        if (name == "buyers.csv") return DeskFile{desk::buyers_csv(history), csv, name, {}};
        if (name == "questions.csv") return DeskFile{desk::questions_csv(history), csv, name, {}};
        if (name == "orders.csv") return DeskFile{desk::orders_csv(history), csv, name, {}};
        if (name == "buyers.vcf") return DeskFile{desk::vcards(history, config), "text/vcard; charset=utf-8", name, {}};
        if (name == "report.html") {
            desk::PrintedPage page = desk::report_page(history, config, {language, utc_now_us()});
            return DeskFile{std::move(page.html), "text/html; charset=utf-8", {}, std::move(page.policy)};
        }
        return not_there("document");
    }

    Result<DeskFile> printed(const desk::Quote& quote, const desk::Person& buyer, const std::string& language,
                             std::optional<desk::OfferPicture> snapshot) const {
        const SnapshotPtr state = show_.snapshot();
        const ShowConfig& config = *state->show;
        desk::OfferOptions options;
        options.language = language;
        options.snapshot = std::move(snapshot);
        options.logo = picture_of(config.brand.logo);
        if (const ProductConfig* product = config.product(quote.product)) options.picture = picture_of(product->image);
        desk::PrintedPage page = desk::offer_page(quote, buyer, config, options);
        return DeskFile{std::move(page.html), "text/html; charset=utf-8", {}, std::move(page.policy)};
    }

    Show& show_;
    std::atomic<int> printing_{0};
    WorkThreads worker_;
};

}  // namespace

DeskFiles make_desk_files(Show& show, std::function<void()> sent_again) {
    const auto papers = std::make_shared<Papers>(show);
    DeskFiles files;
    files.offer = [papers](const std::string& quote, const std::string& language, const desk::Actor& actor, DeskFiles::Done done) {
        papers->offer(quote, language, actor, std::move(done));
    };
    files.document = [papers](const std::string& name, const std::string& language, DeskFiles::Done done) {
        papers->document(name, language, std::move(done));
    };
    desk::Store* store = show.store();
    if (!store) return files;
    files.outbox = [store](DeskFiles::Done done) {
        store->outbox(200, [done = std::move(done)](desk::Store::Outbox outbox) {
            // What an event says of somebody stays where it is: only which one it is, and for whom.
            nlohmann::ordered_json dead = nlohmann::ordered_json::array();
            for (const desk::OutboxEntry& entry : outbox.dead)
                dead.push_back({{"number", entry.number},
                                {"hook", entry.hook},
                                {"person", entry.person},
                                {"type", entry.type},
                                {"made_us", entry.made_us},
                                {"tries", entry.tries}});
            done(DeskFile{nlohmann::ordered_json{{"waiting", outbox.waiting}, {"dead", std::move(dead)}}.dump(
                              -1, ' ', false, nlohmann::ordered_json::error_handler_t::replace),
                          "application/json",
                          {},
                          {}});
        });
    };
    files.send_again = [store, sent_again](std::int64_t number, std::function<void(Result<void>)> done) {
        store->outbox_again(number, [sent_again, done = std::move(done)](bool found) {
            if (!found) return done(not_there("event that was given up"));
            if (sent_again) sent_again();
            done({});
        });
    };
    return files;
}

}  // namespace vitrine
