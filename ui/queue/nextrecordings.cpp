#include "ui/queue/nextrecordings.h"

#include <algorithm>

#include "models/sync/recordingfetcher.h"
#include "models/tables/calltablemodel.h"
#include "ui/common/desksettings.h"
#include "ui/playback/listeningsettings.h"
#include "ui/playback/player.h"

namespace earmark {

using namespace std::chrono_literals;

namespace {

constexpr size_t kAhead = 2;
constexpr int kRowsLookedAt = 20;  // calls without a recording lie between those with one
constexpr auto kSoon = 250ms;
constexpr int kHasRecording = 1;  // CallTableModel::RecordingRole

}  // namespace

NextRecordings::NextRecordings(const DeskServices& services, QObject* parent) : QObject(parent), m_services(services) {
    m_soon.setSingleShot(true);
    m_soon.setInterval(kSoon);
    connect(&m_soon, &QTimer::timeout, this, &NextRecordings::begin);
    // Another filter or order, or calls that came: other calls may come next.
    connect(m_services.calls, &CallTableModel::queryFinished, this, [this] {
        if (m_isPlanned && nextCalls() != m_plan) {
            giveUp();
            m_soon.start();
        }
    });
}

void NextRecordings::setShown(const std::optional<CallKey>& key) {
    if (key == m_shown) {
        return;
    }
    // Where the former one is by now: rows may have come or gone meanwhile.
    const int before = m_shown ? m_services.calls->rowOf(*m_shown) : -1;
    const int row = key ? m_services.calls->rowOf(*key) : -1;
    if (row >= 0 && before >= 0 && row != before) {
        m_direction = row > before ? 1 : -1;
    }
    m_shown = key;
    giveUp();
}

void NextRecordings::setShownIsSettled(bool settled) {
    if (!settled) {
        giveUp();
    } else if (!m_isPlanned && !m_soon.isActive()) {
        m_soon.start();
    }
}

void NextRecordings::giveUp() {
    ++m_round;
    m_isPlanned = false;
    m_soon.stop();
    m_waiting.clear();
    // Whoever is shown now may have joined the question for his own recording.
    if (m_underWay && m_underWay != m_shown) {
        m_services.recordings->cancel(*m_underWay);
    }
    m_underWay.reset();
}

std::vector<CallKey> NextRecordings::nextCalls() const {
    std::vector<CallKey> next;
    if (!m_services.settings->value(listening::kPrefetch, true).toBool()) {
        return next;
    }
    const CallTableModel* calls = m_services.calls;
    const int row = m_shown ? calls->rowOf(*m_shown) : -1;
    for (int i = 1; row >= 0 && i <= kRowsLookedAt && next.size() < kAhead; ++i) {
        const int at = row + i * m_direction;
        if (at < 0 || at >= calls->rowCount()) {
            break;
        }
        const auto key = calls->keyAt(at);
        if (key && calls->index(at, 0).data(CallTableModel::RecordingRole).toInt() == kHasRecording) {
            next.push_back(*key);
        }
    }
    return next;
}

void NextRecordings::begin() {
    ++m_round;
    m_isPlanned = true;
    m_files.clear();
    m_plan = nextCalls();
    m_waiting = m_plan;
    std::reverse(m_waiting.begin(), m_waiting.end());
    fetchNext();
}

void NextRecordings::fetchNext() {
    if (m_waiting.empty()) {
        return;
    }
    const CallKey key = m_waiting.back();
    m_waiting.pop_back();
    m_underWay = key;
    m_services.recordings->fetchAhead(key, this, [this, key, round = m_round](const Result<FetchedRecording>& fetched) {
        if (round == m_round) {
            arrived(key, fetched);
        }
    });
}

void NextRecordings::arrived(const CallKey& key, const Result<FetchedRecording>& fetched) {
    m_underWay.reset();
    if (fetched) {
        m_files << fetched->file;
        m_services.recordings->setInUse(this, m_files);
        m_services.player->prepare(key, fetched->file);
    } else if (fetched.error().kind == ErrorKind::Offline || fetched.error().kind == ErrorKind::RateLimited) {
        m_waiting.clear();  // the next one would fare no better
    }
    fetchNext();
}

}  // namespace earmark
