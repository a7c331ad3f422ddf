// Random schedules of lists that change and lie while their pages are read, for each provider's way of paging: nothing
// is missing, nothing counts twice, nothing listed is called unlisted, and it ends. The plan and rules are those of the
// real walk; only network and store are played. EARMARK_SEED repeats a run, EARMARK_SCHEDULES makes it longer.
#include <QSet>
#include <QTest>
#include <map>

#include "models/sync/walkplan.h"
#include "tests/support/seed.h"
#include "tests/sync/shiftinglist.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

namespace {

/// What is stored of one list: ids, and those marked "not listed since".
struct Shelf {
    QSet<QString> known;
    QSet<QString> unlisted;
};

/// One walk over a list whose changes stop when a given pass begins.
class PlayedWalk {
 public:
    PlayedWalk(ShiftingList& list, Shelf& shelf, const WalkStart& start, int quietFromPass)
        : m_list(list), m_shelf(shelf), m_plan(start), m_quietFromPass(quietFromPass) {}

    /// False when it did not end within `mostPages`.
    [[nodiscard]] bool run(int mostPages) {
        beginPass();
        while (!m_over && taken <= mostPages) {
            for (const int page : m_plan.pagesToAsk()) {
                m_underWay.append(page);
            }
            if (m_arrived.contains(m_plan.nextPage())) {
                takeNext();
            } else {
                arrive();
            }
        }
        return m_over;
    }

    [[nodiscard]] const WalkRules& rules() const { return m_plan.rules(); }
    [[nodiscard]] int pass() const { return m_plan.pass(); }
    [[nodiscard]] bool wasQuietInTheEnd() const { return m_plan.pass() >= m_quietFromPass; }
    QSet<QString> throughout;  ///< on the server from the beginning of the last pass, as far as they are still
    QSet<QString> shown;       ///< by any page of this walk
    int taken = 0;

 private:
    void beginPass() {
        m_underWay.clear();
        m_arrived.clear();
        if (m_plan.pass() >= m_quietFromPass) {
            m_list.stopChanging();
        }
        if (m_plan.pass() > 1) {
            m_list.stopSlipping();  // the same wrong answer twice would be believed
        }
        throughout = QSet<QString>(m_list.rows().begin(), m_list.rows().end());
    }

    /// Pages asked for ahead are answered in any order.
    void arrive() {
        const int page = m_underWay.takeAt(m_list.below(int(m_underWay.size())));
        const PageFacts facts = m_list.answer(page);
        m_plan.arrived(facts);
        m_arrived.insert_or_assign(page, facts);
    }

    void takeNext() {
        const PageFacts facts = m_arrived.at(m_plan.nextPage());
        m_arrived.erase(m_plan.nextPage());
        ++taken;
        const WalkRules::Verdict verdict = m_plan.take(facts);
        const qsizetype knownBefore = m_shelf.known.size();
        for (const QString& id : facts.ids) {
            shown.insert(id);
            m_shelf.known.insert(id);
            m_shelf.unlisted.remove(id);
        }
        const bool beginsAnew = m_plan.beginsAnewAfter(m_shelf.known.size() - knownBefore);
        if (verdict == WalkRules::Verdict::AtEnd) {
            atEnd();
        } else if (beginsAnew) {
            beginPass();
        }
    }

    void atEnd() {
        switch (m_plan.afterPass()) {
            case WalkPlan::AfterPass::AnotherPass:
                beginPass();
                return;
            case WalkPlan::AfterPass::AskWhoIsUnlisted:
                unlist();
                return;
            case WalkPlan::AfterPass::Finished:
                m_over = true;
                return;
        }
    }

    void unlist() {
        const QSet<QString> unseen = m_shelf.known - shown - m_shelf.unlisted;
        switch (m_plan.toUnlist(unseen.size())) {
            case WalkPlan::Unlisting::AnotherPass:
                beginPass();
                return;
            case WalkPlan::Unlisting::Mark:
                m_shelf.unlisted += unseen;
                m_over = true;
                return;
            case WalkPlan::Unlisting::Nothing:
                m_over = true;
                return;
        }
    }

    ShiftingList& m_list;
    Shelf& m_shelf;
    WalkPlan m_plan;
    int m_quietFromPass;
    QList<int> m_underWay;
    std::map<int, PageFacts> m_arrived;
    bool m_over = false;
};

/// The first of `ids` that is not in `where`; "" when all are.
QString firstMissing(const QSet<QString>& ids, const QStringList& among, const QSet<QString>& where) {
    for (const QString& id : among) {
        if (ids.contains(id) && !where.contains(id)) {
            return id;
        }
    }
    return {};
}

}  // namespace

class TestPagingProperty final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase();
    void schedules_data() { styles(); }
    void schedules();
    void bursts_data() { styles(); }
    void bursts();
    void interrupted_data() { styles(); }
    void interrupted();
    void quietListsCostNoMore_data() { styles(); }
    void quietListsCostNoMore();

 private:
    static void styles();
    static WalkStart startOf(const PagingStyle& style);
    static void knowSomeBefore(ShiftingList& list, Shelf& shelf);
    static int mostPages(const ShiftingList& list);
    static bool changeMeanwhile(ShiftingList& list, const PagingStyle& paging);
    /// What must hold after every walk; "" when it does.
    static QString wrongWith(const PlayedWalk& walk, const ShiftingList& list, const Shelf& shelf);

    unsigned m_seed = 0;
    unsigned m_schedules = 1000;
};

void TestPagingProperty::initTestCase() {
    m_seed = testSeed();
    const int longer = qEnvironmentVariableIntValue("EARMARK_SCHEDULES");
    m_schedules = longer > 0 ? unsigned(longer) : m_schedules;
    qInfo("%u schedules for each dialect", m_schedules);
}

void TestPagingProperty::styles() {
    QTest::addColumn<int>("style");
    for (int i = 0; i < int(std::size(kPagingStyles)); ++i) {
        QTest::newRow(kPagingStyles[i].name) << i;
    }
}

WalkStart TestPagingProperty::startOf(const PagingStyle& style) {
    return {style.askedSize, 1, std::nullopt, style.rowsMoveByThemselves};
}

/// Half of the schedules read a list that was read before: some rows went since then, some are new.
void TestPagingProperty::knowSomeBefore(ShiftingList& list, Shelf& shelf) {
    if (list.chance(50)) {
        return;
    }
    for (const QString& id : list.rows()) {
        if (!list.chance(5)) {
            shelf.known.insert(id);
        }
    }
    for (int gone = list.below(4); gone > 0; --gone) {
        shelf.known.insert(u"gone-%1"_s.arg(gone));
    }
}

int TestPagingProperty::mostPages(const ShiftingList& list) {
    // What a pass may at most take, with the changes that may still come, times the passes a walk may make.
    const int rows = list.mostRows() + 300;
    return (WalkRules::kMostExtraPasses + 1) * (rows / std::min(list.givenSize(), 5) + 5);
}

QString TestPagingProperty::wrongWith(const PlayedWalk& walk, const ShiftingList& list, const Shelf& shelf) {
    if (const QString id = firstMissing(walk.throughout, list.rows(), shelf.known); !id.isEmpty()) {
        return u"%1 is missing after pass %2"_s.arg(id).arg(walk.pass());
    }
    for (const QString& id : list.rows()) {
        if (shelf.unlisted.contains(id)) {
            return u"%1 is listed and marked as not listed"_s.arg(id);
        }
    }
    if (walk.rules().distinctSeen() > walk.shown.size()) {
        return u"%1 rows counted, %2 shown"_s.arg(walk.rules().distinctSeen()).arg(walk.shown.size());
    }
    const bool settled = walk.wasQuietInTheEnd() && list.habits().total == ShiftingList::Habits::Total::True;
    if (settled && walk.rules().sawEverything() && walk.rules().distinctSeen() != list.rows().size()) {
        return u"%1 rows counted, %2 listed"_s.arg(walk.rules().distinctSeen()).arg(list.rows().size());
    }
    const QSet<QString> forgotten = shelf.known - walk.shown - shelf.unlisted;
    if (settled && walk.rules().sawEverything() && walk.pass() <= WalkRules::kMostExtraPasses && !forgotten.isEmpty()) {
        return u"%1 went and is not marked"_s.arg(*forgotten.begin());
    }
    if (walk.pass() > WalkRules::kMostExtraPasses + 1) {
        return u"%1 passes"_s.arg(walk.pass());
    }
    return {};
}

void TestPagingProperty::schedules() {
    QFETCH(int, style);
    const PagingStyle& paging = kPagingStyles[style];
    int changed = 0;
    int again = 0;
    for (unsigned round = 0; round < m_schedules; ++round) {
        ShiftingList list(paging, m_seed + round * 4 + unsigned(style));
        Shelf shelf;
        knowSomeBefore(list, shelf);
        // Changes stop when the first, second or last pass that may come begins.
        const int quietFrom = list.chance(60) ? 2 : 2 + list.below(WalkRules::kMostExtraPasses);
        PlayedWalk walk(list, shelf, startOf(paging), quietFrom);
        const bool ended = walk.run(mostPages(list));
        const QString wrong = ended ? wrongWith(walk, list, shelf) : u"it does not end"_s;
        QVERIFY2(wrong.isEmpty(), qPrintable(u"seed %1, schedule %2: %3"_s.arg(m_seed).arg(round).arg(wrong)));
        changed += list.hasChanged() ? 1 : 0;
        again += walk.pass() > 1 ? 1 : 0;
    }
    qInfo("%d lists changed while they were read, %d were read again", changed, again);
    QVERIFY2(changed > int(m_schedules) / 3, "the schedules must change something");
}

// Between two answers rows come and go together: what hides itself so comes with the next, quiet walk, and nothing that
// is listed is called unlisted meanwhile.
void TestPagingProperty::bursts() {
    QFETCH(int, style);
    const PagingStyle& paging = kPagingStyles[style];
    for (unsigned round = 0; round < m_schedules; ++round) {
        ShiftingList list(paging, m_seed + 7 + round * 4 + unsigned(style));
        list.setChanges(ShiftingList::Changes::InBursts);
        Shelf shelf;
        knowSomeBefore(list, shelf);
        PlayedWalk busy(list, shelf, startOf(paging), 2);
        QVERIFY2(busy.run(mostPages(list)), qPrintable(u"seed %1, schedule %2"_s.arg(m_seed).arg(round)));
        for (const QString& id : list.rows()) {
            QVERIFY2(!shelf.unlisted.contains(id), qPrintable(u"seed %1, schedule %2"_s.arg(m_seed).arg(round)));
        }
        list.stopChanging();
        PlayedWalk quiet(list, shelf, startOf(paging), 1);
        const bool ended = quiet.run(mostPages(list));
        const QString wrong = ended ? wrongWith(quiet, list, shelf) : u"it does not end"_s;
        QVERIFY2(wrong.isEmpty(), qPrintable(u"seed %1, schedule %2: %3"_s.arg(m_seed).arg(round).arg(wrong)));
    }
}

/// Between the interruption and the walk that goes on: rows come and go, as many as one another too, and the server
/// gives pages of another size. True where it does.
bool TestPagingProperty::changeMeanwhile(ShiftingList& list, const PagingStyle& paging) {
    if (list.chance(60)) {
        for (int times = 1 + list.below(4); times > 0; --times) {
            list.changeSet();
        }
    }
    if (paging.rowsMoveByThemselves && list.chance(50)) {
        list.changeOrder();
    }
    const bool otherSize = list.chance(15);
    if (otherSize) {
        list.changeSize();
    }
    return otherSize;
}

// A walk that was cut off goes on with the page it stored last, in a list that is as it was or has changed since. What
// it may miss is only what came, for as many that went, to the pages before that one: nothing that it is shown tells
// of those, and the next walk brings them. (One whose rows changed places although its dialect's never do would be
// believed where that page shows nothing of it: those that it hid come with the next walk.)
void TestPagingProperty::interrupted() {
    QFETCH(int, style);
    const PagingStyle& paging = kPagingStyles[style];
    int wentOn = 0;
    for (unsigned round = 0; round < m_schedules; ++round) {
        ShiftingList list(paging, m_seed + 13 + round * 4 + unsigned(style));
        Shelf shelf;
        WalkStart start = startOf(paging);
        start.firstPage = 1 + list.below(4);
        for (int page = 1; page <= start.firstPage; ++page) {
            const PageFacts facts = list.habitualPage(page);
            shelf.known += QSet<QString>(facts.ids.begin(), facts.ids.end());
            start.knownTotal = facts.total;
        }
        const QStringList listedThen = list.rows();
        const bool otherSize = changeMeanwhile(list, paging);
        if (!otherSize) {
            knowSomeBefore(list, shelf);
        }
        PlayedWalk walk(list, shelf, start, 1);
        const bool ended = walk.run(mostPages(list));
        if (walk.pass() == 1 && start.firstPage > 1) {
            const QStringList pagesBefore = list.rows().mid(0, (start.firstPage - 1) * list.givenSize());
            const QSet<QString> came = QSet<QString>(pagesBefore.begin(), pagesBefore.end()) -
                                       QSet<QString>(listedThen.begin(), listedThen.end());
            walk.throughout -= came;
            ++wentOn;
        }
        QString wrong = ended ? wrongWith(walk, list, shelf) : u"it does not end"_s;
        QVERIFY2(wrong.isEmpty(), qPrintable(u"seed %1, schedule %2: %3"_s.arg(m_seed).arg(round).arg(wrong)));
        PlayedWalk next(list, shelf, startOf(paging), 1);
        wrong = next.run(mostPages(list)) ? wrongWith(next, list, shelf) : u"it does not end"_s;
        QVERIFY2(wrong.isEmpty(), qPrintable(u"seed %1, schedule %2, next: %3"_s.arg(m_seed).arg(round).arg(wrong)));
    }
    qInfo("%d walks went on where they stood", wentOn);
    QVERIFY(paging.rowsMoveByThemselves ? wentOn == 0 : wentOn > int(m_schedules) / 20);
}

// An honest list in which nothing moves is read once, with no page more than it has.
void TestPagingProperty::quietListsCostNoMore() {
    QFETCH(int, style);
    const PagingStyle& paging = kPagingStyles[style];
    int judged = 0;
    for (unsigned round = 0; round < m_schedules; ++round) {
        ShiftingList list(paging, m_seed + 29 + round * 4 + unsigned(style));
        const ShiftingList::Habits& habits = list.habits();
        const int rows = int(list.rows().size());
        if (habits.total != ShiftingList::Habits::Total::True || habits.moreForEver ||
            (!paging.saysMore && rows == list.givenSize())) {
            continue;  // one full page alone may be all that its total counts: that is asked once more
        }
        ++judged;
        Shelf shelf;
        PlayedWalk walk(list, shelf, startOf(paging), 1);
        QVERIFY(walk.run(mostPages(list)));
        const QString what = u"seed %1, schedule %2: %3 rows"_s.arg(m_seed).arg(round).arg(rows);
        QVERIFY2(walk.taken == std::max(1, (rows + list.givenSize() - 1) / list.givenSize()), qPrintable(what));
    }
    QVERIFY(judged > int(m_schedules) / 4);
}

QTEST_GUILESS_MAIN(TestPagingProperty)
#include "tst_pagingproperty.moc"
