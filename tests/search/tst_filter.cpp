// The filter language: what is lawful, and where and why everything else is refused.
#include <QRandomGenerator>
#include <QTest>

#include "models/search/filter.h"
#include "models/search/filternode.h"
#include "models/search/textscan.h"
#include "tests/support/processortime.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {

FilterContext context() {
    return {momentFromMs(QDateTime(QDate(2026, 4, 18), QTime(15, 0), QTimeZone::utc()).toMSecsSinceEpoch()),
            QTimeZone("Asia/Kolkata")};
}

QString text(const std::string& utf8) {
    return QString::fromStdString(utf8);
}

QString number(double value) {
    return QString::number(value, 'g', 17);
}

QString fieldText(const std::optional<Field>& field) {
    return field ? QString::fromLatin1(info(*field).jsonName) : u"start"_s;
}

/// One line per leaf, so that a test says what the parser understood.
struct LeafText {
    QString operator()(const ValuesLeaf& leaf) const {
        return fieldText(leaf.field) + (leaf.compare == ValuesLeaf::Compare::Exact ? u"="_s : u"~"_s) +
               leaf.values.join(u'/') + (leaf.orNone ? u"/NONE"_s : QString());
    }
    QString operator()(const ContainsLeaf& leaf) const {
        QStringList fields;
        for (const Field field : leaf.fields) {
            fields += fieldText(field);
        }
        return fields.join(u'+') + (leaf.asNumber ? u" number "_s : u" contains "_s) + text(leaf.needle);
    }
    QString operator()(const RangeLeaf& leaf) const {
        return fieldText(leaf.field) + (leaf.lowExcluded ? u"("_s : u"["_s) + number(leaf.low) + u' ' +
               number(leaf.high) + (leaf.highExcluded ? u")"_s : u"]"_s);
    }
    QString operator()(const TimeLeaf& leaf) const {
        const auto iso = [](qint64 ms) {
            if (ms == std::numeric_limits<qint64>::min() || ms == std::numeric_limits<qint64>::max()) {
                return u"*"_s;
            }
            return toIsoText(momentFromMs(ms));
        };
        return fieldText(leaf.field) + u' ' + iso(leaf.first) + u' ' + iso(leaf.last);
    }
    QString operator()(const NoneLeaf& leaf) const { return fieldText(leaf.field) + u" none"_s; }
    QString operator()(const FlagLeaf& leaf) const { return u"flag %1"_s.arg(static_cast<int>(leaf.flag)); }
    QString operator()(const TextLeaf& leaf) const {
        static const QStringList kScopes{u"any"_s,         u"summary"_s,   u"notes"_s, u"provider_notes"_s,
                                         u"next_action"_s, u"transcript"_s};
        return kScopes[static_cast<int>(leaf.scope)] + u'#' + QString::number(leaf.number) + u' ' +
               text(leaf.pattern.firstWord());
    }
};

QString treeText(const FilterNode& node) {
    if (node.kind == FilterNode::Kind::Leaf) {
        return u'{' + std::visit(LeafText(), node.leaf) + u'}';
    }
    QStringList parts;
    for (const FilterNode& child : node.children) {
        parts += treeText(child);
    }
    switch (node.kind) {
        case FilterNode::Kind::Not:
            return u"NOT "_s + parts.front();
        case FilterNode::Kind::Any:
            return u"ANY["_s + parts.join(u' ') + u']';
        case FilterNode::Kind::All:
        case FilterNode::Kind::Leaf:
            break;
    }
    return u"ALL["_s + parts.join(u' ') + u']';
}

}  // namespace

class tst_Filter : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void understands_data();
    void understands();
    void refuses_data();
    void refuses();
    void emptyTextIsEveryCall();
    void namesTheColumn();
    void quotesValues_data();
    void quotesValues();
    void listsItsTerms();
    void limitsDepthAndTerms();
    void survivesGarbage();
    void survivesLongInput();
    void wordsInTexts_data();
    void wordsInTexts();
    void followsTheClockChange();
};

void tst_Filter::understands_data() {
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QString>("tree");
    const auto row = [](const char* filter, const char* tree) {
        QTest::newRow(filter) << QString::fromUtf8(filter) << QString::fromUtf8(tree);
    };
    // structure
    row("a b", "ALL[{any#0 a} {any#1 b}]");
    row("a OR b", "ANY[{any#0 a} {any#1 b}]");
    row("a|b", "ANY[{any#0 a} {any#1 b}]");
    row("a b OR c d", "ANY[ALL[{any#0 a} {any#1 b}] ALL[{any#2 c} {any#3 d}]]");
    row("a (b OR c) d", "ALL[{any#0 a} ANY[{any#1 b} {any#2 c}] {any#3 d}]");
    row("((a))", "{any#0 a}");
    row("-a", "NOT {any#0 a}");
    row("--a", "{any#0 a}");
    row("-(a b)", "NOT ALL[{any#0 a} {any#1 b}]");
    row("(-a)|-\"b\"", "ANY[NOT {any#0 a} NOT {any#1 b}]");
    row("a(b)c", "ALL[{any#0 a} {any#1 b} {any#2 c}]");
    row("a\"b\"c", "ALL[{any#0 a} {any#1 b} {any#2 c}]");
    row("or ORDER \"OR\"", "ALL[{any#0 or} {any#1 order} {any#2 or}]");
    row("e-mail", "{any#0 e}");
    row("14:30", "{any#0 14}");
    row("\"sip:1000\"", "{any#0 sip}");
    row("\"say \"\"no\"\"\"", "{any#0 say}");
    row("\t a\n", "{any#0 a}");
    // enums
    row("status:completed,failed", "{status=completed/failed}");
    row("STATUS:Completed,no-answer,in_progress", "{status=completed/no_answer/in_progress}");
    row("status:\"busy\"", "{status=busy}");
    row("direction:outbound,web,unknown", "{direction=outbound/web/unknown}");
    row("end-reason:transferred", "{end_reason=transferred}");
    row("end_reason:not_answered", "{end_reason=not_answered}");
    row("provider:yotel,autocalls", "{provider=yotel/autocalls}");
    row("type:Phone,web,chat", "{type_raw~phone/web/chat}");
    row("sentiment:negative", "{sentiment~negative}");
    row("sentiment:none,\"none\"", "{sentiment~none/NONE}");
    row("answered-by:machine", "{answered_by~machine}");
    row("source:simulation", "{source~simulation}");
    // codes
    row("disposition:CALLBACK", "{disposition=CALLBACK}");
    row("disposition:A,\"B c\",none", "{disposition=A/B c/NONE}");
    row("disposition:None", "{disposition=/NONE}");
    row("disposition:\"none\"", "{disposition=none}");
    row("hangup:NO_ANSWER", "{hangup_cause=NO_ANSWER}");
    row("hangup_cause:X", "{hangup_cause=X}");
    row("tag:vip", "{tags=vip}");
    row("tags:vip", "{tags=vip}");
    row("raw-status:ended_by_customer", "{status_raw=ended_by_customer}");
    row("status_raw:x", "{status_raw=x}");
    row("type_raw:Web", "{type_raw=Web}");
    row("provider_disposition:none", "{provider_disposition=/NONE}");
    row("cost_unit:USD", "{cost_unit=USD}");
    // names, ids, numbers
    row("agent:Priya", "{agent+agent_id contains priya}");
    row("campaign:\"Q4 Outreach\"", "{campaign+campaign_id contains q4 outreach}");
    row("lead:josé", "{lead+lead_id contains jose}");
    row("agent:a,b", "{agent+agent_id contains a,b}");
    row("agent:none", "{agent+agent_id contains none}");
    row("agent_id:va_1", "{agent_id contains va_1}");
    row("number:+9198", "{customer_number number 9198}");
    row("number:\"(022) 123-45\"", "{customer_number number 02212345}");
    row("customer_number:12", "{customer_number number 12}");
    row("own-number:12", "{own_number number 12}");
    row("id:3C90", "{id contains 3c90}");
    row("account:main", "{account contains main}");
    row("key:main/3c", "{key contains main/3c}");
    row("switch_id:ff", "{switch_id contains ff}");
    row("flagged:check", "{flagged contains check}");
    // texts
    row("notes:refund", "{notes#0 refund}");
    row("summary:\"bad line\"", "{summary#0 bad}");
    row("next_action:call", "{next_action#0 call}");
    row("provider_notes:x y", "ALL[{provider_notes#0 x} {any#1 y}]");
    row("transcript:\"cancel my card\"", "{transcript#0 cancel}");
    // durations and numbers
    row("talk:>60", "{talk_seconds(60 inf]}");
    row("talk:1m..5m", "{talk_seconds[60 300]}");
    row("ring:<5", "{ring_seconds[-inf 5)}");
    row("total:>=90s", "{total_seconds[90 inf]}");
    row("total:<=1h", "{total_seconds[-inf 3600]}");
    row("talk:=0", "{talk_seconds[0 0]}");
    row("talk:1:30", "{talk_seconds[90 90]}");
    row("talk:1:02:03.5", "{talk_seconds[3723.5 3723.5]}");
    row("talk:1h30m..2H", "{talk_seconds[5400 7200]}");
    row("talk:1.5m", "{talk_seconds[90 90]}");
    row("talk:250ms", "{talk_seconds[0.25 0.25]}");
    row("talk:\">60\"", "{talk_seconds(60 inf]}");
    row("talk_seconds:60", "{talk_seconds[60 60]}");
    row("talk:5..5", "{talk_seconds[5 5]}");
    row("talk:none", "{talk_seconds none}");
    row("cost:>1.5", "{cost(1.5 inf]}");
    row("cost:-2..-1", "{cost[-2 -1]}");
    row("carrier_cost:0.1", "{carrier_cost[0.10000000000000001 0.10000000000000001]}");
    row("latency:>900", "{latency_ms(900 inf]}");
    row("latency:none", "{latency_ms none}");
    // times; now is 2026-04-18 20:30 in Kolkata, 5:30 ahead
    row("date:today", "{start 2026-04-17T18:30:00.000Z 2026-04-18T18:29:59.999Z}");
    row("date:yesterday", "{start 2026-04-16T18:30:00.000Z 2026-04-17T18:29:59.999Z}");
    row("date:1d", "{start 2026-04-17T18:30:00.000Z 2026-04-18T18:29:59.999Z}");
    row("date:7D", "{start 2026-04-11T18:30:00.000Z 2026-04-18T18:29:59.999Z}");
    row("date:2026-04-01..2026-04-30", "{start 2026-03-31T18:30:00.000Z 2026-04-30T18:29:59.999Z}");
    row("date:2026-04-01..today", "{start 2026-03-31T18:30:00.000Z 2026-04-18T18:29:59.999Z}");
    row("date:>2026-04-01", "{start 2026-04-01T18:30:00.000Z *}");
    row("date:>=2026-04-01", "{start 2026-03-31T18:30:00.000Z *}");
    row("date:<2026-04-01", "{start * 2026-03-31T18:29:59.999Z}");
    row("date:<=2026-04-01", "{start * 2026-04-01T18:29:59.999Z}");
    row("date:=2026-04-01", "{start 2026-03-31T18:30:00.000Z 2026-04-01T18:29:59.999Z}");
    row("date:>2026-04-01T14:00", "{start 2026-04-01T08:30:00.001Z *}");
    row("date:>=2026-04-01T14:00Z", "{start 2026-04-01T14:00:00.000Z *}");
    row("date:<2026-04-01t14:00:30+02:00", "{start * 2026-04-01T12:00:29.999Z}");
    row("date:<=2026-04-01T14:00-0330", "{start * 2026-04-01T17:30:00.000Z}");
    row("date:2026-04-01T14:00Z", "{start 2026-04-01T14:00:00.000Z 2026-04-01T14:00:59.999Z}");
    row("date:2026-04-01T14:00:01Z", "{start 2026-04-01T14:00:01.000Z 2026-04-01T14:00:01.999Z}");
    row("date:2026-04-01T14:00:01.25Z", "{start 2026-04-01T14:00:01.250Z 2026-04-01T14:00:01.250Z}");
    row("date:2026-04-01T14:00Z..2026-04-01T15:00Z", "{start 2026-04-01T14:00:00.000Z 2026-04-01T15:00:00.000Z}");
    row("date:none", "{start none}");
    row("dial_time:>2026-04-01", "{dial_time 2026-04-01T18:30:00.000Z *}");
    row("end-time:today", "{end_time 2026-04-17T18:30:00.000Z 2026-04-18T18:29:59.999Z}");
    row("answer_time:none", "{answer_time none}");
    row("reviewed_at:7d", "{reviewed_at 2026-04-11T18:30:00.000Z 2026-04-18T18:29:59.999Z}");
    // has, is, JSON truth
    row("has:recording", "{flag 0}");
    row("has:transcript,summary", "ANY[{flag 1} {flag 2}]");
    row("-has:notes", "NOT {flag 3}");
    row("is:edited is:pending is:conflict is:refused", "ALL[{flag 4} {flag 5} {flag 6} {flag 7}]");
    row("is:answered is:Reviewed is:flagged is:unlisted", "ALL[{flag 8} {flag 9} {flag 10} {flag 11}]");
    row("edited:true", "{edited=true}");
    row("has_recording:false,none", "{has_recording=false/NONE}");
    row("edit_state:waiting,none", "{edit_state=waiting/NONE}");
}

void tst_Filter::understands() {
    QFETCH(QString, filter);
    QFETCH(QString, tree);
    const auto parsed = Filter::parse(filter, context());
    QVERIFY2(parsed, parsed ? "" : qPrintable(filterProblemText(parsed.error())));
    QVERIFY(parsed->root());
    QCOMPARE(treeText(*parsed->root()), tree);
}

void tst_Filter::refuses_data() {
    QTest::addColumn<QString>("filter");
    QTest::addColumn<int>("column");
    QTest::addColumn<int>("length");
    QTest::addColumn<QString>("mentions");
    const auto row = [](const char* filter, int column, int length, const char* mentions) {
        QTest::newRow(filter) << QString::fromUtf8(filter) << column << length << QString::fromUtf8(mentions);
    };
    row("foo:bar", 1, 3, "\"foo\"");
    row("a  statsu:busy", 4, 6, "status:");
    row("é:x", 1, 1, "quotes");
    row("dispositon:A", 1, 10, "disposition:");
    row("talk_second:5", 1, 11, "talk_seconds:");
    row(":busy", 1, 1, "field name");
    row("status:", 1, 7, "missing");
    row("a status: busy", 3, 7, "missing");
    row("status:()", 1, 7, "missing");
    row("-status:|b", 2, 7, "missing");
    row("lead:", 1, 5, "missing");
    row("status:complet", 8, 7, "completed");
    row("status:busy,lost", 13, 4, "queued, dialing, ringing");
    row("status:none", 8, 4, "unknown");
    row("direction:out", 11, 3, "outbound");
    row("end-reason:bored", 12, 5, "transferred");
    row("provider:yote", 10, 4, "yotel");
    row("has:recordings", 5, 10, "recording");
    row("has:x", 5, 1, "summary, notes");
    row("is:edit", 4, 4, "edited");
    row("edited:maybe", 8, 5, "true, false");
    row("edit_state:gone", 12, 4, "kept");
    row("status:busy,", 12, 1, "comma");
    row("status:,busy", 1, 7, "missing");
    row("disposition:A,,B", 14, 1, "comma");
    row("disposition:\"\"", 13, 2, "none");
    row("\"\"", 1, 2, "letter");
    row("***", 1, 3, "letter");
    row("a \"+-\"", 3, 4, "letter");
    row("notes:!", 7, 1, "letter");
    row("transcript:!", 12, 1, "letter");
    row("number:+", 8, 1, "digit");
    row("talk:>", 6, 1, "missing");
    row("talk:abc", 6, 3, "duration");
    row("talk:>5x", 7, 2, "duration");
    row("talk:1:60", 6, 4, "duration");
    row("talk:1:5", 6, 3, "duration");
    row("talk:1:2:3:4", 6, 7, "duration");
    row("talk:5m1h", 6, 4, "duration");
    row("talk:-5", 6, 2, "duration");
    row("talk:1e3", 6, 3, "duration");
    row("talk:inf", 6, 3, "duration");
    row("talk:.5", 6, 2, "duration");
    row("talk:1..x", 9, 1, "duration");
    row("talk:5m..1m", 6, 6, "reversed");
    row("talk:5m..", 6, 4, "missing");
    row("talk:..5m", 6, 4, "missing");
    row("talk:>1..5", 7, 4, "duration");
    row("talk:=>5", 7, 2, "duration");
    row("talk:5,6", 6, 3, "duration");
    row("talk:\"x\"", 7, 1, "duration");
    row("cost:nan", 6, 3, "number");
    row("cost:1,5", 6, 3, "number");
    row("cost:99999999999999999999", 6, 20, "number");
    row("latency:fast", 9, 4, "number");
    row("cost:2..1", 6, 4, "reversed");
    row("date:tomorrow", 6, 8, "day");
    row("date:2026-13-01", 6, 10, "day");
    row("date:2026-02-30", 6, 10, "day");
    row("date:2026-4-1", 6, 8, "day");
    row("date:0d", 6, 2, "day");
    row("date:99999d", 6, 6, "day");
    row("date:2026-04-01T25:00", 6, 16, "day");
    row("date:2026-04-01T14", 6, 13, "day");
    row("date:>7d", 6, 3, "7d");
    row("date:7d..today", 6, 9, "7d");
    row("date:2026-04-30..2026-04-01", 6, 22, "reversed");
    row("date:today..yesterday", 6, 16, "reversed");
    row("date:..today", 6, 7, "missing");
    row("date:2026-04-01T15:00..2026-04-01T14:59", 6, 34, "reversed");
    row("end_time:x", 10, 1, "day");
    row("\"abc", 1, 4, "never closed");
    row("a notes:\"abc d", 9, 6, "never closed");
    row("\"", 1, 1, "never closed");
    row("disposition:A,\"B", 15, 2, "never closed");
    row("agent:pri\"ya\"", 10, 1, "quotes");
    row("agent:\"pri\"ya", 12, 1, "quotes");
    row("(a", 1, 1, "never closed");
    row("a ((b) c", 3, 1, "never closed");
    row("(", 1, 1, "never closed");
    row("a)", 2, 1, "no opening");
    row(") a", 1, 1, "no opening");
    row("a () b", 3, 2, "nothing between");
    row("(  )", 1, 4, "nothing between");
    row("OR a", 1, 2, "left");
    row("| a", 1, 1, "left");
    row("a OR", 3, 2, "right");
    row("a |", 3, 1, "right");
    row("a OR OR b", 6, 2, "left");
    row("(a OR)", 4, 2, "right");
    row("(OR a)", 2, 2, "left");
    row("a OR )", 3, 2, "right");
    row("-", 1, 1, "minus");
    row("a - b", 3, 1, "minus");
    row("(-)", 2, 1, "minus");
    row("a -|b", 3, 1, "minus");
    row("-OR", 1, 1, "minus");
    row("--", 2, 1, "minus");
    row("x😀 foo:x", 5, 3, "foo");
}

void tst_Filter::refuses() {
    QFETCH(QString, filter);
    QFETCH(int, column);
    QFETCH(int, length);
    QFETCH(QString, mentions);
    const auto parsed = Filter::parse(filter, context());
    QVERIFY2(!parsed, "was accepted");
    const FilterProblem& problem = parsed.error();
    QVERIFY2(problem.message.contains(mentions), qPrintable(problem.message));
    QCOMPARE(problem.column, column);
    QCOMPARE(problem.length, length);
}

void tst_Filter::emptyTextIsEveryCall() {
    for (const QString& filter : {QString(), u" \t\n"_s}) {
        const auto parsed = Filter::parse(filter, context());
        QVERIFY(parsed);
        QVERIFY(parsed->isEmpty());
        QVERIFY(!parsed->root());
        QCOMPARE(parsed->textLeafCount(), 0);
        QVERIFY(!TextScan(*parsed).isNeeded());
    }
}

void tst_Filter::namesTheColumn() {
    const auto parsed = Filter::parse(u"status:busy x:1"_s, context());
    QVERIFY(!parsed);
    QVERIFY(filterProblemText(parsed.error()).startsWith(u"column 13: "_s));
}

void tst_Filter::quotesValues_data() {
    QTest::addColumn<QString>("value");
    for (const char* value : {"CALLBACK", "none", "None", "a b", "a,b", "(x)", "a|b", "\"", "say \"no\"", "\"\"", "x\"",
                              "NO_ANSWER", "naïve", "-", ">5", "OR", "a:b", "tab\there"}) {
        QTest::newRow(value) << QString::fromUtf8(value);
    }
}

void tst_Filter::quotesValues() {
    QFETCH(QString, value);
    const auto parsed = Filter::parse(u"disposition:"_s + quotedForFilter(value), context());
    QVERIFY2(parsed, parsed ? "" : qPrintable(filterProblemText(parsed.error())));
    const auto& leaf = std::get<ValuesLeaf>(parsed->root()->leaf);
    QCOMPARE(leaf.values, QStringList{value});
    QVERIFY(!leaf.orNone);
}

void tst_Filter::listsItsTerms() {
    const auto terms = filterTerms();
    QVERIFY(terms.size() > 25);
    QSet<QString> seen;
    for (const FilterTerm& term : terms) {
        QVERIFY(term.prefix.endsWith(u':'));
        QVERIFY2(!seen.contains(term.prefix), qPrintable(term.prefix));
        seen += term.prefix;
        QVERIFY(!term.explanation.isEmpty());
        for (const QString& value : term.values) {
            const auto parsed = Filter::parse(term.prefix + value, context());
            QVERIFY2(parsed, qPrintable(term.prefix + value));
        }
    }
    for (const char* name :
         {"status", "direction", "type",       "sentiment", "answered-by", "end-reason", "source", "disposition",
          "hangup", "tag",       "raw-status", "agent",     "campaign",    "lead",       "number", "own-number",
          "id",     "account",   "provider",   "notes",     "summary",     "transcript", "talk",   "ring",
          "total",  "date",      "cost",       "latency",   "has",         "is"}) {
        QVERIFY2(seen.contains(QString::fromLatin1(name) + u':'), name);
    }
    // Every JSON name is a filter name too: at worst the value is refused, never the field.
    for (const FieldInfo& field : allFields()) {
        const auto parsed = Filter::parse(QLatin1StringView(field.jsonName) + u":none"_s, context());
        QVERIFY2(parsed || !parsed.error().message.contains(u"no field"), field.jsonName);
    }
}

void tst_Filter::limitsDepthAndTerms() {
    const auto nested = [](int depth) -> QString { return QString(depth, u'(') + u'a' + QString(depth, u')'); };
    QVERIFY(Filter::parse(nested(50), context()));
    const auto tooDeep = Filter::parse(nested(51), context());
    QVERIFY(!tooDeep);
    QCOMPARE(tooDeep.error().column, 51);
    QVERIFY(tooDeep.error().message.contains(u"nested"));

    QVERIFY(Filter::parse(u"a "_s.repeated(1000), context()));
    const auto tooMany = Filter::parse(u"a "_s.repeated(1001), context());
    QVERIFY(!tooMany);
    QCOMPARE(tooMany.error().column, 2001);
    QVERIFY(tooMany.error().message.contains(u"1000"));
}

void tst_Filter::survivesGarbage() {
    static const QStringList kPieces{
        u"status:"_s, u"talk:"_s,     u"date:"_s, u"OR"_s, u"|"_s,      u"("_s,       u")"_s,         u"-"_s,
        u"\""_s,      u" "_s,         u","_s,     u".."_s, u">"_s,      u"<="_s,      u"7d"_s,        u"1:30"_s,
        u"none"_s,    u"completed"_s, u"é"_s,     u"😀"_s,  u"\u202e"_s, u"\0"_s,      u"%1"_s,        u"2026-04-01"_s,
        u"T14:00"_s,  u"%n"_s,        u"has:"_s,  u"x:"_s, u":"_s,      u"number:"_s, u"\U000e0100"_s};
    QRandomGenerator random(20260418);
    int lawful = 0;
    for (int round = 0; round < 40'000; ++round) {
        QString garbage;
        for (int piece = random.bounded(12); piece >= 0; --piece) {
            garbage += random.bounded(4) != 0 ? kPieces[random.bounded(kPieces.size())]
                                              : QString(QChar(static_cast<char16_t>(random.bounded(0x10000))));
        }
        const auto parsed = Filter::parse(garbage, context());
        if (parsed) {
            ++lawful;
            continue;
        }
        const FilterProblem& problem = parsed.error();
        const QByteArray where = "round " + QByteArray::number(round) + ": " + garbage.toUtf8();
        QVERIFY2(!problem.message.isEmpty(), where.constData());
        QVERIFY2(problem.column >= 1 && problem.length >= 1, where.constData());
        QVERIFY2(problem.column + problem.length - 1 <= garbage.size(), where.constData());
    }
    QVERIFY(lawful > 100);
}

void tst_Filter::survivesLongInput() {
    const int kLong = 100'000;
    const ProcessorTime used;
    QVERIFY(Filter::parse(QString(kLong, u'x'), context()));
    QVERIFY(Filter::parse(u"agent:\""_s + QString(kLong, u' ') + u"x\"", context()));
    QVERIFY(!Filter::parse(QString(kLong, u'('), context()));
    QVERIFY(!Filter::parse(QString(kLong, u')'), context()));
    QVERIFY(!Filter::parse(QString(kLong, u'-'), context()));
    QVERIFY(Filter::parse(QString(kLong, u'-') + u'x', context()));
    QVERIFY(!Filter::parse(QString(kLong, u'"'), context()));
    QVERIFY(!Filter::parse(QString(kLong, u'|'), context()));
    QVERIFY(!Filter::parse(QString(kLong, u':'), context()));
    QVERIFY(!Filter::parse(u"talk:"_s + QString(kLong, u'9'), context()));
    QVERIFY(!Filter::parse(u"date:"_s + QString(kLong, u'1') + u'd', context()));
    QVERIFY(Filter::parse(u"disposition:A"_s + u",A"_s.repeated(kLong / 2), context()));
    const auto unknown = Filter::parse(QString(kLong, u'z') + u":1"_s, context());
    QVERIFY(!unknown);
    QVERIFY2(unknown.error().message.size() < 300, "data in a message is cut");
    QVERIFY2(used.ms() < 5'000, "no input of this size may take long");
}

void tst_Filter::wordsInTexts_data() {
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QString>("body");
    QTest::addColumn<bool>("found");
    const auto row = [](const char* filter, const char* body, bool found) {
        QTest::addRow("%s in %s", filter, body) << QString::fromUtf8(filter) << QString::fromUtf8(body) << found;
    };
    row("refu", "A REFUND was asked", true);
    row("refu", "unrefunded", false);
    row("fund", "refund fund-raising", true);
    row("\"refu\"", "a refund", false);
    row("\"refund\"", "a refund!", true);
    row("\"bad line\"", "it was a bad, line", true);
    row("\"bad line\"", "it was a bad lines", false);
    row("\"bad line\"", "a line, bad", false);
    row("\"line bad\"", "line line bad", true);
    row("bad-li", "a bad line", true);
    row("cafe", "Café", true);
    row("CAFÉ", "the cafe\xcc\x81", true);
    row("strass", "Hauptstraße", false);
    row("strass", "Straße 5", true);
    row("\"strasse\"", "STRASSE", true);
    row("क", "कि", true);
    row("\"क\"", "कि", false);
    row("😀5", "5", true);  // a picture is no word
    row("x", "éx", false);
    row("x", "—x", true);
}

void tst_Filter::wordsInTexts() {
    QFETCH(QString, filter);
    QFETCH(QString, body);
    QFETCH(bool, found);
    const auto parsed = Filter::parse(filter, context());
    QVERIFY(parsed);
    const TextScan scan(*parsed);
    QCOMPARE(scan.matcher()({7, body, {}, {}}), found);
    QCOMPARE(scan.matches().at(0).inTexts, found ? std::vector<qint64>{7} : std::vector<qint64>{});
    const TextScan inNotes(*parsed);
    QCOMPARE(inNotes.matcher()({7, {}, body, {}}), found);
    QCOMPARE(inNotes.matches().at(0).inProviderNotes, found ? std::vector<qint64>{7} : std::vector<qint64>{});
    QVERIFY(inNotes.matches().at(0).inTexts.empty());
}

void tst_Filter::followsTheClockChange() {
    // In Berlin 2026-03-29 has 23 hours and 02:30 does not exist; 2026-10-25 has 25.
    const FilterContext berlin{momentFromMs(0), QTimeZone("Europe/Berlin")};
    const auto span = [&](const QString& filter) {
        const auto parsed = Filter::parse(filter, berlin);
        const auto& leaf = std::get<TimeLeaf>(parsed->root()->leaf);
        return leaf.last - leaf.first + 1;
    };
    QCOMPARE(span(u"date:2026-03-29"_s), 23 * 3'600'000LL);
    QCOMPARE(span(u"date:2026-10-25"_s), 25 * 3'600'000LL);
    QCOMPARE(span(u"date:2026-03-28"_s), 24 * 3'600'000LL);
    // An hour that the clocks skip is a lawful time: as if they had not been changed yet.
    const FilterContext angeles{momentFromMs(0), QTimeZone("America/Los_Angeles")};
    const auto first = [](const QString& filter, const FilterContext& context) {
        const auto parsed = Filter::parse(filter, context);
        return parsed ? std::get<TimeLeaf>(parsed->root()->leaf).first : -1;
    };
    QCOMPARE(first(u"date:>=2026-03-08T02:30"_s, angeles), first(u"date:>=2026-03-08T10:30Z"_s, angeles));
    QCOMPARE(first(u"date:>=2026-03-29T02:30"_s, berlin), first(u"date:>=2026-03-29T01:30Z"_s, berlin));
    QVERIFY(first(u"date:>=2026-03-08T02:30"_s, angeles) > 0);
}

QTEST_GUILESS_MAIN(tst_Filter)
#include "tst_filter.moc"
