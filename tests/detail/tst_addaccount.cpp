// Adding an account: what is judged while typing, what the test says, what is stored, and that the key shows nowhere.
#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QStandardItemModel>

#include "tests/detail/desk.h"
#include "ui/accounts/accountform.h"
#include "ui/accounts/accounttest.h"
#include "ui/accounts/addaccountdialog.h"
#include "ui/accounts/keydialog.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

namespace {

const QString kKey = u"yt_test_CANARY42"_s;

QList<QByteArray> g_log;

void keepLog(QtMsgType, const QMessageLogContext&, const QString& text) {
    g_log << text.toUtf8();
}

struct Form {
    explicit Form(Desk& desk) : dialog(new AddAccountDialog(desk.services())) {
        dialog->open();
        const QList<QLineEdit*> lines = dialog->findChildren<QLineEdit*>();
        for (QLineEdit* line : lines) {
            (line->accessibleName() == u"Name"_s      ? name
             : line->accessibleName() == u"Address"_s ? address
             : line->accessibleName() == u"API key"_s ? key
                                                      : other) = line;
        }
        for (QPushButton* button : dialog->findChildren<QPushButton*>()) {
            (button->text() == u"Test"_s ? test : button->text() == u"Save"_s ? save : cancel) = button;
        }
    }
    ~Form() { delete dialog; }
    [[nodiscard]] QString words() const {
        QStringList all;
        for (const QLabel* label : dialog->findChildren<QLabel*>()) {
            if (label->isVisible()) {
                all << label->text();
            }
        }
        return all.join(u'\n');
    }

    QPointer<AddAccountDialog> dialog;
    QLineEdit* name = nullptr;
    QLineEdit* address = nullptr;
    QLineEdit* key = nullptr;
    QLineEdit* other = nullptr;
    QPushButton* test = nullptr;
    QPushButton* save = nullptr;
    QPushButton* cancel = nullptr;
};

/// A sentence that has fewer lines than it needs; "" when all can be read.
QString firstCutOff(const QWidget* dialog) {
    for (const QLabel* label : dialog->findChildren<QLabel*>()) {
        if (label->isVisible() && label->wordWrap() && label->height() < label->heightForWidth(label->width())) {
            return label->text();
        }
    }
    return {};
}

}  // namespace

class AddAccountTest final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init() { g_log.clear(); }
    void judgesKeys_data();
    void judgesKeys();
    void judgesNames();
    void judgesWhileTyping();
    void offersOnlyWhatCanBeRead();
    void saysWhatTheTestFound_data();
    void saysWhatTheTestFound();
    void survivesClosingWhileItAsks();
    void storesAccountAndKey();
    void saysWhenThereIsNoKeyring();
    void keyDialogShowsAllItSays();
    void staysOpenWhenNothingCanBeStored();
};

void AddAccountTest::judgesKeys_data() {
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QByteArray>("key");
    QTest::newRow("plain") << u"yt_live_abc"_s << QByteArray("yt_live_abc");
    QTest::newRow("copied with a line break") << u"  yt_live_abc\r\n"_s << QByteArray("yt_live_abc");
    QTest::newRow("header injection") << u"key\r\nX: y"_s << QByteArray();
    QTest::newRow("blank inside") << u"yt live"_s << QByteArray();
    QTest::newRow("control") << u"yt\u0001live"_s << QByteArray();
    QTest::newRow("not ascii") << u"ключ"_s << QByteArray();
    QTest::newRow("empty") << u"   "_s << QByteArray();
}

void AddAccountTest::judgesKeys() {
    QFETCH(QString, typed);
    QFETCH(QByteArray, key);
    const Result<QByteArray> checked = checkedTypedKey(typed);
    QCOMPARE(checked.value_or(QByteArray()), key);
    QCOMPARE(checked.has_value(), !key.isEmpty());
    if (!checked) {
        QCOMPARE(checked.error().kind, ErrorKind::InvalidInput);
        QVERIFY(typed.trimmed().isEmpty() || !checked.error().message.contains(typed.trimmed()));
    }
}

void AddAccountTest::judgesNames() {
    QVERIFY(nameProblem(u"main-2"_s, {}).isEmpty());
    QVERIFY(!nameProblem({}, {}).isEmpty());
    QVERIFY(!nameProblem(u"Main"_s, {}).isEmpty());
    QVERIFY(nameProblem(u"main"_s, {u"main"_s}).contains(u"already"_s));
    QCOMPARE(suggestedName(Provider::Yotel, {}), u"yotel"_s);
    QCOMPARE(suggestedName(Provider::Yotel, {u"yotel"_s, u"yotel-2"_s}), u"yotel-3"_s);
}

void AddAccountTest::judgesWhileTyping() {
    Desk desk;
    QVERIFY(desk.open());
    Form form(desk);
    QCOMPARE(form.name->text(), u"yotel"_s);
    QCOMPARE(form.address->text(), u"https://api.yotel.in/api/v1"_s);
    QCOMPARE(form.key->echoMode(), QLineEdit::Password);
    QVERIFY(!form.save->isEnabled());  // no key yet
    form.key->setText(kKey);
    QVERIFY(form.save->isEnabled() && form.test->isEnabled());
    form.address->setText(u"http://api.yotel.in/api/v1"_s);
    QVERIFY(!form.save->isEnabled());
    QVERIFY2(form.words().contains(u"http, which would send the key unprotected"_s), qPrintable(form.words()));
    form.address->setText(u"https://api.yotel.in/api/v1"_s);
    form.name->setText(u"My Account"_s);
    QVERIFY(!form.save->isEnabled());
    form.key->setText(u"a b"_s);
    form.address->setText(u"http://api.yotel.in"_s);
    QTRY_COMPARE(firstCutOff(form.dialog), QString());
    form.address->setText(u"https://api.yotel.in/api/v1"_s);
    form.name->setText(u"mine"_s);
    form.key->setText(u"a\nb"_s);
    QVERIFY(!form.save->isEnabled());
    QVERIFY2(form.words().contains(u"Copy it again"_s), qPrintable(form.words()));
}

void AddAccountTest::offersOnlyWhatCanBeRead() {
    Desk desk;
    QVERIFY(desk.open());
    Form form(desk);
    for (const QComboBox* box : form.dialog->findChildren<QComboBox*>()) {
        if (box->accessibleName() != u"Provider"_s) {
            continue;
        }
        QCOMPARE(box->count(), 4);
        const auto* items = qobject_cast<const QStandardItemModel*>(box->model());
        QVERIFY(items->item(0)->isEnabled());
        QCOMPARE(items->item(0)->text(), u"Yotel"_s);
        QVERIFY(!items->item(1)->isEnabled());
        QVERIFY(items->item(1)->text().contains(u"not available yet"_s));
        return;
    }
    QFAIL("no box of providers");
}

void AddAccountTest::saysWhatTheTestFound_data() {
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("words");
    QTest::newRow("works") << 0 << u"Works: 3 campaigns."_s;
    QTest::newRow("no campaign") << 1 << u"sees no campaign"_s;
    QTest::newRow("bad key") << 2 << u"The key is wrong. Invalid API key"_s;
    QTest::newRow("no right") << 3 << u"The key lacks a right. Scope 'calls:read' required"_s;
    QTest::newRow("another page") << 4 << u"The address seems wrong"_s;
    QTest::newRow("html") << 5 << u"The address seems wrong"_s;
    QTest::newRow("nobody there") << 6 << u"The server was not reached"_s;
    QTest::newRow("500") << 7 << u"Try again later"_s;
    QTest::newRow("no such host") << 8 << u"The server was not reached"_s;
}

void AddAccountTest::saysWhatTheTestFound() {
    QFETCH(int, kind);
    QFETCH(QString, words);
    Desk desk;
    QVERIFY(desk.open());
    const QByteArray campaign = R"({"id":"1","name":"June","status":"running"})";
    const Reply replies[] = {Reply::json("[" + campaign + "," + QByteArray(campaign).replace("\"1\"", "\"2\"") + "," +
                                         QByteArray(campaign).replace("\"1\"", "\"3\"") + "]"),
                             Reply::json("[]"),
                             Reply::json(R"({"detail":"Invalid API key"})", 401),
                             Reply::json(R"({"detail":"Scope 'calls:read' required"})", 403),
                             Reply::json(R"({"detail":"Not Found"})", 404),
                             Reply::html("<html><img src='file:///etc/passwd'>sign in</html>"),
                             Reply::code(500),
                             Reply::code(500),
                             Reply::code(500)};
    desk.server.on("/api/v1/campaigns", replies[kind]);
    const qsizetype before = g_log.size();
    const QtMessageHandler old = qInstallMessageHandler(keepLog);
    {
        Form form(desk);
        form.address->setText(kind == 6   ? u"http://127.0.0.1:1/api/v1"_s
                              : kind == 8 ? u"https://nowhere.invalid/api/v1"_s
                                          : desk.server.url(u"/api/v1"_s).toString());
        form.key->setText(u" "_s + kKey + u"\n"_s);
        form.test->click();
        QTRY_VERIFY_WITH_TIMEOUT(form.test->isEnabled(), 15'000);
        const QString said = form.words();
        qInstallMessageHandler(old);
        QVERIFY2(said.contains(words), qPrintable(said));
        QVERIFY(!said.contains(u"CANARY"_s));
        for (const QLabel* label : form.dialog->findChildren<QLabel*>()) {
            QCOMPARE(label->textFormat(), Qt::PlainText);
        }
    }
    for (const QByteArray& line : g_log.mid(before)) {
        QVERIFY2(!line.contains("CANARY"), line.constData());
    }
    if (kind < 6) {
        const auto asked = desk.server.requests("/api/v1/campaigns");
        QCOMPARE(asked.size(), size_t(1));
        QCOMPARE(asked.front().header("authorization"), QByteArray("Bearer ") + kKey.toLatin1());
    }
}

void AddAccountTest::survivesClosingWhileItAsks() {
    Desk desk;
    QVERIFY(desk.open());
    desk.server.on("/api/v1/campaigns", Reply::broken(Fault::Hang));
    auto* form = new Form(desk);
    form->address->setText(desk.server.url(u"/api/v1"_s).toString());
    form->key->setText(kKey);
    form->test->click();
    QVERIFY(!form->test->isEnabled());
    QVERIFY(form->cancel->isEnabled());
    QTRY_COMPARE(desk.server.count("/api/v1/campaigns"), 1);
    form->cancel->click();
    QTRY_VERIFY(form->dialog.isNull());  // gone by itself
    delete form;
    QTest::qWait(50);
}

void AddAccountTest::storesAccountAndKey() {
    Desk desk;
    QVERIFY(desk.open());
    Form form(desk);
    QString added;
    connect(form.dialog, &AddAccountDialog::accountAdded, this, [&added](const QString& name) { added = name; });
    QSignalSpy accepted(form.dialog, &QDialog::accepted);
    form.name->setText(u"mine-2"_s);
    form.address->setText(desk.server.url(u"/api/v1/"_s).toString());
    form.key->setText(kKey + u"\n"_s);
    form.save->click();
    QTRY_COMPARE(accepted.count(), 1);
    QCOMPARE(added, u"mine-2"_s);
    QCOMPARE(desk.keys.kept[u"mine-2"_s], kKey.toLatin1());
    const Account* account = desk.accounts->find(u"mine-2"_s);
    QVERIFY(account != nullptr);
    QCOMPARE(account->baseUrl, desk.server.url(u"/api/v1"_s));
    QCOMPARE(account->assumedZone, u"UTC"_s);
}

void AddAccountTest::saysWhenThereIsNoKeyring() {
    Desk desk;
    desk.keys.hasKeyring = false;
    QVERIFY(desk.open());
    Form form(desk);
    QSignalSpy accepted(form.dialog, &QDialog::accepted);
    form.key->setText(kKey);
    form.save->click();
    QTRY_VERIFY2(form.words().contains(u"EARMARK_KEY_YOTEL"_s), qPrintable(form.words()));
    QVERIFY(form.words().contains(u"The account is saved"_s));
    QTRY_COMPARE(firstCutOff(form.dialog), QString());
    QVERIFY(desk.accounts->find(u"yotel"_s) != nullptr);
    QVERIFY(form.key->text().isEmpty());  // not kept in a field either
    QCOMPARE(accepted.count(), 0);
    QTest::keyClick(form.dialog, Qt::Key_Escape);
    QTRY_COMPARE(accepted.count(), 1);  // it is stored, whichever way the dialog is closed
}

void AddAccountTest::keyDialogShowsAllItSays() {
    FakeKeys keys;
    keys.hasKeyring = false;
    keys.noKeyring =
        u"No keyring could be used here, so the key of %1 is kept only until the program ends. Set "
        "EARMARK_KEY_%1 to the key in the environment that the program is started from, so that it is "
        "there the next time too."_s;
    QWidget desk;
    KeyDialog* dialog = KeyDialog::ask(&keys, u"main"_s, u"Provider refuses the key."_s, &desk);
    const auto words = [dialog] {
        QStringList all;
        for (const QLabel* label : dialog->findChildren<QLabel*>()) {
            if (label->isVisible()) {
                all << label->text();
            }
        }
        return all.join(u'\n');
    };
    QVERIFY2(words().contains(u"refuses"_s), qPrintable(words()));
    QCOMPARE(firstCutOff(dialog), QString());
    auto* line = dialog->findChild<QLineEdit*>();
    line->setText(u"two words"_s);
    QCOMPARE(firstCutOff(dialog), QString());
    line->setText(kKey);
    for (QPushButton* button : dialog->findChildren<QPushButton*>()) {
        if (button->text() == u"Use this key"_s) {
            button->click();
        }
    }
    QTRY_VERIFY2(words().contains(u"EARMARK_KEY_MAIN"_s), qPrintable(words()));
    QCOMPARE(firstCutOff(dialog), QString());
    QVERIFY(!words().contains(u"refuses"_s));  // that was the key before
}

void AddAccountTest::staysOpenWhenNothingCanBeStored() {
    Desk desk;
    QVERIFY(desk.open());
    Form form(desk);
    form.key->setText(kKey);
    desk.gate->failWith = 13;
    form.save->click();
    QTRY_VERIFY2(form.words().contains(u"The account was not saved."_s), qPrintable(form.words()));
    QVERIFY(form.save->isEnabled());
    QCOMPARE(form.key->text(), kKey);
    desk.gate->failWith = 0;
    QSignalSpy accepted(form.dialog, &QDialog::accepted);
    form.save->click();
    QTRY_COMPARE(accepted.count(), 1);
}

QTEST_MAIN(AddAccountTest)
#include "tst_addaccount.moc"
