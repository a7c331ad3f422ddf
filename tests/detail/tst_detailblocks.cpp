// What the pane tells beyond the row: each block's lines, blocks that are not there, and what is said once instead.
#include <QLayout>
#include <QTest>

#include "ui/detail/aiblock.h"
#include "ui/detail/callheader.h"
#include "ui/detail/detailblocks.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {

Call callOf(Provider provider) {
    Call call;
    call.key = {u"main"_s, u"c-1"_s};
    call.provider = provider;
    call.status = CallStatus::Completed;
    return call;
}

CallDetails everything() {
    CallDetails details;
    details.metrics = {{u"interest"_s, u"high"_s, u"string"_s, 0.85, u"Asked for a price twice."_s},
                       {u"voicemail"_s, std::nullopt, u"boolean"_s, 7.0, std::nullopt}};
    details.variables = {{u"plan"_s, u"gold"_s, u"string"_s, std::nullopt, u"The caller said so."_s},
                         {u"empty"_s, QString(), {}, std::nullopt, std::nullopt}};
    details.latency = {{u"agent"_s, 812.5, std::nullopt}, {u"turn"_s, 90, 3}};
    details.feedback = Feedback{4, u"Quick help"_s};
    details.webhookAnswer = "{\n  \"ok\": true\n}";
    details.others = {{u"graph_version_id"_s, u"v-7"_s}};
    return details;
}

QStringList headings(const QWidget& blocks) {
    QStringList visible;
    for (const auto* label : blocks.findChildren<PlainLabel*>()) {
        if (label->isVisibleTo(&blocks) && label->font().bold()) {
            visible << label->text();
        }
    }
    return visible;
}

}  // namespace

class DetailBlocksTest final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void metricsTellConfidenceAsANumberAndABar() {
        const std::vector<TableLine> lines = metricLines(everything());
        QCOMPARE(lines.size(), size_t(2));
        QCOMPARE(lines[0].value, u"high"_s);
        QCOMPARE(lines[0].remark, u"confidence 0.85 · Asked for a price twice."_s);
        QCOMPARE(lines[0].share, 0.85);
        QCOMPARE(lines[1].remark, u"no value · confidence 7"_s);
        QVERIFY(!lines[1].share);  // no share of one: told as it is, not drawn
    }

    void variablesTellTypeAndReason() {
        const std::vector<TableLine> lines = variableLines(everything());
        QCOMPARE(lines[0].remark, u"string · The caller said so."_s);
        QCOMPARE(lines[1].remark, u"empty text"_s);
    }

    void feedbackIsOutOfFive() {
        const std::vector<TableLine> lines = feedbackLines(everything());
        QCOMPARE(lines[0].value, u"4 of 5"_s);
        QCOMPARE(lines[1].value, u"Quick help"_s);
        CallDetails zero;
        zero.feedback = Feedback{0, std::nullopt};
        QCOMPARE(feedbackLines(zero).size(), size_t(1));  // zero stars are a judgement
    }

    void costsAreNeverOneSum() {
        Call call = callOf(Provider::Autocalls);
        call.cost = 1.5;
        call.carrierCost = 0.25;
        std::vector<TableLine> lines = costLines(call);
        QCOMPARE(lines.size(), size_t(2));
        QCOMPARE(lines[0].value, u"1.5 (unit not stated)"_s);
        QCOMPARE(lines[1].value, u"0.25 (unit not stated)"_s);
        call.costUnit = u"credits"_s;
        call.cost = 0;
        lines = costLines(call);
        QCOMPARE(lines[0].value, u"0 credits"_s);
        QCOMPARE(lines[1].value, u"0.25 (unit not stated)"_s);  // the unit of one says nothing of the other
        QVERIFY(costLines(callOf(Provider::Yotel)).empty());
    }

    void latencyHasItsUnit() {
        const std::vector<TableLine> lines = latencyLines(everything());
        QCOMPARE(lines[0].name, u"Agent"_s);
        QCOMPARE(lines[0].value, u"812.5 ms"_s);
        QCOMPARE(lines[1].name, u"Turn 3"_s);
    }

    void manyLinesEndInACount() {
        CallDetails details;
        for (int i = 0; i < 5'000; ++i) {
            details.variables.push_back({QString::number(i), u"x"_s, {}, std::nullopt, std::nullopt});
        }
        const std::vector<TableLine> lines = variableLines(details);
        QCOMPARE(lines.size(), size_t(201));
        QVERIFY(lines.back().remark.contains(u"4,800 more"_s));
    }

    /// Names as long as providers make them: whole, in a narrow pane and in a wide one.
    void namesAreNotCutOff_data() {
        QTest::addColumn<int>("width");
        QTest::newRow("narrow") << 308;
        QTest::newRow("wide") << 700;
    }
    void namesAreNotCutOff() {
        QFETCH(int, width);
        LineTable table;
        table.resize(width, 600);
        table.setVisible(true);
        const QStringList names{u"turnLatencyMetrics.minimumOfAllTurns"_s, u"a_rather_long_name_with_many_parts"_s,
                                QString(60, u'W'), u"Carrier cost"_s};
        std::vector<TableLine> lines;
        for (const QString& name : names) {
            lines.push_back({.name = name, .value = u"1"_s});
        }
        table.setLines(lines);
        table.layout()->activate();
        QStringList shown;
        for (const auto* label : table.findChildren<PlainLabel*>()) {
            if (!label->isVisible() || label->text() == u"1"_s) {
                continue;
            }
            shown << label->text().remove(QChar(0x200b));
            QVERIFY(label->width() <= width * 45 / 100);
            for (const QString& part : label->text().split(QChar(0x200b))) {
                QVERIFY2(label->fontMetrics().horizontalAdvance(part) <= label->width(), qPrintable(part));
            }
            QVERIFY2(label->height() >= label->heightForWidth(label->width()), qPrintable(label->text()));
        }
        QCOMPARE(shown, names);
        table.setLines({{.name = u"Carrier cost"_s, .value = u"1"_s}});  // in one line where there is room
        const auto* name = table.findChild<PlainLabel*>();
        QTRY_COMPARE(name->text(), u"Carrier cost"_s);
        QVERIFY(name->width() >= name->fontMetrics().horizontalAdvance(name->text()));
    }

    void theEvaluationDoesNotTellTheSummaryAgain() {
        Call call = callOf(Provider::Autocalls);
        call.summary = u"Wants a ring."_s;
        call.sentiment = u"positive"_s;
        auto details = std::make_shared<CallDetails>();
        details->metrics = {{u"summary"_s, u"Wants a ring."_s, u"string"_s, std::nullopt, std::nullopt},
                            {u"sentiment"_s, u"negative"_s, u"string"_s, std::nullopt, std::nullopt},
                            {u"mood"_s, u"positive"_s, u"string"_s, std::nullopt, std::nullopt}};
        QCOMPARE(metricLines(withoutShownAbove(call, *details)).size(), size_t(2));  // another sentiment is news
        DetailBlocks blocks;
        blocks.show();
        blocks.setCall(call, details, false);
        QVERIFY(headings(blocks).contains(u"Evaluation"_s));
        call.provider = Provider::Atoms;
        QCOMPARE(metricLines(withoutShownAbove(call, *details)).size(), size_t(3));
        blocks.setCall(call, details, false);
        QVERIFY(headings(blocks).contains(u"Metrics"_s));
    }

    void aBlockIsThereOnlyWithSomethingToSay() {
        DetailBlocks blocks;
        blocks.resize(340, 600);
        blocks.show();
        blocks.setCall(callOf(Provider::Vatel), nullptr, false);
        QCOMPARE(headings(blocks), QStringList());
        QCOMPARE(blocks.absenceText(), QString());  // being read: nothing is known to be missing
        blocks.setCall(callOf(Provider::Vatel), std::make_shared<CallDetails>(), false);
        QCOMPARE(headings(blocks), QStringList());
        QCOMPARE(blocks.absenceText(),
                 u"Nothing told of: the caller's feedback, variables, tags, costs. Not offered by Vatel: metrics, "
                 u"latency, webhook answer."_s);
        Call atoms = callOf(Provider::Atoms);
        atoms.cost = 3;
        blocks.setCall(atoms, std::make_shared<CallDetails>(everything()), false);
        QVERIFY(headings(blocks).contains(u"Metrics"_s));
        QVERIFY(headings(blocks).contains(u"Costs"_s));
        QVERIFY(headings(blocks).contains(u"The caller's feedback"_s));
        blocks.setCall(atoms, std::make_shared<CallDetails>(), true);
        QVERIFY(blocks.absenceText().startsWith(u"More comes with the call's details"_s));
        QVERIFY(!blocks.absenceText().contains(u"Nothing told"_s));
    }

    void tagsAreShownAsText() {
        AiBlock block;
        block.show();
        Call call = callOf(Provider::Vatel);
        call.tags = {u"vip"_s, u"<b>\u202ex"_s};
        block.setCall(call);
        QCOMPARE(block.tagsText(), u"Tags: \u2068vip\u2069 · \u2068<b><U+202E>x\u2069"_s);
        call.tags.clear();
        block.setCall(call);
        QCOMPARE(block.tagsText(), QString());
    }

    void theEndIsToldInWords() {
        CallHeader header;
        ReviewedCall call;
        call.call = callOf(Provider::Vatel);
        call.call.endReason = EndReason::Customer;
        call.call.endReasonRaw = u"user_hangup"_s;
        header.setCall(call);
        QStringList said;
        for (const auto* label : header.findChildren<PlainLabel*>()) {
            said << label->text();
        }
        QVERIFY(said.contains(u"The customer hung up · end reason \u2068user_hangup\u2069"_s));
    }
};

QTEST_MAIN(DetailBlocksTest)
#include "tst_detailblocks.moc"
