#include "engine/desk/desk.h"

namespace vitrine::desk {
namespace {

class Sight {
  public:
    explicit Sight(const Actor& viewer) : viewer_(viewer), staff_(viewer.role != Role::buyer) {}

    // Who is let in by what is nobody's business but the presenter's side's; secrets are nobody's.
    std::optional<Record> operator()(InviteRecord r) const {
        if (!staff_) return std::nullopt;
        r.secret_sha256.clear();
        return r;
    }
    std::optional<Record> operator()(Seat r) const {
        if (!staff_) return std::nullopt;
        r.token_sha256.clear();
        return r;
    }
    std::optional<Record> operator()(Person r) const { return of(r, mine(r.id)); }
    std::optional<Record> operator()(Message r) const {
        if (staff_) return r;
        const bool shown = r.state == MessageState::shown || r.state == MessageState::answered;
        const bool to_me = !r.to.empty() && r.to == viewer_.person && shown;
        if (mine(r.person) || to_me) {
            r.priority = 0;
            return r;
        }
        if (r.is_private || !r.to.empty() || !shown) return std::nullopt;
        r.priority = 0;
        return r;
    }
    std::optional<Record> operator()(const Liking& r) const { return of(r, mine(r.person)); }
    std::optional<Record> operator()(Point r) const {
        if (staff_ || mine(r.person)) return r;
        if (r.state != PointState::shown) return std::nullopt;
        r.person.clear();
        return r;
    }
    std::optional<Record> operator()(Poll r) const {
        if (!staff_ && !r.results_shown) r.votes.assign(r.votes.size(), 0);
        return r;
    }
    std::optional<Record> operator()(const Vote& r) const { return of(r, mine(r.person)); }
    std::optional<Record> operator()(const Quote& r) const { return of(r, mine(r.person)); }
    std::optional<Record> operator()(Order r) const {
        if (!staff_ && !r.name_allowed) r.buyer.clear();
        if (!staff_) r.person.clear();
        return r;
    }
    std::optional<Record> operator()(const Happening& r) const { return of(r, staff_ || (r.kind != "came" && r.kind != "went")); }
    std::optional<Record> operator()(const Tally&) const { return std::nullopt; }  // for the report alone
    std::optional<Record> operator()(const Erasure& r) const { return of(r, mine(r.person)); }
    std::optional<Record> operator()(const Removal& r) const { return r; }

  private:
    bool mine(const std::string& person) const { return !person.empty() && person == viewer_.person; }
    template <class T>
    std::optional<Record> of(const T& record, bool may) const {
        return staff_ || may ? std::optional<Record>(record) : std::nullopt;
    }

    const Actor& viewer_;
    bool staff_;
};

}  // namespace

std::optional<Record> as_seen_by(const Record& record, const Actor& viewer) { return std::visit(Sight(viewer), record); }

}  // namespace vitrine::desk
