// reviews.db: the way of edits to a target. What travels together, what is frozen, what is repeated, what is dropped,
// and that nothing of a call overtakes anything of the same call.
#include <QTemporaryDir>
#include <QTest>
#include <memory>

#include "models/store/reviewsdatabase.h"
#include "tests/store/samplecalls.h"

using namespace earmark;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using sample::kNow;

namespace {

const CallKey kKey{u"main"_s, u"call-1"_s};
const QString kOwner = u"sender-1"_s;
const QByteArray kBody = "{\"frozen\":1}";

Account webhookAccount() {
    Account account;
    account.name = u"main"_s;
    account.baseUrl = defaultBaseUrl(Provider::Yotel);
    account.target.kind = TargetKind::Webhook;
    account.target.url = QUrl(u"https://hooks.example.com/reviews"_s);
    return account;
}

}  // namespace

class TestOutbox : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init();
    void withoutATargetEditsAreKept();
    void oneCommitIsOneDelivery();
    void unsentEditsOfACallTravelTogether();
    void whatIsBeingSentTakesNothingMore();
    void anUnclearEndIsRepeatedFirst();
    void whatNeverLeftMayStillChange();
    void ordersPerCallNotAcrossCalls();
    void fromIsWhatTheTargetWasToldLast();
    void restoreIsSentOnlyToWhoWasTold();
    void refusedAndSentAgain();
    void conflictWithATarget();
    void twoSendersOneLease();
    void aKilledSenderIsReclaimed();
    void onlyTheAccountThatItWas();
    void marksNeverTravel();
    void anotherTarget();
    void notesThatTheTargetDoesNotTake();
    void removedAccountSendsNothing();
    void whatWasKeptTogetherIsSentTogether();
    void aCodeThatGotAWordIsSent();
    void whatMayHaveArrivedIsNotForgotten();
    void aConflictTakesNothingFromWhatWasSent();
    void whyItWaitsIsTold();
    void theEndOfWhatNeverArrivedIsNotTold();
    void saidAgainOnTheCommandLine();

 private:
    [[nodiscard]] Review commit(ReviewField field, const std::optional<QString>& value, const CallKey& key = kKey) {
        auto review = m_database->commitEdit({key, field, std::nullopt, value, u"desk"_s}, m_now += 1s);
        return review ? *review : Review();
    }
    [[nodiscard]] std::vector<Delivery> due(std::optional<Moment> now = std::nullopt) {
        auto deliveries = m_database->dueDeliveries(m_account, now, 100);
        if (!deliveries) {
            qWarning("%s %s", qPrintable(deliveries.error().message), qPrintable(deliveries.error().detail));
        }
        return deliveries ? *deliveries : std::vector<Delivery>();
    }
    [[nodiscard]] bool take(const Delivery& delivery, const QString& owner = kOwner) {
        const auto taken =
            m_database->takeForSending(delivery, owner, m_now + 60s, kBody, destinationText(m_account.target), m_now);
        return taken && *taken;
    }
    void settle(const Delivery& delivery, EditState state, bool arrived = false, const QString& reason = {}) {
        Settlement settlement;
        settlement.state = state;
        settlement.mayHaveArrived = arrived;
        settlement.reason = reason;
        if (state == EditState::Waiting) {
            settlement.nextTry = m_now + 30s;
        }
        QVERIFY(m_database->settle(delivery.id, kOwner, settlement, m_now += 1s));
    }
    [[nodiscard]] std::vector<PendingEdit> pending() { return *m_database->pending(); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<ReviewsDatabase> m_database;
    Account m_account;
    Moment m_now{};
};

void TestOutbox::init() {
    m_database.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    auto database = ReviewsDatabase::open(m_folder->filePath(u"reviews.db"_s), ReviewsDatabase::Access::ReadWrite);
    QVERIFY(database);
    m_database = std::move(*database);
    m_account = webhookAccount();
    m_now = kNow;
    QVERIFY(m_database->saveAccount(m_account));
}

void TestOutbox::withoutATargetEditsAreKept() {
    m_account.target = {};
    QVERIFY(m_database->saveAccount(m_account));
    QCOMPARE(commit(ReviewField::Notes, u"kept"_s).notes->state, EditState::Kept);
    QCOMPARE(pending().size(), size_t(1));
    QCOMPARE(pending().front().target, u"none"_s);
    QVERIFY(due().empty());
}

void TestOutbox::oneCommitIsOneDelivery() {
    const auto reviews =
        m_database->commitEdits({{kKey, ReviewField::Disposition, u"OLD"_s, u"CALLBACK"_s, u"command_line"_s, u"s"_s},
                                 {kKey, ReviewField::Notes, std::nullopt, u"call again"_s, u"command_line"_s, u"s"_s}},
                                m_now);
    QVERIFY(reviews);
    QCOMPARE(reviews->size(), size_t(1));
    const auto lines = pending();
    QCOMPARE(lines.size(), size_t(2));
    QCOMPARE(lines[0].delivery, lines[1].delivery);
    QCOMPARE(lines[0].state, EditState::Waiting);
    QCOMPARE(lines[0].destination, u"hooks.example.com/reviews"_s);
    const auto deliveries = due();
    QCOMPARE(deliveries.size(), size_t(1));
    QCOMPARE(deliveries[0].revision, 1);
    QCOMPARE(deliveries[0].changes, (std::vector<FieldChange>{{ReviewField::Disposition, u"OLD"_s, u"CALLBACK"_s},
                                                              {ReviewField::Notes, std::nullopt, u"call again"_s}}));
    QVERIFY(take(deliveries[0]));
    QCOMPARE(m_database->review(kKey)->notes->state, EditState::Sending);
    settle(deliveries[0], EditState::Sent);
    QCOMPARE(m_database->review(kKey)->disposition->state, EditState::Sent);
    QVERIFY(pending()[0].sentAt);
    QVERIFY(due().empty());
    const auto undo = m_database->undoState();
    QVERIFY(undo && undo->undo);
    QCOMPARE(undo->undo->edits, qint64(2));
}

void TestOutbox::unsentEditsOfACallTravelTogether() {
    QVERIFY(commit(ReviewField::Disposition, u"A"_s).disposition);
    QVERIFY(commit(ReviewField::Notes, u"one"_s).notes);
    QVERIFY(commit(ReviewField::Notes, u"two"_s).notes);
    const auto deliveries = due();
    QCOMPARE(deliveries.size(), size_t(1));
    QCOMPARE(deliveries[0].changes.size(), size_t(2));
    QCOMPARE(*deliveries[0].changes[1].to, u"two"_s);
    QVERIFY(take(deliveries[0]));
    settle(deliveries[0], EditState::Sent);
    const auto history = m_database->history(kKey);
    QCOMPARE((*history)[1].fate, u"superseded"_s);
    QCOMPARE((*history)[2].fate, u"sent"_s);
    QCOMPARE((*history)[2].destination, u"hooks.example.com/reviews"_s);
    QVERIFY((*history)[2].sentAt);
}

void TestOutbox::whatIsBeingSentTakesNothingMore() {
    QVERIFY(commit(ReviewField::Notes, u"one"_s).notes);
    const auto first = due();
    QVERIFY(take(first[0]));
    const Review after = commit(ReviewField::Notes, u"two"_s);
    QCOMPARE(after.notes->state, EditState::Waiting);
    QVERIFY(after.notes->delivery != first[0].id);
    QVERIFY(due().empty());  // its predecessor is under way
    settle(first[0], EditState::Sent);
    QCOMPARE(m_database->review(kKey)->notes->state, EditState::Waiting);
    const auto second = due();
    QCOMPARE(second.size(), size_t(1));
    QCOMPARE(second[0].revision, 2);
    QCOMPARE(second[0].changes, (std::vector<FieldChange>{{ReviewField::Notes, u"one"_s, u"two"_s}}));
    QCOMPARE((*m_database->history(kKey))[0].fate, u"sent"_s);
}

void TestOutbox::anUnclearEndIsRepeatedFirst() {
    QVERIFY(commit(ReviewField::Notes, u"early"_s).notes);
    QVERIFY(commit(ReviewField::Notes, u"one"_s).notes);  // "early" was never sent and is not part of what is repeated
    const auto first = due();
    QVERIFY(take(first[0]));
    settle(first[0], EditState::Waiting, true, u"no answer"_s);
    QVERIFY(commit(ReviewField::Notes, u"two"_s).notes);
    QVERIFY(commit(ReviewField::Disposition, u"D"_s).disposition);
    QVERIFY(due(m_now).empty());  // not before its next try
    auto again = due(m_now + 1h);
    QCOMPARE(again.size(), size_t(1));
    QCOMPARE(again[0].id, first[0].id);
    QCOMPARE(again[0].body, kBody);
    QVERIFY(again[0].mayHaveArrived);
    QCOMPARE(again[0].attempts, 1);
    QCOMPARE(again[0].changes, first[0].changes);
    QVERIFY(take(again[0]));
    settle(again[0], EditState::Sent);
    again = due();
    QCOMPARE(again.size(), size_t(1));
    QCOMPARE(again[0].changes.size(), size_t(2));
    QVERIFY(again[0].body.isEmpty());
    QCOMPARE((*m_database->history(kKey))[0].fate, u"superseded"_s);
}

void TestOutbox::whatNeverLeftMayStillChange() {
    QVERIFY(commit(ReviewField::Notes, u"one"_s).notes);
    const auto first = due();
    QVERIFY(take(first[0]));
    settle(first[0], EditState::Waiting, false, u"offline"_s);
    QVERIFY(commit(ReviewField::Notes, u"two"_s).notes);
    const auto again = due();
    QCOMPARE(again.size(), size_t(1));
    QCOMPARE(again[0].id, first[0].id);
    QVERIFY(!again[0].mayHaveArrived);
    QVERIFY(again[0].body.isEmpty());
    QCOMPARE(again[0].changes, (std::vector<FieldChange>{{ReviewField::Notes, std::nullopt, u"two"_s}}));
}

void TestOutbox::ordersPerCallNotAcrossCalls() {
    QVERIFY(commit(ReviewField::Notes, u"a"_s).notes);
    QVERIFY(take(due()[0]));
    QVERIFY(commit(ReviewField::Notes, u"b"_s).notes);
    QVERIFY(commit(ReviewField::Notes, u"c"_s, {u"main"_s, u"call-2"_s}).notes);
    const auto deliveries = due();
    QCOMPARE(deliveries.size(), size_t(1));
    QCOMPARE(deliveries[0].key.remoteId, u"call-2"_s);
}

void TestOutbox::fromIsWhatTheTargetWasToldLast() {
    QVERIFY(m_database->commitEdit({kKey, ReviewField::Disposition, u"PROVIDER"_s, u"A"_s, u"desk"_s}, m_now));
    const auto first = due();
    QCOMPARE(*first[0].changes[0].from, u"PROVIDER"_s);
    QVERIFY(take(first[0]));
    settle(first[0], EditState::Sent);
    QVERIFY(m_database->commitEdit({kKey, ReviewField::Disposition, u"PROVIDER"_s, u"B"_s, u"desk"_s}, m_now));
    QCOMPARE(*due()[0].changes[0].from, u"A"_s);
}

void TestOutbox::restoreIsSentOnlyToWhoWasTold() {
    QVERIFY(m_database->commitEdit({kKey, ReviewField::Disposition, u"PROVIDER"_s, u"A"_s, u"desk"_s}, m_now));
    QVERIFY(m_database->restoreField(kKey, ReviewField::Disposition, u"restore"_s, m_now));
    QVERIFY(due().empty());
    QVERIFY(pending().empty());
    QVERIFY(m_database->commitEdit({kKey, ReviewField::Disposition, u"PROVIDER"_s, u"A"_s, u"desk"_s}, m_now));
    const auto first = due();
    QVERIFY(take(first[0]));
    settle(first[0], EditState::Sent);
    QVERIFY(m_database->restoreField(kKey, ReviewField::Disposition, u"restore"_s, m_now));
    QVERIFY(!m_database->review(kKey)->disposition);
    const auto second = due();
    QCOMPARE(second.size(), size_t(1));
    QCOMPARE(second[0].changes, (std::vector<FieldChange>{{ReviewField::Disposition, u"A"_s, u"PROVIDER"_s}}));
    QCOMPARE(pending().size(), size_t(1));
    QCOMPARE(*pending()[0].to, u"PROVIDER"_s);
}

void TestOutbox::refusedAndSentAgain() {
    QVERIFY(commit(ReviewField::Notes, u"one"_s).notes);
    const auto first = due();
    QVERIFY(take(first[0]));
    settle(first[0], EditState::Refused, false, u"too long"_s);
    QCOMPARE(pending()[0].state, EditState::Refused);
    QCOMPARE(pending()[0].reason, u"too long"_s);
    QVERIFY(due().empty());
    QVERIFY(commit(ReviewField::Disposition, u"D"_s).disposition);  // a refusal holds nothing else up
    QCOMPARE(due().size(), size_t(1));
    QVERIFY(m_database->sendAgain(u"main"_s, first[0].id));
    const auto again = due();
    QCOMPARE(again.size(), size_t(1));
    QCOMPARE(again[0].id, first[0].id);
    QCOMPARE(again[0].body, kBody);
    QVERIFY(m_database->keepHere(kKey, ReviewField::Notes));
    QCOMPARE(m_database->review(kKey)->notes->state, EditState::Kept);
    QCOMPARE(due()[0].changes[0].field, ReviewField::Disposition);

    QVERIFY(m_database->refuseUnsent(due()[0].id, u"no word for D"_s, m_now));
    QCOMPARE(m_database->review(kKey)->disposition->state, EditState::Refused);
}

void TestOutbox::conflictWithATarget() {
    QVERIFY(commit(ReviewField::Disposition, u"MINE"_s).disposition);
    QVERIFY(commit(ReviewField::Notes, u"my notes"_s).notes);
    const auto first = due();
    QVERIFY(take(first[0]));
    Settlement settlement;
    settlement.state = EditState::Conflict;
    settlement.theirs = {{ReviewField::Disposition, u"THEIRS"_s}};
    QVERIFY(m_database->settle(first[0].id, kOwner, settlement, m_now));
    const auto conflicts = m_database->openConflicts();
    QVERIFY(conflicts);
    QCOMPARE(conflicts->size(), size_t(2));
    QCOMPARE((*conflicts)[0].theirs, std::optional(u"THEIRS"_s));
    QVERIFY((*conflicts)[0].theirsKnown && !(*conflicts)[1].theirsKnown);
    QCOMPARE((*conflicts)[0].foundWith, u"webhook"_s);
    QVERIFY(due().empty());

    EditToCommit mine{kKey, ReviewField::Disposition, u"PROVIDER"_s, u"MINE"_s, u"conflict"_s};
    mine.whenEqual = EditToCommit::WhenEqual::Commit;
    QVERIFY(m_database->commitEdit(mine, m_now));
    QCOMPARE(due().size(), size_t(1));
    QVERIFY(due()[0].id != first[0].id);
    QCOMPARE(*due()[0].changes[0].from, u"THEIRS"_s);  // what it said that it holds, whatever base the edit has
    const auto kept = m_database->conflicts(kKey);
    QCOMPARE(kept->size(), size_t(2));
    QVERIFY(!(*kept)[0].isOpen && (*kept)[1].isOpen);
    QCOMPARE(*(*kept)[0].mine, u"MINE"_s);
}

void TestOutbox::twoSendersOneLease() {
    QVERIFY(commit(ReviewField::Notes, u"one"_s).notes);
    const auto first = due();
    QVERIFY(take(first[0], u"sender-1"_s));
    QVERIFY(!take(first[0], u"sender-2"_s));
    Settlement sent;
    sent.state = EditState::Sent;
    const auto nothing = m_database->settle(first[0].id, u"sender-2"_s, sent, m_now);
    QVERIFY(nothing && nothing->empty());
    QCOMPARE(m_database->review(kKey)->notes->state, EditState::Sending);
}

void TestOutbox::aKilledSenderIsReclaimed() {
    QVERIFY(commit(ReviewField::Notes, u"one"_s).notes);
    const auto first = due();
    QVERIFY(take(first[0]));
    QVERIFY(m_database->reclaim(m_now + 10s));
    QVERIFY(due().empty());  // the lease runs yet
    QVERIFY(m_database->reclaim(m_now + 2min));
    const auto again = due();
    QCOMPARE(again.size(), size_t(1));
    QCOMPARE(again[0].id, first[0].id);
    QVERIFY(again[0].mayHaveArrived);
    QCOMPARE(again[0].body, kBody);
    QVERIFY(take(again[0], u"sender-2"_s));
    QVERIFY(m_database->reclaim(std::nullopt));
    QCOMPARE(due().size(), size_t(1));
}

void TestOutbox::onlyTheAccountThatItWas() {
    QVERIFY(commit(ReviewField::Notes, u"one"_s).notes);
    m_account.baseUrl = QUrl(u"https://other.example.com/api"_s);
    QVERIFY(m_database->saveAccount(m_account));
    QVERIFY(due().empty());
    QCOMPARE(pending()[0].state, EditState::Waiting);
    m_account.baseUrl = defaultBaseUrl(Provider::Yotel);
    QCOMPARE(due().size(), size_t(1));
}

void TestOutbox::marksNeverTravel() {
    const QString mark = reviewedMarkText({m_now, 73.5});
    const Review review = commit(ReviewField::Reviewed, mark);
    QCOMPARE(*review.reviewedAt, m_now - 1s);
    QCOMPARE(*review.heardSeconds, 73.5);
    QCOMPARE(*commit(ReviewField::Flag, u"coach"_s).flag, u"coach"_s);
    QVERIFY(due().empty());
    QVERIFY(pending().empty());
    QVERIFY(!m_database->commitEdit({kKey, ReviewField::Reviewed, std::nullopt, u"yes"_s, u"desk"_s}, m_now));
}

void TestOutbox::anotherTarget() {
    QVERIFY(commit(ReviewField::Notes, u"one"_s).notes);
    QVERIFY(commit(ReviewField::Disposition, u"D"_s, {u"main"_s, u"call-2"_s}).disposition);
    const auto first = due();
    QVERIFY(take(first[0]));
    settle(first[0], EditState::Waiting, true);

    m_account.target = {};
    QVERIFY(m_database->changeTarget(m_account, WhatWaits::Send));
    for (const PendingEdit& line : pending()) {
        QCOMPARE(line.state, EditState::Kept);
        QCOMPARE(line.target, u"none"_s);
    }
    QCOMPARE(m_database->waitingEdits(u"main"_s)->kept, qint64(2));

    m_account.target.kind = TargetKind::File;
    m_account.target.folder = u"/srv/reviews"_s;
    QVERIFY(m_database->changeTarget(m_account, WhatWaits::Keep));
    QVERIFY(due().empty());
    QVERIFY(commit(ReviewField::Notes, u"two"_s).notes);
    QCOMPARE(due().size(), size_t(1));
    QCOMPARE(due()[0].target, u"file"_s);

    m_account.target = webhookAccount().target;
    QVERIFY(m_database->changeTarget(m_account, WhatWaits::Send));
    const auto deliveries = due();
    QCOMPARE(deliveries.size(), size_t(2));
    QCOMPARE(deliveries[0].target, u"webhook"_s);
    QVERIFY(deliveries[0].body.isEmpty());

    // Another mapping is no other target: what is frozen stays so.
    QVERIFY(take(deliveries[0]));
    settle(deliveries[0], EditState::Waiting, true);
    m_account.target.mapping.insert(u"D"_s, u"17"_s);
    QVERIFY(m_database->changeTarget(m_account, WhatWaits::Send));
    QVERIFY(due(m_now + 1h)[0].mayHaveArrived);
    QCOMPARE(m_database->accounts()->front().target, m_account.target);
}

void TestOutbox::notesThatTheTargetDoesNotTake() {
    m_account.provider = Provider::Autocalls;
    m_account.baseUrl = defaultBaseUrl(Provider::Autocalls);
    m_account.target = {};
    m_account.target.kind = TargetKind::AutocallsLead;
    QVERIFY(m_database->saveAccount(m_account));
    QVERIFY(commit(ReviewField::Disposition, u"D"_s).disposition);
    QCOMPARE(commit(ReviewField::Notes, u"private"_s).notes->state, EditState::Kept);
    QCOMPARE(due()[0].changes.size(), size_t(1));
    m_account.target.withNotes = true;
    QVERIFY(m_database->changeTarget(m_account, WhatWaits::Keep));
    QCOMPARE(m_database->review(kKey)->notes->state, EditState::Kept);
    QVERIFY(m_database->changeTarget(m_account, WhatWaits::Send));
    QCOMPARE(m_database->review(kKey)->notes->state, EditState::Waiting);
}

void TestOutbox::removedAccountSendsNothing() {
    QVERIFY(commit(ReviewField::Notes, u"one"_s).notes);
    QVERIFY(m_database->removeAccount(u"main"_s));
    QCOMPARE(pending()[0].state, EditState::Kept);
    QVERIFY(m_database->check() && m_database->check()->isEmpty());
}

void TestOutbox::whatWasKeptTogetherIsSentTogether() {
    const TargetSettings webhook = m_account.target;
    m_account.target = {};
    QVERIFY(m_database->saveAccount(m_account));
    QVERIFY(commit(ReviewField::Disposition, u"D"_s).disposition);
    QVERIFY(commit(ReviewField::Notes, u"n"_s).notes);
    m_account.target = webhook;
    QVERIFY(m_database->changeTarget(m_account, WhatWaits::Send));
    QCOMPARE(due().size(), size_t(1));
    QCOMPARE(due()[0].changes.size(), size_t(2));
    const Delivery taken = due()[0];
    QVERIFY(take(taken));
    settle(taken, EditState::Refused);
    QCOMPARE(pending()[1].state, EditState::Refused);
    m_account.target.url = QUrl(u"https://other.example.com/"_s);
    QVERIFY(m_database->changeTarget(m_account, WhatWaits::Send));
    QCOMPARE(due().size(), size_t(1));
    QCOMPARE(due()[0].changes.size(), size_t(2));
    QVERIFY(due()[0].body.isEmpty());
    QVERIFY(take(due()[0]));
}

void TestOutbox::aCodeThatGotAWordIsSent() {
    QVERIFY(commit(ReviewField::Disposition, u"D"_s).disposition);
    QVERIFY(m_database->refuseUnsent(due()[0].id, u"D has no word at the target"_s, m_now));
    QCOMPARE(m_database->waitingEdits(u"main"_s)->refused, qint64(1));
    m_account.target.mapping.insert(u"D"_s, u"17"_s);
    QVERIFY(m_database->changeTarget(m_account, WhatWaits::Keep));
    QCOMPARE(due().size(), size_t(1));
    QCOMPARE(m_database->waitingEdits(u"main"_s)->waiting, qint64(1));
}

void TestOutbox::whatMayHaveArrivedIsNotForgotten() {
    const TargetSettings webhook = m_account.target;
    QVERIFY(m_database->commitEdit({kKey, ReviewField::Disposition, u"PROVIDER"_s, u"MAYBE"_s, u"desk"_s}, m_now));
    const auto first = due();
    QVERIFY(take(first[0]));
    settle(first[0], EditState::Waiting, true);
    m_account.target = {};
    QVERIFY(m_database->changeTarget(m_account, WhatWaits::Send));
    QVERIFY(m_database->restoreField(kKey, ReviewField::Disposition, u"restore"_s, m_now));
    QVERIFY(due().empty());
    m_account.target = webhook;
    QVERIFY(m_database->changeTarget(m_account, WhatWaits::Send));
    QCOMPARE(due().size(), size_t(1));
    QCOMPARE(*due()[0].changes[0].to, u"PROVIDER"_s);
    QCOMPARE(*pending()[0].from, u"MAYBE"_s);
    QCOMPARE(*pending()[0].to, u"PROVIDER"_s);
}

void TestOutbox::aConflictTakesNothingFromWhatWasSent() {
    const Review review = commit(ReviewField::Disposition, u"A"_s);
    const auto first = due();
    QVERIFY(take(first[0]));
    settle(first[0], EditState::Sent);
    QVERIFY(m_database->noteProviderMerge(
        {kKey, ReviewField::Disposition, review.disposition->sequence, ProviderMerge::Outcome::Conflict, u"AI"_s, {}},
        m_now));
    QCOMPARE((*m_database->history(kKey))[0].fate, u"conflict"_s);
    QVERIFY((*m_database->history(kKey))[0].sentAt);
    QVERIFY(m_database->commitEdit({kKey, ReviewField::Disposition, u"AI"_s, u"B"_s, u"desk"_s}, m_now));
    QCOMPARE((*m_database->history(kKey))[0].fate, u"sent"_s);
    QVERIFY((*m_database->history(kKey))[0].sentAt);
    QVERIFY(m_database->restoreField(kKey, ReviewField::Disposition, u"restore"_s, m_now));
    QCOMPARE(due().size(), size_t(1));  // it was told of A
}

void TestOutbox::theEndOfWhatNeverArrivedIsNotTold() {
    QVERIFY(commit(ReviewField::Disposition, u"A"_s).disposition);
    const auto first = due();
    QVERIFY(take(first[0]));
    QVERIFY(m_database->restoreField(kKey, ReviewField::Disposition, u"undo"_s, m_now));
    QCOMPARE(pending().size(), size_t(1));  // it was being sent just then
    settle(first[0], EditState::Refused, false, u"no"_s);
    QVERIFY(pending().empty());
    QVERIFY(due().empty());
}

void TestOutbox::whyItWaitsIsTold() {
    QVERIFY(commit(ReviewField::Disposition, u"A"_s).disposition);
    const auto first = due();
    QVERIFY(take(first[0]));
    settle(first[0], EditState::Waiting, true);
    QVERIFY(commit(ReviewField::Disposition, u"B"_s).disposition);
    QVERIFY(pending()[0].reason.contains(u"earlier edit"_s));
    QVERIFY(commit(ReviewField::Disposition, u"C"_s, {u"main"_s, u"call-2"_s}).disposition);
    QVERIFY(pending()[1].reason.isEmpty());
    m_account.baseUrl = QUrl(u"https://other.example.com/api"_s);
    QVERIFY(m_database->saveAccount(m_account));
    QVERIFY(pending()[1].reason.contains(u"another one"_s));
}

void TestOutbox::saidAgainOnTheCommandLine() {
    const auto say = [this](const std::optional<QString>& value) {
        return m_database->commitEdit({kKey, ReviewField::Disposition, std::nullopt, value, u"command_line"_s},
                                      m_now += 1s);
    };
    QVERIFY(say(std::nullopt)->disposition);  // cleared, although the provider has none
    QVERIFY(say(u"A"_s));
    const auto first = due();
    QVERIFY(take(first[0]));
    settle(first[0], EditState::Refused, false, u"no"_s);
    QCOMPARE(say(u"A"_s)->disposition->state, EditState::Waiting);
    QVERIFY(due()[0].id != first[0].id);
    const size_t lines = m_database->history(kKey)->size();
    QVERIFY(say(u"A"_s));
    QCOMPARE(m_database->history(kKey)->size(), lines);  // nothing more to say
}

QTEST_GUILESS_MAIN(TestOutbox)
#include "tst_outbox.moc"
