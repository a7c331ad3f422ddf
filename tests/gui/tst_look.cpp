// Colours that can be read, icons that are there and follow the palette, labels that never take data for markup.
#include <QApplication>
#include <QDir>
#include <QImage>
#include <QPainter>
#include <QPushButton>
#include <QSet>
#include <QTest>

#include "ui/common/icons.h"
#include "ui/common/plainlabel.h"
#include "ui/common/theme.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {

/// The colours of the pixels that an icon really paints.
QSet<QRgb> inks(const QImage& image) {
    QSet<QRgb> found;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            if (qAlpha(image.pixel(x, y)) > 150) {
                found.insert(image.pixel(x, y));
            }
        }
    }
    return found;
}

QStringList iconNames() {
    (void)icon(u"play"_s).isNull();  // registers the files
    QStringList names;
    for (const QString& file : QDir(u":/icons"_s).entryList({u"*.svg"_s})) {
        names << file.chopped(4);
    }
    return names;
}

}  // namespace

class LookTest final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void everyPairCanBeRead_data() {
        QTest::addColumn<ColorScheme>("scheme");
        QTest::newRow("light") << ColorScheme::Light;
        QTest::newRow("dark") << ColorScheme::Dark;
    }
    void everyPairCanBeRead() {
        QFETCH(ColorScheme, scheme);
        theme::apply(scheme);
        QCOMPARE(theme::isDark(), scheme == ColorScheme::Dark);
        const QPalette palette = QApplication::palette();
        const QList<QPair<const char*, QColor>> grounds{
            {"window", palette.color(QPalette::Window)},
            {"base", palette.color(QPalette::Base)},
            {"alternate", palette.color(QPalette::AlternateBase)},
            {"button", palette.color(QPalette::Button)},
            {"selection", palette.color(QPalette::Active, QPalette::Highlight)},
            {"selection without focus", palette.color(QPalette::Inactive, QPalette::Highlight)},
            {"surface", theme::surface()},
            {"tooltip", palette.color(QPalette::ToolTipBase)}};
        const QList<QPair<const char*, QColor>> texts{{"text", palette.color(QPalette::Text)},
                                                      {"highlighted", palette.color(QPalette::HighlightedText)},
                                                      {"secondary", theme::secondaryText()},
                                                      {"accent", theme::accent()},
                                                      {"good", theme::good()},
                                                      {"warning", theme::warning()},
                                                      {"bad", theme::bad()},
                                                      {"placeholder", palette.color(QPalette::PlaceholderText)}};
        for (const auto& [groundName, ground] : grounds) {
            for (const auto& [textName, text] : texts) {
                const double contrast = theme::contrast(text, ground);
                QVERIFY2(contrast >= 4.5,
                         qPrintable(u"%1 on %2: %3"_s.arg(QLatin1StringView(textName), QLatin1StringView(groundName))
                                        .arg(contrast)));
            }
        }
        for (const QColor& voice : {theme::agentVoice(), theme::customerVoice()}) {
            for (const auto& [name, ground] : grounds) {
                QVERIFY2(theme::contrast(voice, ground) >= 3, name);  // drawn, not read
            }
        }
        QVERIFY(theme::contrast(theme::onAccent(), theme::accent()) >= 4.5);
    }

    void contrastIsWhatTheStandardSays() {
        QCOMPARE(qRound(theme::contrast(Qt::black, Qt::white)), 21);
        QCOMPARE(qRound(theme::contrast(Qt::white, Qt::white)), 1);
        QVERIFY(qAbs(theme::contrast(QColor(0x76, 0x76, 0x76), Qt::white) - 4.54) < 0.01);
    }

    void followingTheSystemReadsTheDesktopsOwnPalette() {
        theme::apply(ColorScheme::Dark);
        theme::apply(ColorScheme::FollowSystem);  // offscreen has a light palette
        QVERIFY(!theme::isDark());
        QCOMPARE(theme::scheme(), ColorScheme::FollowSystem);
    }

    void allIconsOfTheDeskAreThere() {
        const QStringList names = iconNames();
        for (const QString& wanted :
             u"play pause back-10 forward-10 volume volume-muted search refresh cancel columns filter inbound outbound "
             u"web "
             "recording recording-none recording-unknown edited saved warning flag reviewed restore history copy "
             "account key "
             "plus minus settings sentiment-positive sentiment-neutral sentiment-negative sentiment-other earmark "
             "clock note "
             "sparkle chevron-down chevron-right info"_s.split(u' ', Qt::SkipEmptyParts)) {
            QVERIFY2(names.contains(wanted), qPrintable(wanted));
        }
    }

    void iconsArePaintedInOneColourAtEverySize() {
        theme::apply(ColorScheme::Light);
        const QColor red(200, 10, 20);
        for (const QString& name : iconNames()) {
            if (name == u"earmark"_s) {
                continue;  // the program's own sign has its colours
            }
            for (const double ratio : {1.0, 1.5, 2.0}) {
                const QPixmap pixmap = iconPixmap(name, red, 20, ratio);
                QCOMPARE(pixmap.size(), QSize(qRound(20 * ratio), qRound(20 * ratio)));
                const QSet<QRgb> found = inks(pixmap.toImage().convertToFormat(QImage::Format_ARGB32));
                QVERIFY2(!found.isEmpty(), qPrintable(name));
                for (const QRgb one : found) {  // blending may round by one
                    QVERIFY2(qAbs(qRed(one) - red.red()) <= 4 && qAbs(qGreen(one) - red.green()) <= 4 &&
                                 qAbs(qBlue(one) - red.blue()) <= 4,
                             qPrintable(name));
                }
            }
        }
    }

    void oneIconFollowsThePalette() {
        const QIcon play = icon(u"play"_s);
        theme::apply(ColorScheme::Light);
        const QImage light = play.pixmap(QSize(32, 32), 1.0).toImage();
        const QImage disabled = play.pixmap(QSize(32, 32), 1.0, QIcon::Disabled).toImage();
        theme::apply(ColorScheme::Dark);
        const QImage dark = play.pixmap(QSize(32, 32), 1.0).toImage();
        QVERIFY(light != dark);
        QVERIFY(light != disabled);
        QCOMPARE(play.pixmap(QSize(32, 32), 2.0).size(), QSize(64, 64));
        QVERIFY(icon(u"no-such-icon"_s).isNull());
    }

    void aLabelShowsMarkupAsText() {
        PlainLabel label;
        label.setData(u"<img src='file:///etc/passwd'>\u202Etxt"_s);
        QCOMPARE(label.textFormat(), Qt::PlainText);
        QVERIFY(label.text().startsWith(u"<img"_s));
        QVERIFY(!label.text().contains(QChar(0x202e)));
        label.setTextFormat(Qt::AutoText);
        label.setData(u"<b>x</b>"_s);
        QCOMPARE(label.textFormat(), Qt::PlainText);
    }

    void aLabelThatIsCutTellsTheRest() {
        PlainLabel label;
        label.setData(QString(200, u'm'));
        label.show();
        label.resize(80, 20);
        QVERIFY(label.minimumSizeHint().width() < 80);
        QVERIFY(label.toolTip().startsWith(u"<qt>"_s));
        label.resize(20'000, 20);
        QCOMPARE(label.toolTip(), QString());
        QCOMPARE(plainToolTip(u"<b>&"_s), u"<qt>&lt;b&gt;&amp;</qt>"_s);
    }

    void figuresHaveOneWidth() {
        const QFontMetricsF metrics(theme::tabularFont(QApplication::font()));
        for (char16_t digit = u'1'; digit <= u'9'; ++digit) {
            QCOMPARE(metrics.horizontalAdvance(QChar(digit)), metrics.horizontalAdvance(u'0'));
        }
    }

    void theDefaultButtonIsTheAccentedOne() {
        theme::apply(ColorScheme::Light);
        QPushButton plain(u"Plain"_s);
        QPushButton primary(u"Primary"_s);
        primary.setDefault(true);
        plain.resize(100, 30);
        primary.resize(100, 30);
        QCOMPARE(primary.grab().toImage().pixelColor(8, 15), theme::accent());
        QVERIFY(plain.grab().toImage().pixelColor(8, 15) != theme::accent());
    }
};

QTEST_MAIN(LookTest)
#include "tst_look.moc"
