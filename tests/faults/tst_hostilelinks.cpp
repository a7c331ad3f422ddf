// Recording links that lead to files, to this computer or to the network around it, through the real program under
// strace; and where the signature of a lawful link may be found afterwards.
#include "models/store/store.h"
#include "tests/faults/hostilecorpus.h"
#include "tests/faults/traced.h"
#include "tests/sync/syncrig.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

namespace {

QByteArray wav() {
    return QByteArray::fromHex(
               "524946462c00000057415645666d74201000000001000100401f0000803e0000020010006461746108000000") +
           QByteArray(8, 's');
}

}  // namespace

class TestHostileLinks final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase();
    void linksOfAnAccountOnTheInternet();
    void redirectsOfALawfulLink();
    void signaturesAreFoundNowhereElse();

 private:
    static void seed(Traced& traced, const Account& account, const std::vector<std::pair<QString, QString>>& links);
};

void TestHostileLinks::initTestCase() {
    if (const QString why = Traced::whyNot(); !why.isEmpty()) {
        QSKIP(qPrintable(why));
    }
}

/// The account and its calls, as a pull from the internet would have left them.
void TestHostileLinks::seed(Traced& traced, const Account& account,
                            const std::vector<std::pair<QString, QString>>& links) {
    QVERIFY(QDir().mkpath(traced.program().profile()));
    QObject context;
    Store store({traced.program().profile(), std::make_shared<SystemClock>(), {}, false});
    QVERIFY(awaited<void>([&](auto done) { store.open(&context, done); }).has_value());
    QVERIFY(awaited<void>([&](auto done) { store.saveAccount(account, &context, done); }).has_value());
    PageToStore page;
    page.account = account.name;
    for (const auto& [id, link] : links) {
        Call call;
        call.key = {account.name, id};
        call.hasRecording = true;
        call.recordingUrl = link;
        call.raw = "{}"_ba;
        page.calls.push_back(call);
    }
    QVERIFY(awaited<PageOutcome>([&](auto done) { store.storePage(page, &context, done); }).has_value());
    traced.program().setEnvironment(u"EARMARK_KEY_"_s + account.name.toUpper(), u"yt_live_CANARY0002"_s);
}

void TestHostileLinks::linksOfAnAccountOnTheInternet() {
    LoopbackServer trap;
    Traced traced(Traced::Memory::NotMeasured);
    Account account;
    account.name = u"far"_s;
    account.baseUrl = QUrl(u"https://api.example.test/api/v1"_s);
    std::vector<std::pair<QString, QString>> links;
    for (const QString& link : hostileLinks(trap.port())) {
        links.emplace_back(u"l%1"_s.arg(links.size()), link);
    }
    seed(traced, account, links);
    for (const auto& [id, link] : links) {
        const Ran ran = traced.run({u"recording"_s, u"far/"_s + id});
        QVERIFY2(!ran.crashed && ran.exitCode == 1, QByteArray(link.toUtf8() + ": " + ran.err).constData());
        const bool refused = ran.err.contains("link") || ran.err.contains("its name was not found");
        QVERIFY2(ran.out.isEmpty() && refused, QByteArray(link.toUtf8() + ": " + ran.err).constData());
    }
    QCOMPARE(trap.count(), 0);
    const QStringList files = traced.oddFiles();
    QVERIFY2(files.isEmpty(), qPrintable(files.join(u", "_s)));
    // A name that is looked up ("localhost.") is asked of the system, at most; nothing is connected to.
    QStringList connections = traced.oddConnections({});
    connections.removeIf([](const QString& target) { return target.endsWith(u":53"_s) || target.endsWith(u":0"_s); });
    QVERIFY2(connections.isEmpty(), qPrintable(connections.join(u", "_s)));
    QCOMPARE(traced.startedPrograms(), traced.runs());
}

/// The account is on this computer, so loopback is lawful; where its storage sends us on to is not.
void TestHostileLinks::redirectsOfALawfulLink() {
    LoopbackServer storage;
    Traced traced(Traced::Memory::NotMeasured);
    Account account;
    account.name = u"near"_s;
    account.baseUrl = storage.url(u"/api/v1"_s);
    std::vector<std::pair<QString, QString>> links;
    for (const QByteArray& target :
         {"file:///etc/passwd"_ba, "https://10.0.0.7/a.wav"_ba, "https://169.254.169.254/a"_ba,
          "qrc:/sql/calls/001_begin.sql"_ba, "data:audio/wav;base64,UklGRg=="_ba, "http://media.example.test/a.wav"_ba,
          "//10.0.0.7/a.wav"_ba}) {
        const QString path = u"/r%1.wav"_s.arg(links.size());
        storage.on(path.toLatin1(), Reply::redirect(target));
        links.emplace_back(u"r%1"_s.arg(links.size()), storage.url(path).toString());
    }
    storage.on("/loop.wav"_ba, Reply::broken(Fault::RedirectLoop));
    links.emplace_back(u"loop"_s, storage.url(u"/loop.wav"_s).toString());
    seed(traced, account, links);
    for (const auto& [id, link] : links) {
        const Ran ran = traced.run({u"recording"_s, u"near/"_s + id});
        QVERIFY2(ran.exitCode == 1 && ran.out.isEmpty(), ran.err.constData());
    }
    QVERIFY2(storage.count("/loop.wav"_ba) <= 5, qPrintable(QString::number(storage.count("/loop.wav"_ba))));
    QVERIFY2(traced.oddFiles().isEmpty(), qPrintable(traced.oddFiles().join(u", "_s)));
    const QStringList connections = traced.oddConnections({storage.port()});
    QVERIFY2(connections.isEmpty(), qPrintable(connections.join(u", "_s)));
    for (const Request& request : storage.requests()) {
        QVERIFY2(!request.hasHeader("authorization"_ba), request.path.constData());
    }
}

void TestHostileLinks::signaturesAreFoundNowhereElse() {
    YotelServer server("yt_live_CANARY0003"_ba);
    LoopbackServer storage;
    storage.on("/good.wav"_ba, Reply::bytes(wav(), "audio/wav"_ba));
    storage.on("/gone.wav"_ba,
               Reply::bytes("<Error><Signature>SIGCANARY</Signature></Error>"_ba, "application/xml"_ba));
    storage.on("/broken.wav"_ba, Reply::broken(Fault::ShortContentLength, wav()));
    server.addCampaign(u"c"_s, u"C"_s);
    for (const QString& id : {u"good"_s, u"gone"_s, u"broken"_s}) {
        const QString link = storage.url(u"/%1.wav?X-Amz-Signature=SIGCANARY&expires=1"_s.arg(id)).toString();
        server.addCall(yotelCall(id, u"c"_s, {{u"has_recording"_s, true}, {u"recording_url"_s, link}}));
    }
    Traced traced(Traced::Memory::NotMeasured);
    Program& program = traced.program();
    program.setEnvironment(u"EARMARK_KEY_MAIN"_s, QString::fromLatin1(server.key()));
    program.setEnvironment(u"QT_LOGGING_RULES"_s, u"*=true"_s);
    const QString base = server.account().baseUrl.toString();
    QCOMPARE(
        traced.run({u"account"_s, u"add"_s, u"main"_s, u"--provider"_s, u"yotel"_s, u"--base-url"_s, base}).exitCode,
        0);
    QCOMPARE(traced.run({u"pull"_s}).exitCode, 0);
    QCOMPARE(traced.run({u"recording"_s, u"main/good"_s, u"--output"_s, program.home() + u"/out.wav"_s}).exitCode, 0);
    QCOMPARE(traced.run({u"recording"_s, u"main/gone"_s}).exitCode, 1);
    QCOMPARE(traced.run({u"recording"_s, u"main/broken"_s}).exitCode, 1);
    for (const QStringList& command :
         {QStringList{u"list"_s}, QStringList{u"list"_s, u"--format"_s, u"csv"_s},
          QStringList{u"list"_s, u"--format"_s, u"json"_s}, QStringList{u"show"_s, u"main/good"_s},
          QStringList{u"show"_s, u"main/good"_s, u"--format"_s, u"json"_s}, QStringList{u"doctor"_s}}) {
        QCOMPARE(traced.run(command).exitCode, 0);
    }
    QVERIFY2(!program.printed().contains("CANARY"), "printed");
    QVERIFY(program.filesWith("CANARY0003").isEmpty());
    for (const QString& file : program.filesWith("SIGCANARY")) {  // calls.db needs the link to fetch the recording
        QVERIFY2(QFileInfo(file).fileName().startsWith(u"calls.db"_s), qPrintable(file));
    }
    const QStringList connections = traced.oddConnections({server.port(), storage.port()});
    QVERIFY2(connections.isEmpty(), qPrintable(connections.join(u", "_s)));
    for (const Request& request : storage.requests()) {
        QVERIFY(!request.hasHeader("authorization"_ba));
    }
}

QTEST_GUILESS_MAIN(TestHostileLinks)
#include "tst_hostilelinks.moc"
