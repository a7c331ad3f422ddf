// What the filter line offers next, and the history it walks.
#include <QTest>

#include "ui/common/desksettings.h"
#include "ui/filter/completion.h"
#include "ui/filter/filterhistory.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {

class Settings final : public DeskSettings {
 public:
    QVariant value(const QString& key, const QVariant& fallback) const override {
        return m_values.value(key, fallback);
    }
    void setValue(const QString& key, const QVariant& value) override { m_values.insert(key, value); }

 private:
    QVariantMap m_values;
};

CompletionSources sources() {
    CompletionSources all;
    all.terms = filterTerms();
    all.values.insert(u"campaign:"_s, {u"Q4 outreach"_s, u"Renewals"_s});
    all.recent = {u"status:failed talk:>60"_s, u"refund"_s};
    return all;
}

QStringList shown(const QString& text, CompletionAsked asked = CompletionAsked::WhileTyping, int caret = -1) {
    QStringList found;
    for (const Completion& one : completionsAt(text, caret < 0 ? int(text.size()) : caret, sources(), asked)) {
        found << one.shown;
    }
    return found;
}

/// The text after the first completion is taken.
QString taken(const QString& text, int which = 0) {
    const std::vector<Completion> found =
        completionsAt(text, int(text.size()), sources(), CompletionAsked::WhileTyping);
    if (int(found.size()) <= which) {
        return u"(nothing)"_s;
    }
    QString now = text;
    return now.replace(found[size_t(which)].from, found[size_t(which)].length, found[size_t(which)].insert);
}

}  // namespace

class CompletionTest final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void termsByTheirBeginning() {
        QVERIFY(shown(u"sta"_s).contains(u"status:"_s));
        QVERIFY(!shown(u"sta"_s).contains(u"talk:"_s));
        QCOMPARE(taken(u"refund -sta"_s), u"refund -status:"_s);
        QCOMPARE(taken(u"(sta"_s), u"(status:"_s);
        QVERIFY(shown(u"zzz"_s).isEmpty());
        QVERIFY(shown({}).isEmpty());  // nothing pops up in an empty line by itself
        QVERIFY(shown({}, CompletionAsked::ByKey).size() > 20);
    }

    void valuesOfTheTerm() {
        QVERIFY(shown(u"status:"_s).contains(u"completed"_s));
        QCOMPARE(taken(u"status:compl"_s), u"status:completed"_s);
        QCOMPARE(taken(u"status:failed,compl"_s), u"status:failed,completed"_s);
        QVERIFY(shown(u"talk:"_s).isEmpty());
        // Values with blanks come back quoted, so that the filter is valid.
        const QString campaign = taken(u"campaign:q4"_s);
        QCOMPARE(campaign, u"campaign:\"Q4 outreach\""_s);
        QVERIFY(Filter::parse(campaign, FilterContext{}).has_value());
        QCOMPARE(shown(u"campaign:"_s), (QStringList{u"Q4 outreach"_s, u"Renewals"_s}));
    }

    void everyOfferedValueIsValid() {
        for (const FilterTerm& term : filterTerms()) {
            for (const QString& value : term.values) {
                const QString text = term.prefix + quotedForFilter(value);
                QVERIFY2(Filter::parse(text, FilterContext{}).has_value(), qPrintable(text));
            }
        }
    }

    void theCaretDecides() {
        QVERIFY(shown(u"sta talk:>60"_s, CompletionAsked::WhileTyping, 3).contains(u"status:"_s));
        QVERIFY(shown(u"campaign:\"Q4 out"_s).contains(u"Q4 outreach"_s));  // a blank in quotes does not end the value
        QCOMPARE(termAt(u"status:comp"_s, 11, filterTerms()) >= 0, true);
        QCOMPARE(termAt(u"hello"_s, 5, filterTerms()), -1);
    }

    void filtersUsedBefore() {
        QVERIFY(shown(u"ref"_s).contains(u"refund"_s));
        QVERIFY(!shown(u"refund"_s).contains(u"refund"_s));
        QCOMPARE(taken(u"status:failed t"_s, 0).startsWith(u"status:failed t"_s), true);
    }

    void historyIsWalkedUpAndDown() {
        Settings settings;
        FilterHistory history(&settings);
        history.add(u"one"_s);
        history.add(u"two"_s);
        history.add(u"  "_s);
        history.add(u"two"_s);
        QCOMPARE(history.recent(), (QStringList{u"two"_s, u"one"_s}));
        QCOMPARE(history.older(u"typed"_s), u"two"_s);
        QCOMPARE(history.older(u"two"_s), u"one"_s);
        QCOMPARE(history.older(u"one"_s), u"one"_s);
        QCOMPARE(history.newer(u"one"_s), u"two"_s);
        QCOMPARE(history.newer(u"two"_s), u"typed"_s);
        QVERIFY(!history.isWalking());
        QCOMPARE(history.newer(u"typed"_s), u"typed"_s);
        QCOMPARE(FilterHistory(&settings).recent(), (QStringList{u"two"_s, u"one"_s}));  // remembered
        for (int i = 0; i < 50; ++i) {
            history.add(QString::number(i));
        }
        QCOMPARE(history.recent().size(), FilterHistory::kKept);
    }
};

QTEST_GUILESS_MAIN(CompletionTest)
#include "tst_completion.moc"
