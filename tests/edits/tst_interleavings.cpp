// Typing, edits, bulk work, the provider's changes, sending with every kind of end, failures of the disk, kills,
// restarts, undo and redo in random order, held against a model: nothing acknowledged is lost, everything is applied at
// the target once and in order, no text of a conflict is gone, nothing appears that nobody made.
//
// EARMARK_SEEDS=n runs n schedules (1,000 without it), EARMARK_SEED=s alone only that one.
#include <sqlite3.h>

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <set>

#include "models/edits/threewaymerge.h"
#include "models/store/reviewsdatabase.h"
#include "tests/support/seed.h"

using namespace earmark;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

using Value = std::optional<QString>;
using Place = std::pair<CallKey, ReviewField>;

struct PlaceLess {
    bool operator()(const Place& a, const Place& b) const {
        return std::tie(a.first.account, a.first.remoteId, a.second) <
               std::tie(b.first.account, b.first.remoteId, b.second);
    }
};
template <typename T>
using ByPlace = std::map<Place, T, PlaceLess>;

/// What counts at one place as far as the desk goes; nullopt = no edit.
using Counting = std::optional<Value>;

QString shown(const Value& value) {
    return value ? u'"' + *value + u'"' : u"null"_s;
}

/// The other side of a target: applies each key once, demands the same body for it, and sees the order of revisions.
struct Receiver {
    QHash<QString, QByteArray> applied;
    QHash<QString, int> revisions;  ///< per call
    ByPlace<Value> values;
    QString complaint;

    void apply(const QByteArray& body) {
        const QJsonObject object = QJsonDocument::fromJson(body).object();
        const QString key = object[u"delivery"_s].toString();
        if (applied.contains(key)) {
            if (applied.value(key) != body) {
                complaint = u"key %1 came with another body"_s.arg(key);
            }
            return;
        }
        const QString call = object[u"call"_s].toString();
        const int revision = object[u"revision"_s].toInt();
        if (revision <= revisions.value(call)) {
            complaint = u"revision %1 of %2 after %3"_s.arg(revision).arg(call).arg(revisions.value(call));
        }
        revisions[call] = revision;
        applied.insert(key, body);
        const QJsonObject changes = object[u"changes"_s].toObject();
        for (auto it = changes.begin(); it != changes.end(); ++it) {
            const Place place{{u"main"_s, call}, *reviewFieldFromWord(it.key())};
            values[place] = it.value().isNull() ? Value() : Value(it.value().toString());
        }
    }
};

QByteArray bodyOf(const Delivery& delivery) {
    QJsonObject changes;
    for (const FieldChange& change : delivery.changes) {
        changes.insert(word(change.field), change.to ? QJsonValue(*change.to) : QJsonValue());
    }
    return QJsonDocument(QJsonObject{{u"delivery"_s, delivery.id},
                                     {u"call"_s, delivery.key.remoteId},
                                     {u"revision"_s, delivery.revision},
                                     {u"changes"_s, changes}})
        .toJson(QJsonDocument::Compact);
}

class World {
 public:
    explicit World(quint32 seed) : m_random(seed) {
        m_account.name = u"main"_s;
        m_account.baseUrl = defaultBaseUrl(Provider::Yotel);
        m_account.target.kind = TargetKind::Webhook;
        m_account.target.url = QUrl(u"https://hooks.example.com/"_s);
        for (int call = 0; call < 3; ++call) {
            for (const ReviewField field : {ReviewField::Disposition, ReviewField::Notes}) {
                m_places.push_back({{u"main"_s, u"call-%1"_s.arg(call)}, field});
                m_provider[m_places.back()] = pick(2) ? Value(fresh(field)) : Value();
            }
        }
        start();
        if (m_database && !m_database->saveAccount(m_account)) {
            fail(u"account"_s);
        }
    }

    /// "" = all held.
    QString run(int steps) {
        for (int step = 0; step < steps && m_trouble.isEmpty(); ++step) {
            m_now += std::chrono::seconds(1 + pick(40));
            one();
            merge();
            compare();
        }
        if (m_trouble.isEmpty()) {
            drain();
        }
        return m_trouble;
    }

    QStringList log;
    int sentTwice = 0;

 private:
    int pick(int below) { return static_cast<int>(m_random() % static_cast<unsigned>(below)); }
    void fail(const QString& trouble) {
        if (m_trouble.isEmpty()) {
            m_trouble = trouble;
        }
    }
    const Place& somewhere() { return m_places[size_t(pick(int(m_places.size())))]; }
    QString fresh(ReviewField field) {
        const QString word = u"w%1"_s.arg(++m_words);
        return field == ReviewField::Disposition || pick(3) == 0 ? word : word + u'\n' + u"w%1"_s.arg(++m_words);
    }

    /// A file system image of this moment, as a kill leaves it, or the same folder.
    void start() {
        auto folder = std::make_unique<QTemporaryDir>(QDir(u"/dev/shm"_s).exists() ? u"/dev/shm/earmark-XXXXXX"_s
                                                                                   : QDir::tempPath() + u"/e-XXXXXX"_s);
        if (m_folder) {
            const QStringList files = QDir(m_folder->path()).entryList(QDir::Files);
            for (const QString& file : files) {
                if (!file.endsWith(u"-shm"_s)) {
                    QFile::copy(m_folder->filePath(file), folder->filePath(file));
                }
            }
        }
        m_database.reset();
        m_folder = std::move(folder);
        m_failAt = -1;
        auto database = ReviewsDatabase::open(m_folder->filePath(u"reviews.db"_s), ReviewsDatabase::Access::ReadWrite,
                                              [this](const char*) { return seam(); });
        if (!database) {
            fail(u"open: "_s + database.error().detail);
            return;
        }
        m_database = std::move(*database);
        if (!m_database->notices().isEmpty()) {
            fail(u"notices: "_s + m_database->notices().join(u' '));
        }
        if (!m_database->reclaim(std::nullopt)) {
            fail(u"reclaim"_s);
        }
    }
    int seam() {
        if (m_failAt < 0) {
            return SQLITE_OK;
        }
        return m_failAt-- == 0 ? SQLITE_FULL : SQLITE_OK;
    }

    void one() {
        if (!m_database) {
            return;
        }
        // Every eighth thing that is done meets a disk that fails at some step of it.
        m_failAt = pick(8) == 0 ? pick(25) : -1;
        switch (pick(12)) {
            case 0:
            case 1:
            case 2:
                edit();
                break;
            case 3:
                type();
                break;
            case 4:
                restore();
                break;
            case 5:
            case 6:
                providerChanges();
                break;
            case 7:
            case 8:
                send();
                break;
            case 9:
                revert(pick(3) == 0 ? Revert::Redo : Revert::Undo);
                break;
            case 10:
                endOnWire();
                break;
            default:
                pick(2) ? kill() : bulk();
        }
        m_failAt = -1;
    }

    // --- the desk

    struct Change {
        Place place;
        Counting before;
        Counting after;
    };
    struct Step {
        std::vector<Change> changes;
    };

    [[nodiscard]] Value countsAt(const Place& place) {
        return m_counting[place] ? *m_counting[place] : m_provider[place];
    }

    void commit(const std::vector<std::pair<Place, Value>>& wanted, const QString& origin) {
        std::vector<EditToCommit> edits;
        Step step;
        const QString tag = u"step-%1"_s.arg(++m_steps);
        for (const auto& [place, value] : wanted) {
            edits.push_back({place.first, place.second, m_provider[place], value, origin, tag});
            log += u"%1 %2 %3 = %4"_s.arg(origin, place.first.remoteId, word(place.second), shown(value));
            if (countsAt(place) != value) {
                step.changes.push_back({place, m_counting[place], value});
            }
        }
        const auto done = m_database->commitEdits(edits, m_now);
        if (!done) {
            log += u"  failed"_s;
            return;
        }
        for (const Change& change : step.changes) {
            m_counting[change.place] = change.after;
            acknowledge(*change.after);
        }
        for (const auto& [place, value] : wanted) {
            if (origin == u"desk"_s) {
                m_drafts.erase(place);
            }
        }
        if (!step.changes.empty()) {
            m_done.push_back(step);
            m_undone.clear();
        }
    }
    void acknowledge(const Value& value) {
        if (value) {
            m_acknowledged.insert(*value);
        }
    }
    void edit() {
        const Place place = somewhere();
        std::vector<std::pair<Place, Value>> wanted{{place, pick(6) == 0 ? Value() : newText(place)}};
        if (pick(3) == 0) {
            const Place other{place.first,
                              place.second == ReviewField::Notes ? ReviewField::Disposition : ReviewField::Notes};
            wanted.emplace_back(other, newText(other));
        }
        commit(wanted, u"desk"_s);
    }
    /// Notes often go on what is there, so that merges have something to put together.
    QString newText(const Place& place) {
        const Value counts = countsAt(place);
        const bool goesOn = place.second == ReviewField::Notes && counts && pick(3) > 0;
        return goesOn ? (pick(2) ? *counts + u'\n' + fresh(place.second) : fresh(place.second) + u'\n' + *counts)
                      : fresh(place.second);
    }
    void bulk() {
        std::vector<std::pair<Place, Value>> wanted;
        const QString code = fresh(ReviewField::Disposition);
        for (const Place& place : m_places) {
            if (place.second == ReviewField::Disposition) {
                wanted.emplace_back(place, code);
            }
        }
        commit(wanted, u"bulk"_s);
    }
    void type() {
        const Place place = somewhere();
        const QString text = newText(place);
        log += u"type %1 %2: %3"_s.arg(place.first.remoteId, word(place.second), text);
        if (m_database->saveDraft({place.first, place.second, m_provider[place], text, m_now})) {
            m_drafts[place] = text;
        }
    }
    void restore() {
        const Place place = somewhere();
        log += u"restore %1 %2"_s.arg(place.first.remoteId, word(place.second));
        if (!m_database->restoreField(place.first, place.second, u"restore"_s, m_now)) {
            log += u"  failed"_s;
            return;
        }
        m_drafts.erase(place);
        if (m_counting[place]) {
            m_done.push_back({{{place, m_counting[place], std::nullopt}}});
            m_undone.clear();
            m_counting[place].reset();
        }
    }
    void revert(Revert which) {
        auto& from = which == Revert::Undo ? m_done : m_undone;
        auto& to = which == Revert::Undo ? m_undone : m_done;
        log += which == Revert::Undo ? u"undo"_s : u"redo"_s;
        const auto portion = m_database->revert(which, 100, m_now);
        if (!portion) {
            if (portion.error().kind == ErrorKind::NotFoundHere && !from.empty()) {
                fail(u"nothing to revert, but %1 steps were done"_s.arg(from.size()));
            }
            return;
        }
        if (from.empty() || portion->skipped > 0 || portion->left > 0) {
            fail(u"revert: %1 skipped, %2 left, model has %3"_s.arg(portion->skipped)
                     .arg(portion->left)
                     .arg(from.size()));
            return;
        }
        Step step = from.back();
        from.pop_back();
        Step reverse;
        bool wroteAny = false;
        for (auto change = step.changes.rbegin(); change != step.changes.rend(); ++change) {
            // A restore where nothing counts any more writes nothing, everything else is an edit.
            if (!change->before && !m_counting[change->place]) {
                continue;
            }
            wroteAny = true;
            reverse.changes.push_back({change->place, m_counting[change->place], change->before});
            m_counting[change->place] = change->before;
        }
        if (wroteAny) {
            to.push_back(reverse);
        }
    }

    // --- the provider

    void providerChanges() {
        const Place place = somewhere();
        const Value before = m_provider[place];
        switch (pick(4)) {
            case 0:
                m_provider[place] = Value();
                break;
            case 1:
                m_provider[place] = countsAt(place);
                break;
            case 2:
                m_provider[place] = before && place.second == ReviewField::Notes ? *before + u'\n' + fresh(place.second)
                                                                                 : fresh(place.second);
                break;
            default:
                m_provider[place] = fresh(place.second);
        }
        log += u"provider %1 %2: %3"_s.arg(place.first.remoteId, word(place.second), shown(m_provider[place]));
    }

    /// What the merger does after each change on either side.
    void merge() {
        for (const Place& place : m_places) {
            const auto review =
                m_database ? m_database->review(place.first) : Result<Review>(failure(makeError(ErrorKind::Storage)));
            if (!review) {
                fail(u"review"_s);
                return;
            }
            const auto& edit = place.second == ReviewField::Notes ? review->notes : review->disposition;
            if (!edit) {
                continue;
            }
            ProviderMerge merge{
                place.first, place.second, edit->sequence, ProviderMerge::Outcome::Agreed, m_provider[place], {}};
            if (edit->base != m_provider[place]) {
                const auto merged = mergeField(place.second, ThreeWayTexts{edit->base, edit->value, m_provider[place]});
                merge.outcome = merged.isOverlap              ? ProviderMerge::Outcome::Conflict
                                : merged.value == edit->value ? ProviderMerge::Outcome::Agreed
                                                              : ProviderMerge::Outcome::Merged;
                merge.merged = merged.value;
            }
            const bool wasInConflict = edit->state == EditState::Conflict;
            const auto noted = m_database->noteProviderMerge(merge, m_now);
            if (!noted) {
                fail(u"noteProviderMerge: "_s + noted.error().detail);
                return;
            }
            if (*noted && merge.outcome == ProviderMerge::Outcome::Conflict && !wasInConflict) {
                acknowledge(merge.theirs);
            }
            if (*noted && merge.outcome == ProviderMerge::Outcome::Merged) {
                log += u"  merged %1: %2"_s.arg(place.first.remoteId, shown(merge.merged));
                m_counting[place] = Counting(merge.merged);
                acknowledge(merge.merged);
            }
        }
    }

    // --- the way to the target

    struct OnWire {
        Delivery delivery;
        QByteArray body;
        int end = -1;  ///< what became of it, once that is so
    };

    bool take() {
        const auto due = m_database->dueDeliveries(m_account, m_now, 1 + pick(3));
        if (!due) {
            return false;
        }
        bool any = false;
        for (const Delivery& delivery : *due) {
            const QByteArray body = delivery.body.isEmpty() ? bodyOf(delivery) : delivery.body;
            const auto taken = m_database->takeForSending(delivery, m_owner, m_now + 10min, body,
                                                          destinationText(m_account.target), m_now);
            if (taken && *taken) {
                log += u"send %1 %2"_s.arg(delivery.id.left(8), QString::fromUtf8(body));
                m_wire.push_back({delivery, body});
                any = true;
            }
        }
        return any;
    }
    void send() {
        take();
        if (pick(2)) {
            endOnWire();
        }
    }
    void endOnWire() {
        if (m_wire.empty()) {
            return;
        }
        const size_t at = size_t(pick(int(m_wire.size())));
        OnWire& one = m_wire[at];
        one.end = one.end < 0 ? pick(7) : one.end;
        Settlement settlement;
        settlement.nextTry = m_now + std::chrono::seconds(pick(60));
        switch (one.end) {
            case 0:
            case 1:
                m_receiver.apply(one.body);
                settlement.state = EditState::Sent;
                settlement.nextTry.reset();
                break;
            case 2:  // the answer is lost
                m_receiver.apply(one.body);
                settlement.mayHaveArrived = true;
                break;
            case 3:  // the request is lost, which looks the same
                settlement.mayHaveArrived = true;
                break;
            case 4:  // never connected
                break;
            case 5:
                settlement.state = EditState::Refused;
                settlement.nextTry.reset();
                break;
            default:
                settlement.state = EditState::Conflict;
                settlement.nextTry.reset();
                settlement.theirs = {{ReviewField::Disposition, u"target's"_s}};
        }
        // A target that took it before cannot refuse its repeat: it knows the key.
        if (m_receiver.applied.contains(one.delivery.id) &&
            (settlement.state == EditState::Refused || settlement.state == EditState::Conflict)) {
            settlement.state = EditState::Sent;
        }
        log += u"end %1: %2 %3"_s.arg(one.delivery.id.left(8), word(settlement.state),
                                      settlement.mayHaveArrived ? u"unclear"_s : u""_s);
        if (m_database->settle(one.delivery.id, m_owner, settlement, m_now)) {
            m_wire.erase(m_wire.begin() + qsizetype(at));
        } else {
            log += u"  not noted"_s;  // it stays on the wire and ends once more, or the program is killed
        }
    }
    void kill() {
        log += u"kill"_s;
        for (const OnWire& one : m_wire) {
            if (one.end < 0 && pick(2)) {
                m_receiver.apply(one.body);
            }
        }
        m_wire.clear();
        m_owner = u"sender-%1"_s.arg(++m_owners);
        start();
    }

    // --- the judge

    void compare() {
        if (!m_receiver.complaint.isEmpty()) {
            fail(m_receiver.complaint);
        }
        using Reviews = Result<QHash<CallKey, Review>>;
        const auto all = m_database ? m_database->allReviews() : Reviews(failure(makeError(ErrorKind::Storage)));
        if (!all) {
            fail(u"allReviews"_s);
            return;
        }
        for (const Place& place : m_places) {
            const Review review = all->value(place.first);
            const auto& edit = place.second == ReviewField::Notes ? review.notes : review.disposition;
            const Counting counting = edit ? Counting(edit->value) : Counting();
            if (counting != m_counting[place]) {
                fail(u"%1 %2 is %3, should be %4"_s.arg(
                    place.first.remoteId, word(place.second), counting ? shown(*counting) : u"the provider's"_s,
                    m_counting[place] ? shown(*m_counting[place]) : u"the provider's"_s));
            }
        }
        for (auto it = all->cbegin(); it != all->cend(); ++it) {
            const bool isKnown = std::any_of(m_places.begin(), m_places.end(),
                                             [&](const Place& place) { return place.first == it.key(); });
            if (!isKnown) {
                fail(u"a call that nobody touched"_s);
            }
        }
        const auto drafts = m_database->drafts();
        if (!drafts || drafts->size() != m_drafts.size()) {
            fail(u"%1 drafts, should be %2"_s.arg(drafts ? int(drafts->size()) : -1).arg(m_drafts.size()));
            return;
        }
        for (const Draft& draft : *drafts) {
            if (m_drafts[{draft.key, draft.field}] != draft.text) {
                fail(u"draft "_s + draft.text);
            }
        }
    }

    void drain() {
        while (!m_wire.empty()) {
            endOnWire();
        }
        for (int round = 0; round < 200; ++round) {
            m_now += 10min;
            merge();
            const auto due = m_database->dueDeliveries(m_account, m_now, 10);
            if (!due || due->empty()) {
                break;
            }
            if (!take()) {
                fail(u"due, but cannot be taken"_s);
                return;
            }
            while (!m_wire.empty()) {
                m_receiver.apply(m_wire.back().body);
                Settlement sent;
                sent.state = EditState::Sent;
                if (!m_database->settle(m_wire.back().delivery.id, m_owner, sent, m_now)) {
                    fail(u"settle"_s);
                }
                m_wire.pop_back();
            }
        }
        compare();
        judgeTheEnd();
    }

    void judgeTheEnd() {
        const auto pending = m_database->pending();
        for (const PendingEdit& line : pending ? *pending : std::vector<PendingEdit>()) {
            const Place place{line.key, line.field};
            if (line.state == EditState::Waiting || line.state == EditState::Sending) {
                fail(u"%1 %2 still %3"_s.arg(line.key.remoteId, word(line.field), word(line.state)));
            }
            if (line.state == EditState::Sent && m_receiver.values[place] != line.to) {
                fail(u"%1 %2: sent %3, the target has %4"_s.arg(line.key.remoteId, word(line.field), shown(line.to),
                                                                shown(m_receiver.values[place])));
            }
        }
        std::set<QString> told;
        for (const Place& place : m_places) {
            const auto history = m_database->history(place.first);
            const auto conflicts = m_database->conflicts(place.first);
            if (!history || !conflicts) {
                fail(u"history"_s);
                return;
            }
            for (const HistoryEntry& line : *history) {
                told.insert(line.to.value_or(QString()));
            }
            for (const ReviewConflict& conflict : *conflicts) {
                told.insert(conflict.theirs.value_or(QString()));
            }
        }
        for (const QString& text : m_acknowledged) {
            if (!told.contains(text) && std::none_of(m_provider.begin(), m_provider.end(),
                                                     [&](const auto& one) { return one.second == text; })) {
                fail(u"a text is nowhere any more: "_s + text);
            }
        }
        const auto check = m_database->check();
        if (!check || !check->isEmpty()) {
            fail(u"check: "_s + (check ? check->join(u' ') : check.error().detail));
        }
    }

    std::mt19937 m_random;
    Account m_account;
    std::vector<Place> m_places;
    ByPlace<Value> m_provider;
    ByPlace<Counting> m_counting;
    ByPlace<QString> m_drafts;
    std::set<QString> m_acknowledged;
    std::vector<Step> m_done;
    std::vector<Step> m_undone;
    Receiver m_receiver;
    std::vector<OnWire> m_wire;
    QString m_owner = u"sender-0"_s;
    int m_owners = 0;
    int m_words = 0;
    int m_steps = 0;
    int m_failAt = -1;
    Moment m_now = momentFromMs(1'776'523'022'419);
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<ReviewsDatabase> m_database;
    QString m_trouble;
};

}  // namespace

class TestInterleavings : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void everySeedHolds();
};

void TestInterleavings::everySeedHolds() {
    const int seeds = qEnvironmentVariableIsSet("EARMARK_SEEDS") ? qEnvironmentVariableIntValue("EARMARK_SEEDS") : 1000;
    const bool isOne = qEnvironmentVariableIsSet("EARMARK_SEED") && !qEnvironmentVariableIsSet("EARMARK_SEEDS");
    const quint32 first = test::testSeed();
    for (int i = 0; i < (isOne ? 1 : seeds); ++i) {
        const quint32 seed = first + quint32(i);
        World world(seed);
        const QString trouble = world.run(40);
        if (!trouble.isEmpty()) {
            qWarning().noquote()
                << world.log.mid(std::max<qsizetype>(0, world.log.size() - (isOne ? 10000 : 60))).join(u'\n');
            QFAIL(qPrintable(u"EARMARK_SEED=%1: %2"_s.arg(seed).arg(trouble)));
        }
    }
}

QTEST_GUILESS_MAIN(TestInterleavings)
#include "tst_interleavings.moc"
