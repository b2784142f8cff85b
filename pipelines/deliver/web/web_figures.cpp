#include "pipelines/deliver/web/web_figures.h"

#include <iomanip>
#include <sstream>

namespace vitrine::web {

namespace {

void family(std::ostringstream& out, const char* name, const char* type, const char* help) {
    out << "# HELP " << name << ' ' << help << "\n# TYPE " << name << ' ' << type << '\n';
}

template <class Value>
void one(std::ostringstream& out, const char* name, const char* type, const char* help, Value value) {
    family(out, name, type, help);
    out << name << ' ' << value << '\n';
}

}  // namespace

std::string metrics_text(const WebFigures& figures, const PeerKeeper::Totals& peers, const Snapshot& snapshot, const std::string& more) {
    std::ostringstream out;
    out.imbue(std::locale::classic());
    out << std::setprecision(15);
    one(out, "vitrine_viewers", "gauge", "Streams being watched or set up.", peers.peers);
    one(out, "vitrine_viewers_connected", "gauge", "Streams with a working connection.", peers.connected);
    one(out, "vitrine_frames_sent_total", "counter", "Video frames sent to viewers.", peers.frames);
    one(out, "vitrine_frames_dropped_total", "counter", "Video frames dropped for slow viewers.", peers.dropped);
    one(out, "vitrine_sent_bytes_total", "counter", "Media bytes sent to viewers.", peers.bytes);
    one(out, "vitrine_nacks_total", "counter", "Packets that viewers asked for again.", peers.nacks);
    one(out, "vitrine_plis_total", "counter", "Keyframes that viewers asked for.", peers.plis);
    one(out, "vitrine_sent_kbps", "gauge", "Media sent to viewers in the last second, kbit/s.", peers.bitrate_kbps);
    one(out, "vitrine_http_requests_total", "counter", "Requests received.", figures.requests);
    family(out, "vitrine_http_responses_total", "counter", "Answers by status.");
    for (const auto& [status, count] : figures.answers)
        out << "vitrine_http_responses_total{status=\"" << status << "\"} " << count << '\n';
    one(out, "vitrine_connections", "gauge", "Open connections to the buyer listener.", figures.connections);
    one(out, "vitrine_connections_refused_total", "counter", "Connections turned away because there were too many.",
        figures.connections_refused);
    one(out, "vitrine_ws_clients", "gauge", "Open buyer sockets.", figures.sockets);
    one(out, "vitrine_ws_opened_total", "counter", "Buyer sockets opened so far.", figures.sockets_opened);
    family(out, "vitrine_session_state", "gauge", "1 for the state the show is in.");
    for (const SessionState state :
         {SessionState::idle, SessionState::ready, SessionState::live, SessionState::paused, SessionState::ended})
        out << "vitrine_session_state{state=\"" << to_string(state) << "\"} " << (snapshot.session == state ? 1 : 0) << '\n';
    out << more;
    if (!more.empty() && more.back() != '\n') out << '\n';
    return out.str();
}

}  // namespace vitrine::web
