#include "engine/desk/report.h"

#include <algorithm>

#include "engine/desk/money.h"
#include "engine/desk/report_charts.h"
#include "engine/desk/report_figures.h"
#include "engine/messages.h"

namespace vitrine::desk {
namespace {

constexpr std::string_view style = R"(
*{box-sizing:border-box}
@page{margin:14mm}
html{background:var(--ground);color:var(--ink);font:14px/1.45 "Noto Sans","Noto Sans CJK SC","Noto Naskh Arabic",sans-serif;-webkit-print-color-adjust:exact;print-color-adjust:exact}
body{max-width:860px;margin:24px auto;padding:32px;background:var(--surface);border:1px solid var(--line);border-radius:10px}
h1{font-size:28px;line-height:1.2;margin:4px 0}
h2{font-size:16px;margin:32px 0 8px;break-after:avoid}
p{margin:4px 0}
small,.note{color:var(--ink-2);font-size:12px}
.kicker{color:var(--accent);font-weight:600;margin:0}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(100px,1fr));gap:8px;margin:24px 0}
.tile{background:var(--raised);border-radius:6px;padding:12px;break-inside:avoid}
.tile b{display:block;font-size:28px;line-height:1.15;font-weight:500;font-variant-numeric:tabular-nums}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th{font-weight:500;color:var(--ink-2);font-size:12px;text-align:start;vertical-align:bottom}
th,td{padding:6px 0;padding-inline-end:16px;border-bottom:1px solid var(--line);overflow-wrap:break-word}
.w{overflow-wrap:anywhere}
.t{width:1%;white-space:nowrap}
td{vertical-align:top}
tr{break-inside:avoid}
.n{text-align:end;white-space:nowrap}
th.n{white-space:normal}
th:last-child,td:last-child{padding-inline-end:0}
.total td{border-bottom:0;font-weight:600}
.columns{display:grid;grid-template-columns:1fr 1fr;gap:0 32px}
.columns>section{break-inside:avoid}
.chart{display:block;width:100%;height:auto;margin:8px 0}
.chart text{font-size:11px;fill:var(--ink-2)}
.chart text.on{fill:var(--surface);font-weight:600}
.rule{stroke:var(--line);stroke-width:1}
.area{fill:var(--accent);fill-opacity:.16}
.line{fill:none;stroke:var(--accent);stroke-width:1.5}
.air{fill:var(--live)}
.lively{fill:var(--info);fill-opacity:.7}
.chapter{stroke:var(--ink-2);stroke-width:1;stroke-dasharray:2 3}
.p0{fill:var(--accent)}.p1{fill:var(--info)}.p2{fill:var(--warn)}.p3{fill:var(--ready)}.p4{fill:var(--ink-2)}.p5{fill:var(--ink)}.p-none{fill:var(--line)}
.key{display:inline-block;width:10px;height:10px;margin-inline-end:8px}
.bars td{border:0;padding:3px 0;padding-inline-end:12px}
.bars td:first-child{width:34%}
.bars .bar svg{display:block;width:100%;height:12px}
.bars rect{fill:var(--accent)}
.mark{display:inline-block;border:1px solid var(--line);border-radius:6px;padding:0 8px;font-size:12px;white-space:nowrap}
.accepted{border-color:var(--ready);color:var(--ready)}
.todo li{break-inside:avoid;margin:4px 0}
.todo ul{margin:0;padding-inline-start:20px}
footer{margin-top:32px;border-top:1px solid var(--line);padding-top:8px}
@media (max-width:560px){body{margin:0;border:0;border-radius:0;padding:16px}table{display:block;overflow-x:auto}.columns{grid-template-columns:1fr}}
@media print{html{background:none;font-size:12px}body{max-width:none;margin:0;padding:0;border:0}}
)";

std::string filled(std::string text, const std::map<std::string, std::string>& values) {
    for (const auto& [name, value] : values)
        for (std::size_t at = text.find("{" + name + "}"); at != std::string::npos; at = text.find("{" + name + "}", at + value.size()))
            text.replace(at, name.size() + 2, value);
    return text;
}

std::string anybody(std::string_view text) { return "<bdi>" + html(text) + "</bdi>"; }

class ReportWriter {
  public:
    ReportWriter(const History& history, const ShowConfig& show, const ReportOptions& options)
        : history_(history), show_(show), options_(options), f_(report_figures(history, options.now_us)) {
        language_ = options.language == "zh" ? "zh" : "en";
        for (const ProductConfig& p : show.products)
            if (f_.products.contains(p.id)) products_.push_back(p.id);
        for (const auto& [id, figures] : f_.products)
            if (!show.product(id)) products_.push_back(id);
        for (const Quote& q : history.quotes)
            if (q.made_us >= f_.since_us) quotes_.push_back(&q);
    }

    PrintedPage write() {
        put_head();
        put_tiles();
        put_follow_up();
        put_attendance();
        put_products();
        put_quotes();
        put_unanswered();
        put_people();
        put_chapters();
        put_polls();
        out_ += "<footer><small>" +
                html(filled(text("report.made_at"), {{"date", local_date(options_.now_us)}, {"time", local_clock(options_.now_us)}})) +
                "</small></footer>\n";
        return printed_page(language_, show_.title.in(language_) + " – " + text("report.title"), style, out_);
    }

  private:
    const std::string& text(std::string_view key) const { return message(key, language_); }
    std::string counted(std::string_view key, std::int64_t n) const { return filled(text(key), {{"n", count_text(n)}}); }
    void heading(std::string_view key) { out_ += "<h2>" + html(text(key)) + "</h2>\n"; }
    void nothing() { out_ += "<p class=\"note\">" + html(text("report.nothing")) + "</p>\n"; }
    std::string product_name(const std::string& id) const {
        const ProductConfig* product = show_.product(id);
        return product ? product->name.in(language_, show_.languages.front()) : id;
    }
    std::string who(const std::string& id) const {
        const auto found = history_.people.find(id);
        if (found == history_.people.end()) return "—";
        const Person& p = found->second;
        if (p.erased) return "<small>" + html(text("report.forgotten")) + "</small>";
        std::string name = p.name.empty() ? "—" : anybody(p.name);
        if (!p.company.empty()) name += " · " + anybody(p.company);
        if (!p.country.empty()) name += " <small>" + html(p.country) + "</small>";
        return name;
    }

    void put_head() {
        out_ += "<p class=\"kicker\">" + html(text("report.title")) + "</p><h1>" + anybody(show_.title.in(language_)) + "</h1><p>" +
                anybody(show_.brand.factory.in(language_)) + "</p><p class=\"note\">";
        if (f_.started_us == 0)
            out_ += html(text("report.not_live"));
        else
            out_ += html(filled(text("report.lead"), {{"date", local_date(f_.started_us)},
                                                      {"from", local_clock(f_.started_us)},
                                                      {"to", local_clock(f_.ended_us)},
                                                      {"duration", duration_text(f_.live_us)}}));
        out_ += "</p>\n";
    }

    void tile(std::string_view key, const std::string& value, const std::string& more = "") {
        out_ +=
            "<div class=\"tile\"><small>" + html(text(key)) + "</small><b>" + html(value) + "</b><small>" + html(more) + "</small></div>";
    }

    void put_tiles() {
        out_ += "<section class=\"tiles\">";
        tile("report.people", count_text(f_.people));
        tile("report.peak", count_text(f_.peak));
        tile("report.mean_stay", duration_text(f_.mean_stay_us));
        tile("report.questions", count_text(f_.questions), counted("report.unanswered_n", f_.unanswered));
        tile("report.quotes", count_text(f_.quotes), counted("report.accepted_n", f_.accepted));
        tile("report.points", count_text(f_.points));
        int reactions = 0;
        for (const auto& [kind, count] : f_.reactions) reactions += count;
        tile("report.reactions", count_text(reactions), counted("report.hands_n", f_.hands));
        out_ += "</section>\n";
    }

    /// What waits for the factory first, then what waits for the buyer.
    void put_follow_up() {
        std::map<std::string, std::vector<std::string>> todo;
        std::vector<std::string> order;
        const auto add = [&](const std::string& person, const std::string& what) {
            if (!todo.contains(person)) order.push_back(person);
            todo[person].push_back(what);
        };
        const auto of_quote = [&](std::string_view key, const Quote& q) {
            add(q.person, html(filled(text(key), {{"quote", q.number}})) + " – " + anybody(product_name(q.product)));
        };
        for (const Quote* q : quotes_) {
            if (q->state == QuoteState::accepted) of_quote(q->sample ? "report.todo.sample" : "report.todo.contract", *q);
            const bool open = q->state == QuoteState::requested || q->state == QuoteState::countered;
            if (open && !q->rounds.empty() && q->rounds.back().by == Role::buyer) of_quote("report.todo.answer_quote", *q);
        }
        std::map<std::string, int> questions;
        for (const Message& m : history_.messages)
            if (m.made_us >= f_.since_us && unanswered(m)) ++questions[m.person];
        for (const auto& [person, n] : questions)
            add(person, html(n == 1 ? text("report.todo.question") : counted("report.todo.questions", n)));
        for (const Quote* q : quotes_)
            if (q->state == QuoteState::countered && !q->rounds.empty() && q->rounds.back().by != Role::buyer)
                of_quote("report.todo.wait", *q);
        heading("report.follow_up");
        if (order.empty()) return nothing();
        out_ += "<table class=\"todo\"><tbody>\n";
        for (const std::string& id : order) {
            out_ += "<tr><td>" + who(id);
            if (const auto found = history_.people.find(id); found != history_.people.end() && !found->second.erased)
                for (const std::string& contact : {found->second.email, found->second.phone})
                    if (!contact.empty()) out_ += "<br><small>" + anybody(contact) + "</small>";
            out_ += "</td><td><ul>";
            for (const std::string& what : todo[id]) out_ += "<li>" + what + "</li>";
            out_ += "</ul></td></tr>\n";
        }
        out_ += "</tbody></table>\n";
    }

    void put_attendance() {
        heading("report.attendance");
        if (f_.started_us == 0) return nothing();
        out_ += "<p class=\"note\">" + html(text("report.attendance_note")) +
                (f_.liveliness.empty() ? "" : " " + html(text("report.liveliness_note"))) + "</p>\n";
        out_ += attendance_chart(f_, products_, products_, text("report.attendance"));
    }

    void put_products() {
        heading("report.products");
        if (products_.empty()) return nothing();
        out_ += "<table><thead><tr><th>" + html(text("report.product")) + "</th>";
        for (const char* key : {"report.on_air", "report.watched", "report.reactions", "report.hands", "report.questions", "report.points",
                                "report.quotes", "report.asked_quantity"})
            out_ += "<th class=\"n\">" + html(text(key)) + "</th>";
        out_ += "</tr></thead><tbody>\n";
        for (std::size_t i = 0; i < products_.size(); ++i) {
            const auto& p = f_.products.at(products_[i]);
            char mean[32];
            std::snprintf(mean, sizeof mean, "%.1f", p.mean_watching);
            out_ += "<tr><td><svg class=\"key\" viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect class=\"" + product_class(i) +
                    "\" width=\"10\" height=\"10\"/></svg>" + anybody(product_name(products_[i])) + "</td>";
            for (const std::string& cell : {duration_text(p.on_air_us), std::string(mean), count_text(p.reactions), count_text(p.hands),
                                            count_text(p.questions), count_text(p.points), count_text(p.quotes), count_text(p.quantity)})
                out_ += "<td class=\"n\">" + cell + "</td>";
            out_ += "</tr>\n";
        }
        out_ += "</tbody></table>\n";
    }

    static std::int64_t quantity_of(const Quote& q) {
        return !q.rounds.empty() && q.rounds.back().quantity > 0 ? q.rounds.back().quantity : q.quantity;
    }
    static std::optional<Money> value_of(const Quote& q) {
        return sum_of(q.rounds.empty() ? std::nullopt : q.rounds.back().unit_price, quantity_of(q));
    }

    void put_quotes() {
        heading("report.by_value");
        if (quotes_.empty()) return nothing();
        // What still counts first; by currency, each from the greatest: sums of different money are not compared.
        std::vector<const Quote*> sorted = quotes_;
        std::stable_sort(sorted.begin(), sorted.end(), [](const Quote* a, const Quote* b) {
            const auto over = [](const Quote* q) { return q->state == QuoteState::declined || q->state == QuoteState::withdrawn; };
            if (over(a) != over(b)) return over(b);
            const auto x = value_of(*a), y = value_of(*b);
            if (!x || !y) return x.has_value() && !y.has_value();
            return x->currency != y->currency ? x->currency < y->currency : x->e4 > y->e4;
        });
        out_ += "<table><thead><tr>";
        for (const char* key : {"report.quote", "report.buyer", "report.product"}) out_ += "<th>" + html(text(key)) + "</th>";
        for (const char* key : {"report.quantity", "report.unit_price", "report.value"})
            out_ += "<th class=\"n\">" + html(text(key)) + "</th>";
        out_ += "<th>" + html(text("report.state")) + "</th></tr></thead><tbody>\n";
        for (const Quote* q : sorted) {
            const auto unit = q->rounds.empty() ? std::nullopt : q->rounds.back().unit_price;
            const auto value = value_of(*q);
            out_ += "<tr><td>" + anybody(q->number) + "</td><td>" + who(q->person) + "</td><td>" + anybody(product_name(q->product)) +
                    "</td><td class=\"n\">" + count_text(quantity_of(*q)) + "</td><td class=\"n\">" +
                    (unit ? html(money_text(*unit)) : "") + "</td><td class=\"n\">" +
                    (value ? html(money_text(*value)) : "<small>" + html(text("report.no_price")) + "</small>") +
                    "</td><td><span class=\"mark " + std::string(name_of(q->state)) + "\">" +
                    html(text("quote." + std::string(name_of(q->state)))) + "</span></td></tr>\n";
        }
        for (const auto& [currency, total] : f_.totals) {
            for (const auto& [key, e4] : {std::pair{"report.total_open", total.open_e4}, {"report.total_accepted", total.accepted_e4}})
                if (e4 > 0)
                    out_ += "<tr class=\"total\"><td colspan=\"5\">" + html(text("report.totals")) + ", " + html(text(key)) +
                            "</td><td class=\"n\">" + html(money_text({e4, currency})) + "</td><td></td></tr>\n";
        }
        out_ += "</tbody></table>\n";
    }

    void put_unanswered() {
        heading("report.unanswered");
        std::string rows;
        for (const Message& m : history_.messages) {
            if (m.made_us < f_.since_us || !unanswered(m)) continue;
            rows += "<tr><td class=\"t\">" + html(local_clock(m.made_us)) + "</td><td>" + who(m.person) + "</td><td>" +
                    anybody(m.moment.product.empty() ? "" : product_name(m.moment.product)) + "</td><td class=\"w\">" + anybody(m.text) +
                    "</td></tr>\n";
        }
        if (rows.empty()) return nothing();
        out_ += "<table><tbody>\n" + rows + "</tbody></table>\n";
    }

    void put_people() {
        const auto list = [&](std::string_view key, const std::map<std::string, int>& counts, auto name) {
            out_ += "<section>";
            heading(key);
            std::vector<Bar> all;
            for (const auto& [tag, count] : counts)
                all.push_back({tag.empty() ? text("report.not_said") : name(tag), static_cast<double>(count), count_text(count)});
            std::stable_sort(all.begin(), all.end(), [](const Bar& a, const Bar& b) { return a.value > b.value; });
            if (all.empty())
                nothing();
            else
                out_ += bars(all);
            out_ += "</section>";
        };
        out_ += "<div class=\"columns\">";
        list("report.countries", f_.countries, [](const std::string& code) { return code; });
        list("report.languages", f_.languages, [](const std::string& tag) { return language_name(tag); });
        out_ += "</div>\n";
    }

    void put_chapters() {
        if (f_.chapters.empty()) return;
        heading("report.chapters");
        out_ += "<table><tbody>\n";
        for (const auto& chapter : f_.chapters)
            out_ += "<tr><td class=\"n t\">" +
                    html(f_.started_us != 0 && chapter.at_us >= f_.started_us ? duration_text(chapter.at_us - f_.started_us) : "") +
                    "</td><td class=\"t\">" + html(local_clock(chapter.at_us)) + "</td><td>" + anybody(chapter.title) + "</td></tr>\n";
        out_ += "</tbody></table>\n";
    }

    void put_polls() {
        bool headed = false;
        for (const Poll& poll : history_.polls) {
            if (poll.made_us < f_.since_us) continue;
            if (!headed) heading("report.polls");
            headed = true;
            std::vector<Bar> all;
            for (std::size_t i = 0; i < poll.options.size(); ++i) {
                const int votes = static_cast<int>(std::count_if(history_.votes.begin(), history_.votes.end(), [&](const Vote& v) {
                    return v.poll == poll.id && v.option == static_cast<int>(i);
                }));
                all.push_back({poll.options[i].in(language_, show_.languages.front()), static_cast<double>(votes), count_text(votes)});
            }
            out_ += "<p>" + anybody(poll.question.in(language_, show_.languages.front())) + "</p>" + bars(all);
        }
    }

    const History& history_;
    const ShowConfig& show_;
    const ReportOptions& options_;
    const ReportFigures f_;
    std::string language_;
    std::vector<std::string> products_;
    std::vector<const Quote*> quotes_;
    std::string out_;
};

}  // namespace

PrintedPage report_page(const History& history, const ShowConfig& show, const ReportOptions& options) {
    return ReportWriter(history, show, options).write();
}

}  // namespace vitrine::desk
