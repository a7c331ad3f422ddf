// The accounts of a profile: names, duplicates, what is kept over a restart.
#include <QTest>

#include "models/sync/accountbook.h"
#include "tests/sync/syncrig.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

class TestAccountBook final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void addedAccountsComeBack();
    void badNamesAreRefused_data();
    void badNamesAreRefused();
    void usedNameIsRefused();
    void plainHttpIsRefused();
    void settingsAreChanged();
    void anotherTargetIsStoredWithWhatWaits();
    void aTargetThatCannotBeUsedIsRefused();
    void removedAccountsGo();
    void editsGoOnlyWhenThatIsWanted();
};

void TestAccountBook::addedAccountsComeBack() {
    YotelServer server;
    SyncRig rig(server);
    {
        AccountBook book(rig.store.get());
        QSignalSpy changed(&book, &AccountBook::changed);
        Account account = server.account(u"sales-de"_s);
        account.pageSize = 50;
        account.assumedZone = u"Asia/Kolkata"_s;
        account.agentIsFirstChannel = false;
        QVERIFY(awaited<void>([&](auto done) { book.add(account, this, done); }).has_value());
        QCOMPARE(changed.size(), 1);
        QCOMPARE(book.accounts().size(), size_t(1));
    }
    rig.store.reset();
    rig.open();
    AccountBook book(rig.store.get());
    QVERIFY(book.accounts().empty());
    QVERIFY(awaited<void>([&](auto done) { book.load(this, done); }).has_value());
    const Account* found = book.find(u"sales-de"_s);
    QVERIFY(found != nullptr);
    QCOMPARE(found->pageSize, 50);
    QCOMPARE(found->assumedZone, u"Asia/Kolkata"_s);
    QCOMPARE(found->agentIsFirstChannel, false);
    QCOMPARE(found->baseUrl, server.account().baseUrl);
    QVERIFY(book.find(u"other"_s) == nullptr);
}

void TestAccountBook::badNamesAreRefused_data() {
    QTest::addColumn<QString>("name");
    for (const char* name : {"", "A", "-a", "a b", "a/b", "ä", "a_b", "a\n", "01234567890123456789012345678901"}) {
        QTest::newRow(name) << QString::fromUtf8(name);
    }
}

void TestAccountBook::badNamesAreRefused() {
    QFETCH(QString, name);
    YotelServer server;
    SyncRig rig(server);
    AccountBook book(rig.store.get());
    bool within = true;
    bool calledWithin = false;
    std::optional<Done> result;
    book.add(server.account(name), this, [&](const Done& done) {
        calledWithin = within;
        result = done;
    });
    within = false;
    QTRY_VERIFY(result.has_value());
    QVERIFY(!calledWithin);
    QVERIFY(!*result);
    QCOMPARE(result->error().kind, ErrorKind::InvalidInput);
    QVERIFY(book.accounts().empty());
}

void TestAccountBook::usedNameIsRefused() {
    YotelServer server;
    SyncRig rig(server);
    AccountBook book(rig.store.get());
    QVERIFY(awaited<void>([&](auto done) { book.add(server.account(), this, done); }).has_value());
    const Done again = awaited<void>([&](auto done) { book.add(server.account(), this, done); });
    QVERIFY(!again);
    QCOMPARE(again.error().kind, ErrorKind::InvalidInput);
    QVERIFY(again.error().message.contains(u"main"_s));
    QCOMPARE(book.accounts().size(), size_t(1));
}

void TestAccountBook::plainHttpIsRefused() {
    YotelServer server;
    SyncRig rig(server);
    AccountBook book(rig.store.get());
    Account account = server.account();
    account.baseUrl = QUrl(u"http://api.example.com/v1"_s);
    const Done added = awaited<void>([&](auto done) { book.add(account, this, done); });
    QVERIFY(!added);
    QCOMPARE(added.error().kind, ErrorKind::InvalidInput);
}

void TestAccountBook::anotherTargetIsStoredWithWhatWaits() {
    YotelServer server;
    SyncRig rig(server);
    AccountBook book(rig.store.get());
    Account account = server.account();
    QVERIFY(awaited<void>([&](auto done) { book.add(account, this, done); }).has_value());
    const CallKey key{account.name, u"a"_s};
    QVERIFY(awaited<Review>([&](auto done) {
                rig.store->commitEdit({key, ReviewField::Disposition, u"CALLBACK"_s, u"SALE"_s, u"desk"_s}, this, done);
            }).has_value());
    QCOMPARE(rig.store->review(key).disposition->state, EditState::Kept);
    QSignalSpy changed(&book, &AccountBook::changed);
    account.target.kind = TargetKind::File;
    account.target.folder = u"/nowhere/reviews"_s;
    QVERIFY(awaited<void>([&](auto done) { book.changeTarget(account, WhatWaits::Send, this, done); }).has_value());
    QCOMPARE(changed.size(), 1);
    QCOMPARE(book.find(account.name)->target, account.target);
    QCOMPARE(rig.store->review(key).disposition->state, EditState::Waiting);
    account.target = TargetSettings();
    QVERIFY(awaited<void>([&](auto done) { book.changeTarget(account, WhatWaits::Keep, this, done); }).has_value());
    QCOMPARE(rig.store->review(key).disposition->state, EditState::Kept);
    QCOMPARE(changed.size(), 2);
}

void TestAccountBook::aTargetThatCannotBeUsedIsRefused() {
    YotelServer server;
    SyncRig rig(server);
    AccountBook book(rig.store.get());
    Account account = server.account();
    QVERIFY(awaited<void>([&](auto done) { book.add(account, this, done); }).has_value());
    QSignalSpy changed(&book, &AccountBook::changed);
    Account bad = account;
    bad.target.kind = TargetKind::Webhook;
    bad.target.url = QUrl(u"http://hooks.example.test/reviews"_s);
    const auto kindOf = [](const Done& done) { return done ? ErrorKind::Internal : done.error().kind; };
    QCOMPARE(kindOf(awaited<void>([&](auto done) { book.changeTarget(bad, WhatWaits::Send, this, done); })),
             ErrorKind::InvalidInput);
    QCOMPARE(kindOf(awaited<void>([&](auto done) { book.update(bad, this, done); })), ErrorKind::InvalidInput);
    bad.name = u"second"_s;
    QCOMPARE(kindOf(awaited<void>([&](auto done) { book.add(bad, this, done); })), ErrorKind::InvalidInput);
    bad.target = TargetSettings();
    QCOMPARE(kindOf(awaited<void>([&](auto done) { book.changeTarget(bad, WhatWaits::Keep, this, done); })),
             ErrorKind::NotFoundHere);
    QCOMPARE(changed.size(), 0);
    QCOMPARE(book.find(account.name)->target, TargetSettings());
}

void TestAccountBook::removedAccountsGo() {
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, 3);
    SyncRig rig(server);
    AccountBook book(rig.store.get());
    QVERIFY(awaited<void>([&](auto done) { book.add(server.account(), this, done); }).has_value());
    QVERIFY(rig.pull(book.accounts()).allOk());
    QCOMPARE(rig.rows().size(), size_t(3));
    QVERIFY(awaited<void>([&](auto done) { book.remove(u"main"_s, this, done); }).has_value());
    QVERIFY(book.accounts().empty());
    QVERIFY(rig.rows().empty());
    const Done again = awaited<void>([&](auto done) { book.remove(u"main"_s, this, done); });
    QVERIFY(!again);
    QCOMPARE(again.error().kind, ErrorKind::NotFoundHere);
}

void TestAccountBook::settingsAreChanged() {
    YotelServer server;
    SyncRig rig(server);
    AccountBook book(rig.store.get());
    QVERIFY(awaited<void>([&](auto done) { book.add(server.account(), this, done); }).has_value());
    QSignalSpy changed(&book, &AccountBook::changed);
    Account other = server.account();
    other.isEnabled = false;
    other.scope.lastDays = 7;
    QVERIFY(awaited<void>([&](auto done) { book.update(other, this, done); }).has_value());
    QCOMPARE(changed.size(), 1);
    QCOMPARE(*book.find(u"main"_s), other);
    AccountBook again(rig.store.get());
    QVERIFY(awaited<void>([&](auto done) { again.load(this, done); }).has_value());
    QCOMPARE(*again.find(u"main"_s), other);

    Account wrong = other;
    wrong.provider = Provider::Vatel;  // the calls that are here are Yotel's
    QCOMPARE(awaited<void>([&](auto done) { book.update(wrong, this, done); }).error().kind, ErrorKind::InvalidInput);
    wrong = other;
    wrong.baseUrl = QUrl(u"http://api.example.com/v1"_s);
    QCOMPARE(awaited<void>([&](auto done) { book.update(wrong, this, done); }).error().kind, ErrorKind::InvalidInput);
    wrong = other;
    wrong.name = u"nobody"_s;
    QCOMPARE(awaited<void>([&](auto done) { book.update(wrong, this, done); }).error().kind, ErrorKind::NotFoundHere);
    QCOMPARE(book.accounts().size(), size_t(1));
    QCOMPARE(*book.find(u"main"_s), other);
}

void TestAccountBook::editsGoOnlyWhenThatIsWanted() {
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, 2);
    SyncRig rig(server);
    AccountBook book(rig.store.get());
    for (const auto edits : {AccountBook::Edits::Stay, AccountBook::Edits::Go}) {
        QVERIFY(awaited<void>([&](auto done) { book.add(server.account(), this, done); }).has_value());
        QVERIFY(rig.pull(book.accounts()).allOk());
        const CallKey key{u"main"_s, u"c-00001"_s};
        QVERIFY(awaited<Review>([&](auto done) {
                    rig.store->commitEdit({key, ReviewField::Notes, {}, u"kept"_s, u"desk"_s}, this, done);
                }).has_value());
        QCOMPARE(awaited<qint64>([&](auto done) { rig.store->countCalls(u"main"_s, this, done); }).value(), 2);
        QCOMPARE(rig.store->countReviewedCalls(u"main"_s), 1);
        QVERIFY(awaited<void>([&](auto done) { book.remove(u"main"_s, edits, this, done); }).has_value());
        const bool stays = edits == AccountBook::Edits::Stay;
        QCOMPARE(rig.store->countReviewedCalls(u"main"_s), stays ? 1 : 0);
        QCOMPARE(awaited<std::vector<HistoryEntry>>([&](auto done) { rig.store->loadHistory(key, this, done); })
                     .value()
                     .empty(),
                 !stays);
        QCOMPARE(awaited<qint64>([&](auto done) { rig.store->countCalls(u"main"_s, this, done); }).value(), 0);
    }
}

QTEST_GUILESS_MAIN(TestAccountBook)
#include "tst_accountbook.moc"
