// The three-way merge: cases that people meet, and 100,000 generated ones whose laws are checked by other means than
// the merge's own. EARMARK_SEED repeats a run.
#include <QMap>
#include <QRandomGenerator>
#include <QTest>

#include "models/edits/linediff.h"
#include "models/edits/threewaymerge.h"
#include "tests/support/seed.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {

using Text = std::optional<QString>;

QString shown(const Text& text) {
    return text ? u'"' + QString(*text).replace(u'\n', u"\\n"_s).replace(u'\r', u"\\r"_s) + u'"' : u"nothing"_s;
}

QString shown(const ThreeWayTexts& texts) {
    return u"base %1 mine %2 theirs %3"_s.arg(shown(texts.base), shown(texts.mine), shown(texts.theirs));
}

ThreeWayResult mergeNotes(const Text& base, const Text& mine, const Text& theirs) {
    return mergeField(ReviewField::Notes, {base, mine, theirs});
}

/// Taken apart by other means than the merge does it; an end without line break counts as one with.
QStringList plainLines(const Text& text) {
    QString all = text.value_or(QString());
    all.replace(u"\r\n"_s, u"\n"_s).replace(u'\r', u'\n');
    if (all.endsWith(u'\n')) {
        all.chop(1);
        return all.split(u'\n');
    }
    return all.isEmpty() ? QStringList() : all.split(u'\n');
}

QMap<QString, int> counted(const Text& text) {
    QMap<QString, int> counts;
    for (const QString& line : plainLines(text)) {
        ++counts[line];
    }
    return counts;
}

/// What is wrong with a clean merge; "" = nothing.
QString lawBrokenBy(const ThreeWayTexts& texts, const Text& result) {
    const auto base = counted(texts.base);
    const auto mine = counted(texts.mine);
    const auto theirs = counted(texts.theirs);
    const auto all = counted(result);
    for (auto it = all.cbegin(); it != all.cend(); ++it) {
        if (!mine.contains(it.key()) && !theirs.contains(it.key())) {
            return u"invented line "_s + it.key();
        }
    }
    QStringList every = base.keys() + mine.keys() + theirs.keys();
    every.removeDuplicates();
    for (const QString& line : every) {
        const int b = base.value(line);
        const int m = mine.value(line) - b;
        const int t = theirs.value(line) - b;
        const int r = all.value(line) - b;
        if ((m > 0 && t >= 0 && r < m) || (t > 0 && m >= 0 && r < t)) {
            return u"lost an added line "_s + line;
        }
        if ((m < 0 && t == 0 && r != m) || (t < 0 && m == 0 && r != t)) {
            return u"kept (or took away too often) a removed line "_s + line;
        }
        if (m >= 0 && t >= 0 && r > m + t) {
            return u"added too often "_s + line;
        }
        if (m <= 0 && t <= 0 && (r > qMin(m, t) || r < m + t)) {
            return u"removed by both, and still there or gone too often: "_s + line;
        }
        if (qMin(m, t) < 0 && qMax(m, t) > 0 && r != m + t) {
            return u"one added, one removed, and the sum is wrong: "_s + line;
        }
    }
    return {};
}

/// Random changes of a list of lines.
class Generator {
 public:
    explicit Generator(quint32 seed) : m_random(seed) {}

    ThreeWayTexts texts() {
        m_alphabet = chance(30) ? 3 : chance(50) ? 8 : 40;
        m_isOddlyBroken = chance(15);
        QStringList base;
        for (int i = below(9); i > 0; --i) {
            base << line();
        }
        QStringList mine = changed(base);
        QStringList theirs = chance(10) ? mine : changed(base);
        if (chance(15)) {  // the same thing was done by both
            const QStringList both = changed(base);
            mine = changed(both);
            theirs = changed(both);
        }
        return {text(base), text(mine), text(theirs)};
    }

 private:
    int below(int most) { return int(m_random.bounded(most)); }
    bool chance(int percent) { return below(100) < percent; }
    QString line() { return chance(8) ? QString() : u"line %1"_s.arg(below(m_alphabet)); }

    QStringList changed(QStringList lines) {
        for (int i = below(4); i > 0; --i) {
            const int at = below(int(lines.size()) + 1);
            const int what = below(4);
            if (what == 0 || at == lines.size()) {
                lines.insert(at, line());
            } else if (what == 1) {
                lines.removeAt(at);
            } else if (what == 2) {
                lines[at] = line();
            } else {
                lines.move(at, below(int(lines.size())));
            }
        }
        return lines;
    }

    Text text(const QStringList& lines) {
        const QString lineBreak = m_isOddlyBroken && chance(50) ? (chance(50) ? u"\r\n"_s : u"\r"_s) : u"\n"_s;
        QString all = lines.join(lineBreak);
        if (!lines.isEmpty() && (lines.last().isEmpty() || chance(20))) {
            all += lineBreak;
        }
        return all.isEmpty() && chance(50) ? std::nullopt : Text(all);
    }

    QRandomGenerator m_random;
    int m_alphabet = 8;
    bool m_isOddlyBroken = false;
};

QString numbered(int count, const QString& word = u"line"_s) {
    QString text;
    for (int i = 0; i < count; ++i) {
        text += word + u' ' + QString::number(i) + u'\n';
    }
    return text;
}

QStringList numberedLines(int count) {
    return numbered(count).chopped(1).split(u'\n');
}

}  // namespace

class TestThreeWayMerge : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void literalCases_data();
    void literalCases();
    void dispositionIsAtomic();
    void combinedTexts();
    void lawsHoldForGeneratedCases();
    void shortestDifferences();
    void longTextsInBoundedWork_data();
    void longTextsInBoundedWork();
};

void TestThreeWayMerge::literalCases_data() {
    QTest::addColumn<Text>("base");
    QTest::addColumn<Text>("mine");
    QTest::addColumn<Text>("theirs");
    QTest::addColumn<bool>("isOverlap");
    QTest::addColumn<Text>("value");
    const Text nothing;
    const auto row = [](const char* name, const Text& base, const Text& mine, const Text& theirs, const Text& value) {
        QTest::newRow(name) << base << mine << theirs << false << value;
    };
    const auto overlap = [](const char* name, const Text& base, const Text& mine, const Text& theirs) {
        QTest::newRow(name) << base << mine << theirs << true << Text();
    };
    row("nobody changed it", u"a"_s, u"a"_s, u"a"_s, u"a"_s);
    row("mine alone", u"a"_s, u"b"_s, u"a"_s, u"b"_s);
    row("theirs alone", u"a"_s, u"a"_s, u"b"_s, u"b"_s);
    row("both the same", u"a"_s, u"b"_s, u"b"_s, u"b"_s);
    row("both cleared it", u"a"_s, nothing, nothing, nothing);
    row("different lines", u"a\nb\nc"_s, u"A\nb\nc"_s, u"a\nb\nC"_s, u"A\nb\nC"_s);
    row("lines side by side", u"a\nb"_s, u"A\nb"_s, u"a\nB"_s, u"A\nB"_s);
    row("a line below one that they rewrote", u"a"_s, u"a\nmine"_s, u"A"_s, u"A\nmine"_s);
    row("a line above one that they rewrote", u"a"_s, u"mine\na"_s, u"A"_s, u"mine\nA"_s);
    row("both added, in different places", u"a\nb"_s, u"x\na\nb"_s, u"a\nb\ny"_s, u"x\na\nb\ny"_s);
    row("both the same line, and one more", u"a\nb\nc"_s, u"A\nb\nC"_s, u"A\nb\nc"_s, u"A\nb\nC"_s);
    row("removed and added elsewhere", u"a\nb\nc\nd"_s, u"b\nc\nd"_s, u"a\nb\nc\nd\ne"_s, u"b\nc\nd\ne"_s);
    row("both added the same", u"a"_s, u"a\nx"_s, u"a\nx"_s, u"a\nx"_s);
    row("both added the same to nothing", nothing, u"x"_s, u"x"_s, u"x"_s);
    overlap("both rewrote a line", u"a"_s, u"A"_s, u"AA"_s);
    overlap("no words are put together", u"he will call"_s, u"she will call"_s, u"he will write"_s);
    overlap("both began with nothing", nothing, u"x"_s, u"y"_s);
    overlap("both added at the same place", u"a\nb"_s, u"a\nx\nb"_s, u"a\ny\nb"_s);
    overlap("one of two added lines is the same", u"a"_s, u"a\nx"_s, u"a\nx\ny"_s);
    overlap("rewritten and removed", u"a\nb\nc"_s, u"a\nB\nc"_s, u"a\nc"_s);
    overlap("cleared and rewritten", u"a"_s, nothing, u"b"_s);
    overlap("cleared and continued", u"a"_s, nothing, u"a\nb"_s);
    overlap("moved to different places by both", u"x\na\nb\nc"_s, u"a\nx\nb\nc"_s, u"a\nb\nc\nx"_s);
    overlap("moved by one, removed by the other", u"x\na\nb"_s, u"a\nb\nx"_s, u"a\nb"_s);
    // nothing, "" and line breaks
    row("\"\" and nothing", nothing, u""_s, u"x"_s, u"x"_s);
    row("nothing against \"\"", u"a"_s, nothing, u""_s, nothing);
    row("\"\" counts where only one has it", nothing, u""_s, nothing, u""_s);
    row("they break lines like another system", u"a\nb\nc"_s, u"A\nb\nc"_s, u"a\r\nb\r\nc\r\n"_s, u"A\r\nb\r\nc\r\n"_s);
    row("typed over CRLF", u"a\r\nb"_s, u"a\nb\nmine"_s, u"A\r\nb"_s, u"A\nb\nmine"_s);
    row("an end without line break", u"a\nb\n"_s, u"a\nb\nc"_s, u"A\nb\n"_s, u"A\nb\nc"_s);
    row("an end with one more line break", u"a"_s, u"a\nmine"_s, u"a\n"_s, u"a\nmine\n"_s);
    row("empty lines are lines", u"a\n\nb"_s, u"a\n\nb\n\n"_s, u"A\n\nb"_s, u"A\n\nb\n\n"_s);
    row("every letter counts", u"a\u0301"_s, u"a\u0301\nb"_s, u"á"_s, u"á\nb"_s);
}

void TestThreeWayMerge::literalCases() {
    QFETCH(Text, base);
    QFETCH(Text, mine);
    QFETCH(Text, theirs);
    QFETCH(bool, isOverlap);
    QFETCH(Text, value);
    const ThreeWayResult merged = mergeNotes(base, mine, theirs);
    QCOMPARE(merged.isOverlap, isOverlap);
    QVERIFY2(merged.value == value, qPrintable(shown(merged.value)));
    const ThreeWayResult swapped = mergeNotes(base, theirs, mine);
    QCOMPARE(swapped.isOverlap, isOverlap);
    QVERIFY2(swapped.value == value, qPrintable(shown(swapped.value)));
}

void TestThreeWayMerge::dispositionIsAtomic() {
    const auto merge = [](const Text& base, const Text& mine, const Text& theirs) {
        return mergeField(ReviewField::Disposition, {base, mine, theirs});
    };
    QVERIFY(merge(u"A"_s, u"B"_s, u"A"_s).value == u"B"_s);
    QVERIFY(merge(u"A"_s, u"A"_s, u"C"_s).value == u"C"_s);
    QVERIFY(merge(u"A"_s, u"B"_s, u"B"_s).value == u"B"_s);
    QVERIFY(merge(std::nullopt, u"B"_s, u"C"_s).isOverlap);
    QVERIFY(merge(u"A"_s, std::nullopt, u"C"_s).isOverlap);
    QVERIFY(merge(u"A\nB"_s, u"A\nB\nC"_s, u"X\nB"_s).isOverlap);  // lines mean nothing here
    QVERIFY(!merge(u"A\nB"_s, u"A\nB\nC"_s, u"X\nB"_s).value);
    QVERIFY(merge(u"A"_s, u""_s, std::nullopt).isOverlap);  // they are different values
}

void TestThreeWayMerge::combinedTexts() {
    const auto combined = [](const Text& base, const Text& mine, const Text& theirs) {
        return combinedText(ReviewField::Notes, {base, mine, theirs});
    };
    QCOMPARE(combined(u"a\nb\nc"_s, u"A\nb\nc"_s, u"AA\nb\nC"_s), u"A\nAA\nb\nC"_s);
    QCOMPARE(combined(std::nullopt, u"x\ny"_s, u"y\nz"_s), u"x\ny\nz"_s);  // what both have stands there once
    QCOMPARE(combined(u"a\nb"_s, u"a"_s, u"A\nB"_s), u"a\nA\nB"_s);
    QCOMPARE(combinedText(ReviewField::Disposition, {u"A"_s, u"B"_s, u"C"_s}), u"B"_s);
    QCOMPARE(combinedText(ReviewField::Disposition, {u"A"_s, std::nullopt, u"C"_s}), QString());
}

void TestThreeWayMerge::lawsHoldForGeneratedCases() {
    const quint32 seed = test::testSeed();
    Generator generator(seed);
    constexpr int kCases = 100'000;
    int overlaps = 0;
    int bothSides = 0;
    for (int i = 0; i < kCases; ++i) {
        const ThreeWayTexts texts = generator.texts();
        const auto& [base, mine, theirs] = texts;
        const auto say = [&](const QString& what) {
            return qPrintable(u"case %1: %2: %3"_s.arg(i).arg(what, shown(texts)));
        };
        const ThreeWayResult merged = mergeNotes(base, mine, theirs);
        const ThreeWayResult swapped = mergeNotes(base, theirs, mine);
        QVERIFY2(merged.isOverlap == swapped.isOverlap && merged.value == swapped.value, say(u"not symmetric"_s));
        const ThreeWayResult agreed = mergeNotes(base, mine, mine);
        QVERIFY2(!agreed.isOverlap && agreed.value == mine, say(u"both the same"_s));
        QVERIFY2(mergeNotes(base, mine, base).value == mine, say(u"mine alone"_s));
        // Whatever comes out, combining loses no line of either side.
        const auto combined = counted(combinedText(ReviewField::Notes, texts));
        if (merged.isOverlap) {
            ++overlaps;
            QVERIFY2(!merged.value && mine != theirs && mine != base && theirs != base, say(u"no reason"_s));
            for (const QString& line : plainLines(mine)) {
                QVERIFY2(combined.contains(line) || plainLines(base).contains(line), say(u"combined lost "_s + line));
            }
            for (const QString& line : plainLines(theirs)) {
                QVERIFY2(combined.contains(line) || plainLines(base).contains(line), say(u"combined lost "_s + line));
            }
            continue;
        }
        bothSides += merged.value != mine && merged.value != theirs ? 1 : 0;
        const QString broken = lawBrokenBy(texts, merged.value);
        QVERIFY2(broken.isEmpty(), say(broken + u": "_s + shown(merged.value)));
        for (const Text& side : {mine, theirs}) {
            QVERIFY2(mergeNotes(base, merged.value, side).value == merged.value, say(u"again, from the base"_s));
            QVERIFY2(mergeNotes(side, merged.value, side).value == merged.value, say(u"again, from there"_s));
        }
        QVERIFY2(haveSameLines(merged.value, mine) == (plainLines(merged.value) == plainLines(mine)),
                 say(u"same lines"_s));
    }
    qInfo("%d cases: %d overlaps, %d with changes of both sides put together", kCases, overlaps, bothSides);
    QVERIFY(overlaps > kCases / 10);
    QVERIFY(bothSides > kCases / 10);
}

/// The differences are shortest: compared with the textbook table over all pairs of lines.
void TestThreeWayMerge::shortestDifferences() {
    QRandomGenerator random(7);
    for (int i = 0; i < 5'000; ++i) {
        const auto lines = [&] {
            std::vector<int> made(size_t(random.bounded(14)));
            for (int& line : made) {
                line = int(random.bounded(4));
            }
            return made;
        };
        const std::vector<int> before = lines();
        const std::vector<int> after = lines();
        std::vector<std::vector<int>> common(before.size() + 1, std::vector<int>(after.size() + 1));
        for (size_t b = 0; b < before.size(); ++b) {
            for (size_t a = 0; a < after.size(); ++a) {
                common[b + 1][a + 1] =
                    before[b] == after[a] ? common[b][a] + 1 : std::max(common[b][a + 1], common[b + 1][a]);
            }
        }
        qint64 steps = 0;
        const auto changes = lineChanges(before, after, &steps);
        QVERIFY(changes.has_value());
        std::vector<int> rebuilt;
        int at = 0;
        int removed = 0;
        for (const LineChange& change : *changes) {
            rebuilt.insert(rebuilt.end(), before.begin() + at, before.begin() + change.beforeFrom);
            rebuilt.insert(rebuilt.end(), after.begin() + change.afterFrom, after.begin() + change.afterTo);
            at = change.beforeTo;
            removed += change.beforeTo - change.beforeFrom;
        }
        rebuilt.insert(rebuilt.end(), before.begin() + at, before.end());
        QCOMPARE(rebuilt, after);
        QCOMPARE(int(before.size()) - removed, common[before.size()][after.size()]);
    }
}

void TestThreeWayMerge::longTextsInBoundedWork_data() {
    QTest::addColumn<Text>("base");
    QTest::addColumn<Text>("mine");
    QTest::addColumn<Text>("theirs");
    QTest::addColumn<bool>("isOverlap");
    QTest::addColumn<bool>("gaveUp");
    constexpr int kMany = 100'000;
    const QString many = numbered(kMany);
    const auto with = [&](int every, const QString& word) {
        QStringList lines = numberedLines(kMany);
        for (int i = every / 2; i < kMany; i += every) {
            lines[i] = word + QString::number(i);
        }
        return lines.join(u'\n');
    };
    QTest::newRow("a line at each end") << Text(many) << Text(u"first\n"_s + many) << Text(many + u"last\n"_s) << false
                                        << false;
    QTest::newRow("some hundred changes on each side")
        << Text(many) << Text(with(400, u"mine "_s)) << Text(with(630, u"theirs "_s)) << false << false;
    QTest::newRow("nothing in common") << Text(many) << Text(numbered(kMany, u"mine"_s))
                                       << Text(numbered(kMany, u"theirs"_s)) << true << false;
    QString shuffled;
    QString shuffledOtherwise;
    QRandomGenerator random(1);
    QStringList lines = numberedLines(kMany);
    for (QString* text : {&shuffled, &shuffledOtherwise}) {
        std::shuffle(lines.begin(), lines.end(), random);
        *text = lines.join(u'\n');
    }
    QTest::newRow("shuffled") << Text(many) << Text(shuffled) << Text(shuffledOtherwise) << true << true;
    const QString mebibyte(1 << 20, u'x');
    QTest::newRow("1 MiB in one line") << Text(mebibyte) << Text(mebibyte + u"\nmine"_s)
                                       << Text(mebibyte.chopped(1) + u'y') << false << false;
    QTest::newRow("1 MiB of line breaks") << Text(QString(1 << 20, u'\n')) << Text(QString((1 << 20) + 3, u'\n'))
                                          << Text(u"theirs"_s + QString(1 << 20, u'\n')) << true << false;
}

void TestThreeWayMerge::longTextsInBoundedWork() {
    QFETCH(Text, base);
    QFETCH(Text, mine);
    QFETCH(Text, theirs);
    QFETCH(bool, isOverlap);
    QFETCH(bool, gaveUp);
    const ThreeWayResult merged = mergeNotes(base, mine, theirs);
    QCOMPARE(merged.isOverlap, isOverlap);
    QCOMPARE(merged.gaveUp, gaveUp);
    // Three merges of two comparisons and what stretches add; one round more than the cap ends each.
    qInfo("%lld steps", merged.steps);
    QVERIFY(merged.steps < 10 * kMostLineSteps);
    if (!isOverlap) {
        const QString broken = lawBrokenBy({base, mine, theirs}, merged.value);
        QVERIFY2(broken.isEmpty(), qPrintable(broken.left(200)));
    }
    QVERIFY(!combinedText(ReviewField::Notes, {base, mine, theirs}).isEmpty());
}

QTEST_APPLESS_MAIN(TestThreeWayMerge)
#include "tst_threewaymerge.moc"
