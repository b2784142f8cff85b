#include "engine/show_state.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/printable.h"

namespace vitrine {
namespace {

constexpr Nanoseconds ms = 1'000'000;
constexpr Nanoseconds audio_period = 100 * ms;
constexpr Nanoseconds counter_period = 500 * ms;
constexpr double audio_step_db = 0.5;
constexpr double silence_db = -100;
constexpr std::size_t most_notices = 20;
constexpr std::size_t most_chapters = 1000;

tl::unexpected<Error> refuse(std::string sentence) { return fail(std::move(sentence), ErrorKind::bad_input); }

std::string in_quotes(const std::string& id) { return "\"" + printable(id, 60) + "\""; }

template <class List, class Id>
std::string ids_of(const List& list, Id id) {
    std::string out;
    for (const auto& item : list) out += (out.empty() ? "" : ", ") + id(item);
    return out.empty() ? "none" : out;
}

/// The stop of the rundown at which that product is shown: the next one from `from` on, else the first; -1: none.
int stop_of(const ShowConfig& show, const std::string& product, int from) {
    const auto count = static_cast<int>(show.rundown.size());
    for (int i = 0; i < count; ++i) {
        const int at = (std::max(from, 0) + i) % count;
        if (show.rundown[static_cast<std::size_t>(at)].product == product) return at;
    }
    return -1;
}

/// What a show begins with when nobody has chosen: the rundown's first stop, else the first product that can be followed, else the first.
std::string first_product(const ShowConfig& show) {
    if (!show.rundown.empty()) return show.rundown.front().product;
    const auto tracked =
        std::find_if(show.products.begin(), show.products.end(), [](const ProductConfig& p) { return p.target.has_value(); });
    return tracked != show.products.end() ? tracked->id : show.products.empty() ? std::string() : show.products.front().id;
}

bool has_callout(const ShowConfig& show, const std::string& id) {
    return std::any_of(show.products.begin(), show.products.end(), [&](const ProductConfig& product) {
        const auto is = [&](const auto& element) { return element.id == id; };
        return std::any_of(product.callouts.begin(), product.callouts.end(), is) ||
               std::any_of(product.dimensions.begin(), product.dimensions.end(), is);
    });
}

template <class T>
bool assign(T& to, const T& from) {
    if (to == from) return false;
    to = from;
    return true;
}

/// Same but for the numbers that change with every frame.
bool same_standing(const CameraStatus& a, const CameraStatus& b) {
    return a.state == b.state && a.detail == b.detail && a.width == b.width && a.height == b.height && a.reconnects == b.reconnects;
}
bool same(const CameraStatus& a, const CameraStatus& b) {
    return same_standing(a, b) && a.fps == b.fps && a.frames == b.frames && a.dropped == b.dropped;
}
bool same_standing(const OutputStatus& a, const OutputStatus& b) { return a.kind == b.kind && a.name == b.name && a.state == b.state; }
bool same(const OutputStatus& a, const OutputStatus& b) {
    return same_standing(a, b) && a.frames == b.frames && a.dropped == b.dropped && a.bytes == b.bytes && a.bitrate_kbps == b.bitrate_kbps;
}

}  // namespace

ShowState::ShowState(std::shared_ptr<const ShowConfig> config) {
    working_.version = 1;
    working_.show = std::move(config);
    const ShowConfig& show = *working_.show;
    if (!show.scenes.empty()) working_.scene = show.scenes.front().id;
    for (const ProductConfig& product : show.products)
        if (product.model) working_.models[product.id];
    for (const CameraConfig& camera : show.cameras) working_.cameras[camera.id];
    for (const SourceSpec& source : show.audio.sources)
        if (source.scheme != "none") working_.sounds[source.text()];
    if (!show.recordings.empty())
        working_.recording.folder = show.recordings.string();
    else if (!show.folder.empty())
        working_.recording.folder = (show.folder / "recordings").string();
    newest_ = std::make_shared<const Snapshot>(working_);
}

struct ShowState::Apply {
    ShowState& self;
    Nanoseconds now;

    Snapshot& to() const { return self.working_; }
    const ShowConfig& show() const { return *self.working_.show; }
    void changed(bool really = true) const {
        if (really) self.changed(Urgency::at_once);
    }

    tl::unexpected<Error> no_product(const std::string& id) const {
        return refuse("there is no product " + in_quotes(id) +
                      "; there are: " + ids_of(show().products, [](const ProductConfig& p) { return p.id; }));
    }

    Result<void> operator()(const MoveSession& c) const {
        const Result<SessionState> next = next_state(to().session, c.move);
        if (!next) return tl::unexpected<Error>(next.error());
        const bool anew = to().session == SessionState::ended;
        to().session = *next;
        if (c.move == SessionMove::go_live) {
            to().live_since = now;
            // Nothing is shown to the waiting room before the presenter wants it; a show that goes on air begins at its beginning.
            if (!self.chosen_ && to().pinned.empty()) show_product(first_product(show()));
            if (!to().pinned.empty()) to().pinned_since = now;
        }
        if (c.move == SessionMove::end) {
            to().ended_at = now;
            to().recording.wanted = false;  // the next session is recorded when somebody says so
        }
        if (c.move == SessionMove::prepare) {
            to().chapters.clear();
            to().live_since = to().ended_at = 0;
            if (anew) {
                self.chosen_ = false;
                to().rundown_at = -1;
                pin({});
            }
        }
        changed();
        return {};
    }
    Result<void> operator()(const SwitchScene& c) const {
        if (show().scene(c.scene) == nullptr) {
            return refuse("there is no scene " + in_quotes(c.scene) +
                          "; there are: " + ids_of(show().scenes, [](const SceneConfig& s) { return s.id; }));
        }
        if (c.duration_ms < 0 || c.duration_ms > 5000)
            return refuse("a fade lasts from 0 to 5000 ms, not " + std::to_string(c.duration_ms));
        if (c.scene == to().scene) return {};
        const bool fade = c.duration_ms > 0;
        to().transition = Transition{fade ? to().scene : std::string(), now, c.duration_ms * ms};
        to().scene = c.scene;
        changed();
        return {};
    }
    Result<void> operator()(const PinProduct& c) const {
        if (!c.product.empty() && show().product(c.product) == nullptr) return no_product(c.product);
        self.chosen_ = true;
        show_product(c.product);
        return {};
    }
    void show_product(const std::string& product) const {
        if (const int stop = stop_of(show(), product, to().rundown_at); stop >= 0) to().rundown_at = stop;
        pin(product);
    }
    void pin(const std::string& product) const {
        if (!assign(to().pinned, product)) return;
        to().pinned_since = product.empty() ? 0 : now;
        changed();
    }
    Result<void> operator()(const StepRundown& c) const {
        const auto last = static_cast<int>(show().rundown.size()) - 1;
        const int stop = to().rundown_at + (c.by < 0 ? -1 : 1);
        if (last < 0) return refuse("this show has no products to go through");
        if (stop < 0) return refuse("this is the first product of the rundown");
        if (stop > last) return refuse("this is the last product of the rundown");
        self.chosen_ = true;
        to().rundown_at = stop;
        changed();
        pin(show().rundown[static_cast<std::size_t>(stop)].product);
        return {};
    }
    Result<void> operator()(const HoldSafe& c) const {
        changed(assign(to().safe, c.on));
        return {};
    }

    /// The show from now on; `edition`: buyers read it anew.
    void replace(ShowConfigPtr next, bool edition) const {
        to().show = std::move(next);
        if (edition) ++to().edition;
        changed();
    }
    Result<void> may_save(const std::filesystem::path& file) const {
        if (!show().texts.contains(file)) return refuse("this show was not read from files, so nothing of it can be saved");
        return {};
    }
    Result<void> not_pending(const std::filesystem::path& file, bool structure = false) const {
        if (self.pending_ && (structure || self.pending_->file == file))
            return refuse("another change is being saved; try again in a moment");
        return {};
    }
    Result<void> operator()(const SetMasks& c) const {
        const auto file = show().folder / "show.toml";
        if (c.save)
            if (auto may = may_save(file); !may) return may;
        auto next = with_masks(show(), c.camera, c.masks);
        if (!next) return tl::unexpected<Error>(next.error());
        if (c.save) {
            const auto index = show().camera(c.camera) - show().cameras.data();
            self.edit_ = FileEdit{file, WriteMasks{static_cast<std::size_t>(index), c.masks}};
        }
        if (show().camera(c.camera)->masks != c.masks) replace(std::move(*next), false);
        return {};
    }
    Result<void> operator()(const SetStart& c) const {
        if (to().session != SessionState::idle && to().session != SessionState::ready)
            return refuse("the show has begun; when it begins can be said again once it is prepared anew");
        const auto file = show().folder / "show.toml";
        if (c.save) {
            if (auto may = may_save(file); !may) return may;
            self.edit_ = FileEdit{file, WriteStart{c.starts_at_us}};
        }
        if (show().starts_at_us == c.starts_at_us) return {};
        auto next = std::make_shared<ShowConfig>(show());
        next->starts_at_us = c.starts_at_us;
        replace(std::move(next), true);
        return {};
    }
    Result<void> operator()(const PlaceCallout& c) const {
        auto next = with_callout_at(show(), c.callout, c.at_mm);
        if (!next) return tl::unexpected<Error>(next.error());
        const CalloutPlace place = *find_callout(show(), c.callout);
        const ProductConfig& product = show().products[place.product];
        if (auto free = not_pending(product.file); !free) return free;
        if (c.save) {
            if (auto may = may_save(product.file); !may) return may;
            self.edit_ = FileEdit{product.file, WriteCallout{place.callout, false, {}, c.at_mm, {}, {}}};
        }
        if (product.callouts[place.callout].at_mm != c.at_mm) replace(std::move(*next), true);
        return {};
    }
    Result<void> operator()(const PutCallout& c) const {
        auto put = with_callout(show(), c);
        if (!put) return tl::unexpected<Error>(put.error());
        const auto& file = show().products[put->place.product].file;
        if (auto may = may_save(file); !may) return may;
        if (auto free = not_pending(file, true); !free) return free;
        self.edit_ = FileEdit{file, WriteCallout{put->place.callout, put->fresh, put->fresh ? c.id : "", c.at_mm, c.text, c.spec}};
        self.pending_ = Pending{self.edits_ + 1, file, std::move(put->show), {}, {}};
        return {};
    }
    Result<void> operator()(const RemoveCallout& c) const {
        auto removed = without_callout(show(), c.callout);
        if (!removed) return tl::unexpected<Error>(removed.error());
        const auto& file = show().products[removed->place.product].file;
        if (auto may = may_save(file); !may) return may;
        if (auto free = not_pending(file, true); !free) return free;
        self.edit_ = FileEdit{file, DropCallout{removed->place.callout}};
        self.pending_ = Pending{self.edits_ + 1, file, std::move(removed->show), std::move(removed->renamed), c.callout};
        return {};
    }
    Result<SoundStatus*> sound(const std::string& source) const {
        const auto found = to().sounds.find(source);
        if (found != to().sounds.end()) return &found->second;
        return refuse("there is no sound source " + in_quotes(source) +
                      "; there are: " + ids_of(to().sounds, [](const auto& one) { return one.first; }));
    }
    Result<void> operator()(const MuteSource& c) const {
        const auto found = sound(c.source);
        if (!found) return tl::unexpected<Error>(found.error());
        changed(assign((*found)->muted, c.muted));
        return {};
    }
    Result<void> operator()(const SetSourceGain& c) const {
        if (!(c.gain_db >= least_gain_db && c.gain_db <= most_gain_db)) return refuse("a gain lies from -60 to 12 dB");
        const auto found = sound(c.source);
        if (!found) return tl::unexpected<Error>(found.error());
        changed(assign((*found)->gain_db, c.gain_db));
        return {};
    }
    Result<void> operator()(const SetRecording& c) const {
        std::filesystem::path folder = c.folder.empty() ? to().recording.folder : c.folder;
        if (folder.is_relative() && !folder.empty() && !show().folder.empty()) folder = show().folder / folder;
        if (c.on && !folder.is_absolute()) return refuse("name a folder for the recordings, with its whole path");
        const bool moved = c.on && assign(to().recording.folder, folder.lexically_normal().string());
        const bool turned = assign(to().recording.wanted, c.on);
        if (moved || turned) to().recording.problem.clear();
        changed(moved || turned);
        return {};
    }
    Result<void> operator()(const ShowCallout& c) const {
        if (!has_callout(show(), c.callout)) return refuse("no product has a callout or dimension " + in_quotes(c.callout));
        changed(c.visible ? to().hidden_callouts.erase(c.callout) > 0 : to().hidden_callouts.insert(c.callout).second);
        return {};
    }
    Result<void> operator()(const ShowCard& c) const {
        changed(assign(to().card_visible, c.visible));
        return {};
    }
    Result<void> operator()(const ShowBadges& c) const {
        changed(assign(to().badges_visible, c.visible));
        return {};
    }
    Result<void> operator()(const ShowSpecs& c) const {
        changed(assign(to().specs_visible, c.visible));
        return {};
    }
    Result<void> operator()(const ShowLowerThird& c) const {
        if (!c.speaker.empty() && show().speaker(c.speaker) == nullptr) {
            return refuse("there is no speaker " + in_quotes(c.speaker) +
                          "; there are: " + ids_of(show().speakers, [](const SpeakerConfig& s) { return s.id; }));
        }
        changed(assign(to().speaker, c.speaker));
        return {};
    }
    Result<void> operator()(const MarkChapter& c) const {
        if (to().session != SessionState::live && to().session != SessionState::paused) {
            return refuse("the show is " + std::string(to_string(to().session)) +
                          ", so no chapter can be marked; it must be live or paused for that");
        }
        if (to().chapters.size() >= most_chapters)
            return refuse("this show has " + std::to_string(most_chapters) + " chapters already, the most there may be");
        to().chapters.push_back({static_cast<int>(to().chapters.size()) + 1, now, c.title});
        changed();
        return {};
    }
    Result<void> operator()(const Mute& c) const {
        changed(assign(to().muted, c.muted));
        return {};
    }

    /// The state of a product's model, or why there is none to speak of.
    Result<ModelState*> model(const std::string& product) const {
        if (show().product(product) == nullptr) return no_product(product);
        const auto found = to().models.find(product);
        if (found == to().models.end())
            return refuse("the product " + in_quotes(product) + " has no 3D model; give it one with model = \"models/….glb\"");
        return &found->second;
    }
    template <class Value>
    Result<void> set(const std::string& product, Value ModelState::*member, const Value& value) const {
        const Result<ModelState*> state = model(product);
        if (!state) return tl::unexpected<Error>(state.error());
        changed(assign((*state)->*member, value));
        return {};
    }
    Result<void> operator()(const ShowModel& c) const {
        const auto facts = to().model_facts.find(c.product);
        if (c.visible && facts != to().model_facts.end() && !facts->second.problem.empty())
            return refuse("the 3D model of " + in_quotes(c.product) + " cannot be shown: " + facts->second.problem);
        return set(c.product, &ModelState::shown, c.visible);
    }
    Result<void> operator()(const ChooseModelVariant& c) const {
        if (!c.variant.empty()) {
            const Result<ModelState*> state = model(c.product);
            if (!state) return tl::unexpected<Error>(state.error());
            const auto facts = to().model_facts.find(c.product);
            if (facts == to().model_facts.end())
                return refuse("the 3D model of " + in_quotes(c.product) + " is still being read; try again in a moment");
            const auto& variants = facts->second.variants;
            if (std::find(variants.begin(), variants.end(), c.variant) == variants.end())
                return refuse("the 3D model of " + in_quotes(c.product) + " has no variant " + in_quotes(c.variant) +
                              "; there are: " + ids_of(variants, [](const std::string& name) { return printable(name, 60); }));
        }
        return set(c.product, &ModelState::variant, c.variant);
    }
    Result<void> operator()(const ExplodeModel& c) const {
        if (!(c.amount >= 0 && c.amount <= 1)) return refuse("a model is exploded by 0 to 1, not by " + std::to_string(c.amount));
        return set(c.product, &ModelState::explode, static_cast<float>(c.amount));
    }
    Result<void> operator()(const XRayModel& c) const { return set(c.product, &ModelState::x_ray, c.on); }
    Result<void> operator()(const SectionModel& c) const {
        if (c.at && !(*c.at >= 0 && *c.at <= 1)) return refuse("a model is cut at 0 to 1 of its width, not at " + std::to_string(*c.at));
        return set(c.product, &ModelState::section, c.at ? std::optional(static_cast<float>(*c.at)) : std::nullopt);
    }

    Result<void> operator()(const ShowTicker& c) const {
        changed(assign(to().ticker, c.visible));
        return {};
    }

    void operator()(const PresenceReport&) const {}  // the desk's
    void operator()(const CameraReport& r) const {
        const auto found = to().cameras.find(r.camera);
        if (found == to().cameras.end() || same(found->second, r.status)) return;
        self.changed(same_standing(found->second, r.status) ? Urgency::counters : Urgency::at_once);
        found->second = r.status;
    }
    void operator()(const OutputsReport& r) const {
        const auto equal = [&](auto by) {
            return std::equal(r.outputs.begin(), r.outputs.end(), to().outputs.begin(), to().outputs.end(), by);
        };
        if (equal([](const OutputStatus& a, const OutputStatus& b) { return same(a, b); })) return;
        const bool only_counters = equal([](const OutputStatus& a, const OutputStatus& b) { return same_standing(a, b); });
        self.changed(only_counters ? Urgency::counters : Urgency::at_once);
        to().outputs = r.outputs;
    }
    void operator()(const BuyersReport& r) const { changed(assign(to().buyers, std::max(0, r.buyers))); }
    void operator()(const AudioReport& r) const {
        if (std::isnan(r.peak_db)) return;
        to().audio_peak_db = std::clamp(r.peak_db, silence_db, 100.0);
        const auto moved = [](double a, double b) { return std::abs(a - b) > audio_step_db; };
        self.audio_ = moved(to().audio_peak_db, self.newest_->audio_peak_db);
        for (const auto& [source, peak] : r.sources) {
            const auto found = to().sounds.find(source);
            if (found == to().sounds.end() || std::isnan(peak)) continue;
            found->second.peak_db = std::clamp(peak, silence_db, 100.0);
            const auto before = self.newest_->sounds.find(source);
            self.audio_ |= before == self.newest_->sounds.end() || moved(found->second.peak_db, before->second.peak_db);
        }
    }
    void operator()(const RecordingReport& r) const {
        RecordingStatus& now_there = to().recording;
        const bool standing = now_there.since != r.since || now_there.problem != r.problem;
        if (!standing && now_there.bytes == r.bytes && now_there.minutes_left == r.minutes_left) return;
        self.changed(standing ? Urgency::at_once : Urgency::counters);
        now_there.since = r.since;
        now_there.bytes = r.bytes;
        now_there.minutes_left = r.minutes_left;
        now_there.problem = r.problem;
    }
    void operator()(const ModelReport& r) const {
        const auto state = to().models.find(r.product);
        if (state == to().models.end()) return;
        const auto [facts, fresh] = to().model_facts.try_emplace(r.product);
        changed(assign(facts->second, r.facts) || fresh);
        if (!r.facts.problem.empty()) state->second = ModelState{};
    }
    void operator()(const TargetReport& r) const {
        if (show().product(r.product) == nullptr) return;
        const auto [facts, fresh] = to().target_facts.try_emplace(r.product);
        changed(assign(facts->second, r.facts) || fresh);
    }
    void operator()(const NoticeReport& r) const {
        auto& notices = to().notices;
        if (!notices.empty() && notices.back() == r.sentence) return;
        notices.push_back(r.sentence);
        if (notices.size() > most_notices) notices.erase(notices.begin());
        changed();
    }
};

void ShowState::changed(Urgency urgency) {
    at_once_ |= urgency == Urgency::at_once;
    counters_ |= urgency == Urgency::counters;
}

Result<std::optional<FileEdit>> ShowState::apply(const Command& command, Nanoseconds now) {
    edit_.reset();
    const Result<void> applied = std::visit(Apply{*this, now}, command);
    if (!applied) return tl::unexpected<Error>(applied.error());
    if (edit_) edit_->number = ++edits_;
    return std::exchange(edit_, std::nullopt);
}

void ShowState::saved(const FileEdit& edit, bool success) {
    if (!pending_ || pending_->number != edit.number) return;
    Pending done = std::move(*pending_);
    pending_.reset();
    if (!success) return;
    // Only callouts of this product wait for a file; everything else may have been edited meanwhile.
    auto next = std::make_shared<ShowConfig>(*working_.show);
    for (std::size_t i = 0; i < next->products.size(); ++i)
        if (next->products[i].file == done.file) next->products[i].callouts = done.show->products[i].callouts;
    working_.hidden_callouts.erase(done.removed);
    std::set<std::string> hidden;
    for (const std::string& id : working_.hidden_callouts) {
        const auto renamed = done.renamed.find(id);
        hidden.insert(renamed == done.renamed.end() ? id : renamed->second);
    }
    working_.hidden_callouts = std::move(hidden);
    working_.show = std::move(next);
    ++working_.edition;
    changed(Urgency::at_once);
}

void ShowState::apply(const Report& report) { std::visit(Apply{*this, 0}, report); }

void ShowState::log(LogLine line) {
    write_line(std::move(line));
    changed(Urgency::at_once);
}

void ShowState::write_line(LogLine line) {
    auto lines = std::make_shared<std::vector<LogLine>>(*working_.log);
    if (lines->size() >= most_log_lines) lines->erase(lines->begin());
    line.number = ++lines_;
    lines->push_back(std::move(line));
    working_.log = std::move(lines);
}

std::optional<Nanoseconds> ShowState::due() const {
    if (at_once_) return 0;
    if (!audio_ && !counters_) return std::nullopt;
    if (!published_at_) return 0;
    return *published_at_ + (audio_ ? audio_period : counter_period);
}

SnapshotPtr ShowState::publish(Nanoseconds now, const Doer& by, std::int64_t utc_us) {
    if (!at_once_ && !audio_ && !counters_) return newest_;
    for (LogLine& line : log_lines(*newest_, working_, by)) {
        line.at_us = utc_us;
        write_line(std::move(line));
    }
    at_once_ = audio_ = counters_ = false;
    published_at_ = now;
    ++working_.version;
    newest_ = std::make_shared<const Snapshot>(working_);
    return newest_;
}

void ShowState::set_desk(desk::DeskViewPtr desk) {
    working_.desk = std::move(desk);
    auto next = std::make_shared<Snapshot>(*newest_);
    next->desk = working_.desk;
    newest_ = std::move(next);
}

}  // namespace vitrine
