#include "tests/gui/busydesk.h"

#include <QApplication>
#include <QHeaderView>
#include <QSignalSpy>
#include <QTest>

#include "tests/audio/soundfixture.h"
#include "ui/calltable/calltable.h"
#include "ui/filter/filteredit.h"

namespace earmark::test {

using namespace Qt::StringLiterals;

namespace {

constexpr int kPaceMs = 15;  ///< between two doings of the hands; not a wait for anything

QJsonObject servedCall(const YotelServer& server, int number) {
    QJsonObject changes{
        {u"disposition"_s, number % 2 == 0 ? u"SALE"_s : u"CALLBACK"_s},
        {u"agent_id"_s, u"agent-%1"_s.arg(number % 30)},
        {u"ai_summary"_s,
         u"The customer asked about plan %1 and wants a call on day %2."_s.arg(number).arg(number % 7)},
    };
    if (number % 10 == 0) {
        changes.insert(u"has_recording"_s, true);
        changes.insert(u"recording_url"_s, server.url(u"/sound.wav"_s).toString());
    }
    return yotelCall(u"served-%1"_s.arg(number, 6, 10, QLatin1Char('0')), u"camp-1"_s, changes);
}

}  // namespace

QByteArray soundFile(int seconds) {
    return fixture::wav(fixture::noise(8000 * seconds, 1), 8000, 1);
}

BusyDesk::BusyDesk() {
    server.addCampaign(u"camp-1"_s, u"Spring"_s);
    server.on("/sound.wav", Reply::bytes(soundFile(20), "audio/wav"));
}

BusyDesk::~BusyDesk() = default;

bool BusyDesk::prepare(int storedCalls) {
    TestDesk before(folder.path(), settings);
    if (!before.start() || !before.addAccount(server.account().baseUrl)) {
        return false;
    }
    std::vector<Call> calls;
    calls.reserve(size_t(storedCalls));
    for (int i = 0; i < storedCalls; ++i) {
        calls.push_back(madeUpCall(i));
    }
    return before.storeCalls(calls);
}

void BusyDesk::serve(int calls) {
    for (int i = 0; i < calls; ++i) {
        server.addCall(servedCall(server, i));
    }
}

bool BusyDesk::open() {
    desk = std::make_unique<TestDesk>(folder.path(), settings);
    return desk->start();
}

void BusyDesk::key(Qt::Key code, Qt::KeyboardModifiers modifiers) {
    QWidget* const focused = QApplication::focusWidget();
    QTest::keyClick(focused != nullptr ? focused : desk->window.get(), code, modifiers);
    QTest::qWait(kPaceMs);
}

void BusyDesk::oneRound(int number) {
    auto* table = desk->find<CallTable>();
    auto* filter = desk->find<FilterEdit>();
    const QStringList filters{u"disposition:SALE"_s, u"talk:>20 plan"_s, u"agent:agent-1"_s, u"has:recording"_s,
                              QString()};
    key(Qt::Key_F, Qt::ControlModifier);
    filter->selectAll();
    QTest::keyClick(filter, Qt::Key_Delete);
    for (const QChar letter : filters[number % filters.size()]) {
        QTest::keyClick(filter, letter.toLatin1());
        QTest::qWait(kPaceMs / 5);
    }
    key(Qt::Key_Return);
    table->setFocus();
    QHeaderView* const header = table->horizontalHeader();
    const int section = header->logicalIndex(number % 5);
    QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, {header->sectionViewportPosition(section) + 12, 8});
    for (const Qt::Key move :
         {Qt::Key_End, Qt::Key_PageUp, Qt::Key_PageUp, Qt::Key_Home, Qt::Key_PageDown, Qt::Key_Down}) {
        key(move);
    }
    key(Qt::Key_Space);  // plays what has a recording
    key(Qt::Key_E);
    for (const char letter : QByteArrayView("Heard it all. ")) {
        QTest::keyClick(QApplication::focusWidget(), letter);
        QTest::qWait(kPaceMs / 5);
    }
    key(Qt::Key_Return, Qt::ControlModifier);
    key(Qt::Key_Escape);
}

bool BusyDesk::workDuringAPull() {
    QSignalSpy finished(&desk->puller, &Puller::finished);
    desk->find<CallTable>()->setFocus();
    key(Qt::Key_F5);
    int round = 0;
    for (QElapsedTimer patience =
             [] {
                 QElapsedTimer t;
                 t.start();
                 return t;
             }();
         finished.isEmpty() && !patience.hasExpired(60'000);) {
        oneRound(round++);
    }
    return !finished.isEmpty() && finished.first().first().value<PullReport>().allOk() && round > 0;
}

}  // namespace earmark::test
