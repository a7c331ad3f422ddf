// The process: private files and signals first, then either a subcommand without any screen or the window.
#include <QApplication>
#include <QFileInfo>
#include <QMessageBox>
#include <cstdio>
#include <cstdlib>

#include "app/commandline/commandline.h"
#include "app/desk.h"
#include "app/processguard.h"
#include "app/redaction.h"
#include "app/settings.h"
#include "app/windowdoor.h"
#include "models/domain/textfold.h"
#include "ui/common/icons.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Main)
};

void nameApplication() {
    QCoreApplication::setApplicationName(u"earmark"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(EARMARK_VERSION));
    QCoreApplication::setQuitLockEnabled(false);
}

bool hasScreen(const QStringList& arguments) {
    return qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY") ||
           qEnvironmentVariableIsSet("QT_QPA_PLATFORM") || arguments.contains(u"-platform"_s);
}

/// Everything of ours is closed by now. Qt's application object would yet wait for name lookups that are under way,
/// which a resolver that does not answer can hold up for minutes.
int endNow(int exitCode) {
    std::fflush(nullptr);
#ifndef __SANITIZE_ADDRESS__  // that looks for leaks at an orderly end
    std::_Exit(exitCode);
#endif
    return exitCode;
}

/// A window that is just being made on a busy computer answers late; one that hangs never does.
constexpr std::chrono::seconds kPatience{8};

/// Who starts the program from an icon sees no standard error. Stays until it is closed.
void showInABox(int& argc, char** argv, const QString& sentence) {
    QApplication application(argc, argv);
    const QuitSignals quitSignals;
    QApplication::setDesktopFileName(u"earmark"_s);
    QApplication::setWindowIcon(icon(u"earmark"_s));
    QMessageBox box(QMessageBox::Warning, u"Earmark"_s, QString(), QMessageBox::Close);
    box.setTextFormat(Qt::PlainText);  // the sentence holds paths, which must never be taken for markup
    box.setText(sentence);
    QObject::connect(&quitSignals, &QuitSignals::quitRequested, &box, &QDialog::reject);
    QObject::connect(&box, &QDialog::finished, &application, &QApplication::quit);
    box.show();
    QApplication::exec();
}

/// Another process has the profile: brings its window to the front, or says who it is.
int handOver(int& argc, char** argv, const Profile& profile, const GlobalOptions& options, const Error& held) {
    const QByteArray message =
        options.openUrl.isEmpty() ? QByteArrayLiteral("raise") : "open " + options.openUrl.toUtf8();
    if (message.size() <= kLongestDoorUrl + 5 && !message.contains('\n') && knock(profile, message, kPatience)) {
        return kExitDone;
    }
    Console().say(errorText(held));
    showInABox(argc, argv, errorText(held));
    return kExitFailed;
}

int runWindow(int& argc, char** argv, const GlobalOptions& options) {
    const Profile profile = Profile::choose(options.profile, options.demo);
    auto lock = ProfileLock::take(profile);
    if (!lock) {
        if (lock.error().kind == ErrorKind::HeldElsewhere) {
            return handOver(argc, argv, profile, options, lock.error());
        }
        if (lock.error().kind != ErrorKind::ReadOnly || !QFileInfo::exists(profile.reviewsFile())) {
            Console().say(errorText(lock.error()));
            return kExitFailed;
        }
        // What is there can be read all the same; the window says that nothing can be saved.
        lock = std::unique_ptr<ProfileLock>();
    }
    QApplication application(argc, argv);
    const QuitSignals quitSignals;  // before anything is opened, so that a signal during the start ends it in order
    QApplication::setApplicationDisplayName(u"Earmark"_s);
    QApplication::setDesktopFileName(u"earmark"_s);
    QApplication::setWindowIcon(icon(u"earmark"_s));
    const auto run = [&] {
        auto settings = std::make_unique<Settings>(profile.settingsFile());
        Desk desk({profile, options.demo, std::move(*lock), std::move(settings),
                   qEnvironmentVariableIntValue("EARMARK_STARTUP_FIGURES") == 1});
        QObject::connect(&quitSignals, &QuitSignals::quitRequested, &desk, &Desk::quit);
        desk.start();
        return QApplication::exec();
    };
    return endNow(run());
}

}  // namespace

int main(int argc, char** argv) {
    guardProcess();
    installRedactingMessageHandler();
    nameApplication();
    QStringList arguments;
    for (int i = 1; i < argc; ++i) {
        const QByteArray bytes(argv[i]);
        arguments.append(QString::fromUtf8(bytes));
        if (arguments.last().toUtf8() != bytes) {  // it would be kept as something else than was meant
            Console().say(Text::tr("“%1” is not UTF-8 text. Nothing was done; give it in UTF-8.")
                              .arg(shownText(arguments.last(), 80)));
            return kExitFailed;
        }
    }
    // Qt's own switches (-platform offscreen, -style ...) are not ours to judge; they only make sense for the window.
    QStringList ours = arguments;
    if (const qsizetype platform = ours.indexOf(u"-platform"_s); platform >= 0) {
        ours.remove(platform, std::min<qsizetype>(2, ours.size() - platform));
    }
    Console console;
    const auto options = GlobalOptions::parse(ours);
    if (!options) {
        console.say(options.error());
        console.say(Text::tr("Usage: %1").arg(u"earmark --help"_s));
        return kExitUsage;
    }
    if (options->version) {
        console.line(u"earmark "_s + QStringLiteral(EARMARK_VERSION));
        return console.finish(kExitDone);
    }
    if (options->words.isEmpty()) {
        if (options->help) {
            console.print(usageText());
            return console.finish(kExitDone);
        }
        if (!hasScreen(arguments)) {
            console.say(Text::tr(
                "There is no screen here to open the window on. “earmark --help” names the commands that need none."));
            return kExitFailed;
        }
        return runWindow(argc, argv, *options);
    }
    QCoreApplication application(argc, argv);
    return endNow(runCommandLine(*options));
}
