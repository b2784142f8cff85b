#include "engine/rehearsal/script.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include "engine/desk/money.h"
#include "engine/messages.h"
#include "engine/preflight.h"

namespace vitrine::rehearsal {
namespace {

constexpr std::size_t most_buyers = 5, least_buyers = 3;
constexpr double target_share = 0.94;  // of the list price

// Plainly made up; their companies say that this is practice.
constexpr std::array<std::array<const char*, 4>, 12> people{{
    {"en", "Sam Reed", "Northgate Trading", "GB"},
    {"en", "Priya Nair", "Kestrel Imports", "IN"},
    {"en", "Tom Weber", "Nordlicht Handel", "DE"},
    {"zh", "陈伟", "远航进出口", "SG"},
    {"zh", "林佳", "汇通商贸", "MY"},
    {"zh", "黄志强", "南洋贸易", "ID"},
    {"es", "Ana Lima", "Luces del Sur", "MX"},
    {"es", "Diego Vera", "Casa Andina", "CL"},
    {"pt", "João Prado", "Casa Clara", "BR"},
    {"pt", "Rita Melo", "Atlântico", "PT"},
    {"ar", "عمر حداد", "الخليج للتجارة", "AE"},
    {"ar", "سارة نصر", "النيل للاستيراد", "EG"},
}};

Buyer buyer_of(const std::string& language, std::size_t nth) {
    const bool known = std::any_of(people.begin(), people.end(), [&](const auto& person) { return language == person[0]; });
    const std::string speaks = known ? language : "en";
    std::vector<const std::array<const char*, 4>*> of;
    for (const auto& person : people)
        if (speaks == person[0]) of.push_back(&person);
    const auto& person = *of[nth % of.size()];
    return {person[1], person[2], person[3], language};
}

std::string in(const LocalText& text, const std::string& language, const ShowConfig& show) {
    return text.in(language, show.languages.front());
}

class Maker {
  public:
    Maker(const ShowConfig& show, std::uint32_t seed, double pace) : show_(show), random_(seed), pace_(pace) {}

    Script make() {
        const std::size_t count = std::clamp(show_.languages.size(), least_buyers, most_buyers);
        for (std::size_t i = 0; i < count; ++i)
            out_.buyers.push_back(buyer_of(show_.languages[i % show_.languages.size()], i / show_.languages.size()));
        first_ = draw(show_.products.size());
        // Enough at a time to feel like a show, and never two new things within a few seconds.
        at(6, 0, desk::React{"heart"});
        at(12, 1, question(1));
        at(24, 2, desk::RaiseHand{true, {}});
        if (const auto point = spot(2)) at(34, 2, *point);
        if (auto quote = price(0)) at(46, 0, *quote);
        at(62, 2, question(2));
        at(70, 1, desk::React{"clap"});
        at(80, count > 3 ? 3 : 0, question(3));
        if (auto quote = price(1)) at(98, 1, *quote);
        if (count > 4) at(110, 4, question(4));
        if (const auto point = spot(1)) at(120, 1, *point);
        at(132, 2, desk::RaiseHand{false, {}});
        at(140, 0, question(5));
        return std::move(out_);
    }

  private:
    void at(double seconds, std::size_t buyer, desk::Act act) {
        const double jitter = static_cast<double>(draw(2000)) / 1000;
        out_.acts.push_back({static_cast<Nanoseconds>((seconds + jitter) / pace_ * 1e9), buyer, std::move(act)});
    }

    std::size_t draw(std::size_t below) {
        // Not std::uniform_int_distribution: its results differ between libraries.
        return below == 0 ? 0 : static_cast<std::size_t>(random_() % below);
    }

    const ProductConfig* product(std::size_t nth) const {
        return show_.products.empty() ? nullptr : &show_.products[(first_ + nth) % show_.products.size()];
    }

    desk::SceneMoment moment(const ProductConfig* of) const {
        desk::SceneMoment out;
        if (of) out.product = of->id;
        return out;
    }

    desk::Say question(std::size_t nth) {
        const std::string& language = out_.buyers[nth == 5 ? 0 : std::min(nth, out_.buyers.size() - 1)].language;
        const ProductConfig* of = product(nth);
        std::map<std::string, std::string> args;
        std::vector<std::string> asks{"rehearsal.ask.visit", "rehearsal.ask.payment"};
        if (of) {
            args["product"] = in(of->name, language, show_).substr(0, 200);
            asks = {"rehearsal.ask.sample", "rehearsal.ask.lead_time", "rehearsal.ask.certificate", "rehearsal.ask.packing"};
            if (!of->specs.empty()) {
                args["spec"] = in(of->specs[draw(of->specs.size())].label, language, show_).substr(0, 120);
                asks.insert(asks.begin(), "rehearsal.ask.spec");
            }
        }
        desk::Say say;
        say.kind = desk::MessageKind::question;
        say.language = language;
        say.moment = moment(of);
        say.text = sentence(asks[(nth + asked_++) % asks.size()], args, language);
        return say;
    }

    std::optional<desk::PlacePoint> spot(std::size_t nth) {
        // Only a product with a target has places.
        for (std::size_t i = 0; i < show_.products.size(); ++i) {
            const ProductConfig* of = product(nth + i);
            if (!of->target) continue;
            desk::PlacePoint point;
            point.product = of->id;
            point.at_mm = {of->target->width_mm / 2, of->target->height_mm / 2, 0};
            if (!of->callouts.empty()) point.at_mm = of->callouts[draw(of->callouts.size())].at_mm;
            const std::string& language = out_.buyers[std::min(nth, out_.buyers.size() - 1)].language;
            point.note = message("rehearsal.note.here", language);
            point.moment = moment(of);
            return point;
        }
        return std::nullopt;
    }

    std::optional<desk::RequestQuote> price(std::size_t nth) {
        const ProductConfig* of = product(nth);
        if (!of) return std::nullopt;
        static constexpr std::int64_t usual[] = {200, 500, 1000};
        desk::RequestQuote quote;
        quote.product = of->id;
        quote.language = out_.buyers[nth].language;
        quote.moment = moment(of);
        quote.quantity = usual[draw(3)];
        const auto tiers = desk::tiers_for(*of, "");
        if (!tiers.empty()) {
            quote.quantity = std::int64_t{tiers[draw(tiers.size())].min} * static_cast<std::int64_t>(1 + draw(3));
            const double unit = desk::tier_at(tiers, quote.quantity)->unit;
            // As people name prices: to the currency's own decimals.
            const auto list = desk::exact_money(unit, tiers.front().currency);
            if (list)
                if (const desk::Money target = desk::rounded({std::llround(static_cast<double>(list->e4) * target_share), list->currency});
                    target.e4 > 0)
                    quote.target_price = target;
        }
        quote.notes = message("rehearsal.note.quote", quote.language);
        return quote;
    }

    const ShowConfig& show_;
    std::mt19937 random_;
    const double pace_;
    Script out_;
    std::size_t first_ = 0, asked_ = 0;
};

}  // namespace

Script make_script(const ShowConfig& show, std::uint32_t seed, double pace) { return Maker(show, seed, pace).make(); }

std::optional<desk::Act> answer_to(const desk::Quote& quote) {
    const bool open = quote.state == desk::QuoteState::requested || quote.state == desk::QuoteState::countered;
    if (!open || quote.rounds.empty() || quote.rounds.back().by != desk::Role::presenter) return std::nullopt;
    for (const desk::SpecChange& change : quote.changes) {
        if (change.state == desk::ChangeState::countered) return desk::DecideChange{quote.id, change.id, desk::ChangeState::accepted, ""};
        if (change.state == desk::ChangeState::proposed) return std::nullopt;  // nothing is agreed before the factory has answered it
    }
    const desk::QuoteRound& offer = quote.rounds.back();
    if (!offer.unit_price) return desk::DecideQuote{quote.id, desk::QuoteState::accepted};
    std::optional<desk::Money> own;
    int countered = 0;
    for (const desk::QuoteRound& round : quote.rounds)
        if (round.by == desk::Role::buyer) {
            ++countered;
            if (round.unit_price) own = round.unit_price;
        }
    const auto below = [&](const std::optional<desk::Money>& price) {
        return !price || price->currency != offer.unit_price->currency || offer.unit_price->e4 <= price->e4;
    };
    if (below(own)) return desk::DecideQuote{quote.id, desk::QuoteState::accepted};
    if (countered < 2) {
        const desk::Money middle = desk::rounded({own->e4 + (offer.unit_price->e4 - own->e4) / 2, own->currency});
        return desk::CounterQuote{quote.id, offer.quantity, middle, "", ""};
    }
    return desk::DecideQuote{quote.id, below(quote.list_price) ? desk::QuoteState::accepted : desk::QuoteState::declined};
}

}  // namespace vitrine::rehearsal
