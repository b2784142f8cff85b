#include "engine/desk/offer.h"

#include <algorithm>

#include "engine/desk/money.h"
#include "engine/messages.h"

namespace vitrine::desk {
namespace {

constexpr std::string_view style = R"(
*{box-sizing:border-box}
@page{margin:14mm}
html{background:var(--ground);color:var(--ink);font:14px/1.45 "Noto Sans","Noto Sans CJK SC","Noto Naskh Arabic",sans-serif;-webkit-print-color-adjust:exact;print-color-adjust:exact}
body{max-width:182mm;margin:24px auto;padding:32px;background:var(--surface);border:1px solid var(--line);border-radius:10px}
header{display:flex;justify-content:space-between;gap:24px;align-items:flex-start;border-bottom:2px solid var(--accent);padding-bottom:16px}
h1{font-size:28px;line-height:1.2;margin:0}
h2{font-size:16px;margin:24px 0 8px}
p{margin:4px 0}
small,.second{color:var(--ink-2);font-size:12px}
.brand{text-align:end}
.brand img{max-height:44px;max-width:180px}
.brand b{font-size:16px;display:block}
.parties,.facts{display:grid;gap:4px 24px;grid-template-columns:1fr 1fr}
.facts{grid-template-columns:repeat(3,1fr)}
.fact{padding:8px 0;border-bottom:1px solid var(--line);break-inside:avoid}
.fact b{display:block;font-weight:500;overflow-wrap:anywhere}
.product{display:flex;gap:24px;align-items:flex-start;break-inside:avoid}
.product .text{flex:1}
.product img{width:200px;max-height:160px;object-fit:contain;border:1px solid var(--line);border-radius:6px}
.name{font-size:20px;font-weight:600;margin:0}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th{font-weight:500;color:var(--ink-2);font-size:12px;text-align:start;vertical-align:bottom}
th,td{padding:6px 0;padding-inline-end:16px;border-bottom:1px solid var(--line);overflow-wrap:break-word}
.w{overflow-wrap:anywhere}
.t{width:1%;white-space:nowrap}
td{vertical-align:top}
tr{break-inside:avoid}
.n{text-align:right;white-space:nowrap}
th .second{display:block}
th:last-child,td:last-child{padding-inline-end:0}
.sum{display:flex;justify-content:flex-end;gap:32px;align-items:baseline;margin:16px 0;break-inside:avoid}
.sum b{font-size:28px;font-variant-numeric:tabular-nums}
.mark{display:inline-block;border:1px solid var(--accent);color:var(--accent);border-radius:6px;padding:0 8px;font-size:12px;white-space:nowrap}
s{color:var(--ink-2)}
figure{margin:24px 0 0;break-inside:avoid}
figure img{max-width:100%;max-height:110mm;border:1px solid var(--line);border-radius:6px}
footer{margin-top:32px;border-top:1px solid var(--line);padding-top:8px}
@media (max-width:560px){body{margin:0;border:0;border-radius:0;padding:16px}table{display:block;overflow-x:auto}.facts{grid-template-columns:1fr 1fr}.product{flex-direction:column}
.rounds,.rounds tbody{display:block;overflow:visible}.rounds thead{display:none}
.rounds tr{display:grid;grid-template-columns:1fr auto;gap:4px 16px;padding:8px 0;border-bottom:1px solid var(--line)}
.rounds td{border:0;padding:0}.rounds td:empty{display:none}.rounds td:nth-child(3){text-align:start}.rounds td:nth-child(2){text-align:end}
.rounds td:nth-child(n+5){grid-column:1/-1}.rounds td[data-of]::before{content:attr(data-of) " ";color:var(--ink-2);font-size:12px}}
@media print{html{background:none}body{max-width:none;margin:0;padding:0;border:0}}
)";

std::string picture_source(const OfferPicture& picture) { return "data:" + picture.type + ";base64," + base64(picture.bytes); }

bool can_be_shown(const std::optional<OfferPicture>& picture) {
    return picture && !picture->bytes.empty() && (picture->type == "image/png" || picture->type == "image/jpeg");
}

/// Text of unknown direction: names, notes, numbers with units.
std::string anybody(std::string_view text) { return "<bdi>" + html(text) + "</bdi>"; }

class OfferWriter {
  public:
    OfferWriter(const Quote& quote, const Person& buyer, const ShowConfig& show, const OfferOptions& options)
        : quote_(quote), buyer_(buyer), show_(show), options_(options), product_(show.product(quote.product)) {
        language_ = !options.language.empty() ? options.language : !quote.language.empty() ? quote.language : show.languages.front();
        second_ = factory_language();
        if (!quote.rounds.empty()) last_ = quote.rounds.back();
        if (last_.quantity <= 0) last_.quantity = quote.quantity;
    }

    PrintedPage write() {
        put_header();
        put_parties();
        put_product();
        put_terms();
        put_specs();
        if (!quote_.notes.empty()) out_ += "<h2>" + label("offer.notes") + "</h2><p class=\"w\">" + anybody(quote_.notes) + "</p>\n";
        put_rounds();
        if (can_be_shown(options_.snapshot))
            out_ += "<figure><img alt=\"\" src=\"" + picture_source(*options_.snapshot) + "\"><figcaption><small>" +
                    plain("offer.snapshot") + "</small></figcaption></figure>\n";
        put_footer();
        return printed_page(language_, quote_.number + " " + message(title(), language_), style, out_);
    }

  private:
    /// The factory's own: Chinese when the show has it, else its first.
    std::string factory_language() const {
        const auto& all = show_.languages;
        const std::string own = std::find(all.begin(), all.end(), "zh") != all.end() ? "zh" : all.front();
        return own == language_ ? "" : own;
    }

    std::string plain(std::string_view key) const { return html(message(key, language_)); }
    /// A label in the buyer's language, the factory's small behind it.
    std::string label(std::string_view key) const {
        std::string text = plain(key);
        if (!second_.empty()) {
            const std::string& other = message(key, second_);
            if (other != message(key, language_)) text += " <span class=\"second\"><bdi>" + html(other) + "</bdi></span>";
        }
        return text;
    }
    std::string local(const LocalText& text) const { return text.in(language_, show_.languages.front()); }

    std::string_view title() const {
        const auto open = [](const SpecChange& change) {
            return change.state == ChangeState::proposed || change.state == ChangeState::countered;
        };
        const bool settled = std::none_of(quote_.changes.begin(), quote_.changes.end(), open);
        if (quote_.state == QuoteState::accepted && settled) return "offer.title.agreed";
        if (quote_.rounds.size() > 1 || last_.by != Role::buyer) return "offer.title.offer";
        return quote_.sample ? "offer.title.sample" : "offer.title.request";
    }

    void fact(std::string_view key, const std::string& value_html) {
        out_ += "<div class=\"fact\"><small>" + label(key) + "</small><b>" + value_html + "</b></div>";
    }

    void put_header() {
        out_ += "<header><div><h1>" + plain(title()) + "</h1>";
        if (!second_.empty()) out_ += "<p class=\"second\"><bdi>" + html(message(title(), second_)) + "</bdi></p>";
        out_ += "<p><b>" + anybody(quote_.number) + "</b> <span class=\"mark\">" + plain("quote." + std::string(name_of(quote_.state))) +
                "</span></p></div><div class=\"brand\">";
        if (can_be_shown(options_.logo)) out_ += "<img alt=\"\" src=\"" + picture_source(*options_.logo) + "\">";
        out_ += "<b>" + anybody(local(show_.brand.factory)) + "</b></div></header>\n";
    }

    void put_parties() {
        out_ += "<section class=\"parties\">";
        std::string factory = anybody(local(show_.brand.factory));
        if (!second_.empty()) {
            const std::string& own = show_.brand.factory.in(second_);
            if (own != local(show_.brand.factory)) factory += " <span class=\"second\">" + anybody(own) + "</span>";
        }
        fact("offer.supplier", factory);
        std::string who = buyer_.name.empty() ? "—" : anybody(buyer_.name);
        const std::string comma = direction(language_) == "rtl" ? "، " : ", ";
        for (const std::string& part : {buyer_.company, buyer_.country})
            if (!part.empty()) who += comma + anybody(part);
        fact("offer.buyer", who);
        out_ += "</section>\n";
    }

    void put_product() {
        out_ += "<h2>" + label("offer.product") + "</h2><section class=\"product\"><div class=\"text\"><p class=\"name\">" +
                anybody(product_ ? local(product_->name) : quote_.product) + "</p>";
        if (product_ && !second_.empty()) {
            const std::string& other = product_->name.in(second_);
            if (other != local(product_->name)) out_ += "<p class=\"second\">" + anybody(other) + "</p>";
        }
        if (product_ && product_->description) out_ += "<p>" + anybody(local(*product_->description)) + "</p>";
        out_ += "</div>";
        if (can_be_shown(options_.picture)) out_ += "<img alt=\"\" src=\"" + picture_source(*options_.picture) + "\">";
        out_ += "</section>\n";
    }

    std::string pieces(std::int64_t count) const { return "<bdi>" + count_text(count) + "</bdi> " + plain("offer.pieces"); }
    std::string price(const std::optional<Money>& money) const {
        return money ? "<bdi>" + html(money_text(*money)) + "</bdi>" : plain("offer.price_open");
    }

    void put_terms() {
        out_ += "<section class=\"facts\">";
        fact("offer.date", anybody(local_date(quote_.changed_us)));
        // Only the factory's word can be valid for a time.
        if (quote_.state == QuoteState::countered && last_.by != Role::buyer)
            fact("offer.valid_until", anybody(local_date(last_.at_us + std::int64_t{show_.offer_days} * 86'400'000'000)));
        if (!quote_.variant.empty()) fact("offer.variant", anybody(quote_.variant));
        if (product_ && !product_->hs_code.empty()) fact("offer.hs_code", anybody(product_->hs_code));
        std::string quantity = pieces(last_.quantity);
        if (quote_.below_minimum) quantity += "<br><small>" + plain("offer.below_minimum") + "</small>";
        fact("offer.quantity", quantity);
        if (quote_.list_price) fact("offer.list_price", price(quote_.list_price));
        const std::string incoterm = !quote_.incoterm.empty() ? quote_.incoterm : product_ ? product_->incoterm : "";
        if (!incoterm.empty()) fact("offer.incoterm", anybody(incoterm));
        if (!quote_.destination.empty()) fact("offer.destination", anybody(quote_.destination));
        if (const std::string lead = lead_time(); !lead.empty()) fact("offer.lead_time", anybody(lead));
        if (!quote_.wanted_by.empty()) fact("offer.wanted_by", anybody(quote_.wanted_by));
        fact("offer.unit_price", price(last_.unit_price));
        out_ += "</section>\n";
        if (const auto sum = sum_of(last_.unit_price, last_.quantity))
            out_ += "<p class=\"sum\"><span>" + label("offer.sum") + "</span><b>" + price(sum) + "</b></p>\n";
    }

    /// The factory's last word on it, else what the product is listed with.
    std::string lead_time() const {
        for (auto round = quote_.rounds.rbegin(); round != quote_.rounds.rend(); ++round)
            if (!round->lead_time.empty()) return round->lead_time;
        return product_ && product_->lead_time ? local(*product_->lead_time) : "";
    }

    std::string change_text(const SpecChange& c) const {
        const std::string state = " <span class=\"mark\">" + plain("change." + std::string(name_of(c.state))) + "</span>";
        std::string text;
        switch (c.state) {
            case ChangeState::countered:
                text = "<s>" + anybody(c.to) + "</s> " + anybody(c.counter) + state;
                break;
            case ChangeState::declined:
                text = "<s>" + anybody(c.to) + "</s>" + state;
                break;
            default:
                text = anybody(c.to) + state;
        }
        if (!c.note.empty()) text += "<br><small>" + anybody(c.note) + "</small>";
        return text;
    }

    void put_specs() {
        std::string rows;
        std::vector<const SpecChange*> left;
        for (const SpecChange& c : quote_.changes) left.push_back(&c);
        const auto take = [&](const std::string& key) {
            std::string cell;
            for (auto it = left.begin(); it != left.end();) {
                if ((*it)->key != key) {
                    ++it;
                    continue;
                }
                cell += (cell.empty() ? "" : "<br>") + change_text(**it);
                it = left.erase(it);
            }
            return cell;
        };
        if (product_) {
            for (const Spec& spec : product_->specs)
                rows += "<tr><td>" + anybody(local(spec.label)) + "</td><td>" +
                        anybody(spec.value + (spec.unit.empty() ? "" : " " + spec.unit)) + "</td><td class=\"w\">" + take(spec.key) +
                        "</td></tr>\n";
        }
        while (!left.empty()) {
            const SpecChange& first = *left.front();
            const bool known = has_message("change." + first.key, "en");
            const std::string name = known ? plain("change." + first.key) : anybody(first.key);
            const std::string from = anybody(first.from);
            rows += "<tr><td>" + name + "</td><td>" + from + "</td><td class=\"w\">" + take(std::string(first.key)) + "</td></tr>\n";
        }
        if (rows.empty()) return;
        out_ += "<h2>" + label("offer.specs") + "</h2><table><thead><tr><th></th><th>" + label("offer.as_listed") + "</th><th>" +
                label("offer.change") + "</th></tr></thead><tbody>\n" + rows + "</tbody></table>\n";
    }

    void put_rounds() {
        if (quote_.rounds.empty()) return;
        out_ += "<h2>" + label("offer.rounds") + "</h2><table class=\"rounds\"><thead><tr>";
        for (const char* key : {"offer.date", "offer.by"}) out_ += "<th>" + label(key) + "</th>";
        for (const char* key : {"offer.quantity", "offer.unit_price"}) out_ += "<th class=\"n\">" + label(key) + "</th>";
        for (const char* key : {"offer.lead_time", "offer.notes"}) out_ += "<th>" + label(key) + "</th>";
        out_ += "</tr></thead><tbody>\n";
        for (const QuoteRound& r : quote_.rounds) {
            // A phone shows a round as a few lines, each figure with its name before it.
            const auto cell = [&](const char* kind, const char* of, const std::string& content) {
                out_ += std::string("<td class=\"") + kind + "\"" + (content.empty() ? "" : " data-of=\"" + plain(of) + "\"") + ">" +
                        content + "</td>";
            };
            out_ += "<tr><td class=\"t\">" + anybody(local_date(r.at_us) + " " + local_clock(r.at_us)) + "</td><td>" +
                    plain(r.by == Role::buyer ? "offer.buyer" : "offer.supplier") + "</td>";
            cell("n", "offer.quantity", anybody(count_text(r.quantity)));
            cell("n", "offer.unit_price", price(r.unit_price));
            cell("", "offer.lead_time", r.lead_time.empty() ? "" : anybody(r.lead_time));
            cell("w", "offer.notes", r.note.empty() ? "" : anybody(r.note));
            out_ += "</tr>\n";
        }
        out_ += "</tbody></table>\n";
    }

    void put_footer() {
        const auto sentence = [&](const std::string& language) {
            std::string text = message("offer.made_with", language);
            if (const std::size_t at = text.find("{show}"); at != std::string::npos)
                text.replace(at, 6, show_.title.in(language, show_.languages.front()));
            return "<small lang=\"" + html(language) + "\" dir=\"" + std::string(direction(language)) + "\">" + html(text) + "</small>";
        };
        out_ += "<footer><p>" + sentence(language_) + "</p>";
        if (!second_.empty()) out_ += "<p>" + sentence(second_) + "</p>";
        out_ += "</footer>\n";
    }

    const Quote& quote_;
    const Person& buyer_;
    const ShowConfig& show_;
    const OfferOptions& options_;
    const ProductConfig* const product_;
    std::string language_, second_;
    QuoteRound last_;
    std::string out_;
};

}  // namespace

PrintedPage offer_page(const Quote& quote, const Person& buyer, const ShowConfig& show, const OfferOptions& options) {
    return OfferWriter(quote, buyer, show, options).write();
}

}  // namespace vitrine::desk
