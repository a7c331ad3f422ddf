// doctor: checks the data and this computer; nothing secret is in its output.
#include <QAudioDevice>
#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QMediaDevices>
#include <QStorageInfo>
#include <QTemporaryDir>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "app/cachelimits.h"
#include "app/commandline/commandline.h"
#include "app/commandline/jsonwriter.h"
#include "app/demo/demodata.h"
#include "app/networkdisk.h"
#include "app/secrets.h"
#include "models/audio/audiodecoder.h"
#include "models/domain/textfold.h"
#include "models/store/callsdatabase.h"
#include "models/store/reviewbackups.h"
#include "models/store/reviewsdatabase.h"
#include "models/targets/reviewfile.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(CommandLine)
};

struct Examined {
    QString name;
    bool exists = true;
    QStringList problems;
};

struct ExaminedTarget {
    QString account;
    TargetSettings target;
    Secrets::Origin secret = Secrets::Origin::None;
    bool needsSecret = false;
    QStringList problems;
};

struct Findings {
    bool folderExists = false;
    QStringList folderProblems;
    std::optional<QString> heldBy;
    std::vector<Examined> databases;
    Examined settings;
    std::vector<Backup> backups;  ///< newest first
    Secrets::KeyringState keyring;
    QStringList soundOutputs;
    std::vector<Examined> decoders;
    std::vector<ExaminedTarget> targets;
    RecordingCacheSize recordings;
    RecordingCacheLimits recordingLimits;
    qint64 freeBytes = -1;

    /// Missing keyring, sound and targets that cannot be reached now are worth knowing, but everything else works
    /// without them.
    [[nodiscard]] bool isSound() const {
        const auto isFine = [](const Examined& each) { return each.problems.isEmpty(); };
        return folderProblems.isEmpty() && isFine(settings) &&
               std::all_of(databases.begin(), databases.end(), isFine) &&
               std::all_of(decoders.begin(), decoders.end(), isFine);
    }
};

/// Without the advice to run the doctor.
QString whatHappened(const Error& error) {
    return error.message.isEmpty() ? errorKindWord(error.kind) : error.message;
}

template <typename Database>
Examined examineDatabase(const QString& file, const QString& name) {
    Examined examined{name, QFile::exists(file), {}};
    if (!examined.exists) {
        return examined;
    }
    auto database = Database::open(file, Database::Access::ReadOnly);
    if (!database) {
        examined.problems.append(whatHappened(database.error()));
        return examined;
    }
    const auto problems = (*database)->check();
    examined.problems = problems ? *problems : QStringList{whatHappened(problems.error())};
    return examined;
}

void examineFolder(const Profile& profile, Findings& findings) {
    struct stat status = {};
    findings.folderExists = stat(QFile::encodeName(profile.folder()).constData(), &status) == 0;
    if (!findings.folderExists) {
        return;
    }
    if (!S_ISDIR(status.st_mode)) {
        findings.folderProblems.append(Text::tr("It is not a folder."));
        return;
    }
    if ((status.st_mode & 077) != 0) {
        findings.folderProblems.append(Text::tr("Other users of this computer may look into it."));
    }
    if (const auto network = networkDiskOf(profile.folder())) {
        findings.folderProblems.append(
            Text::tr(
                "It lies on a network disk (%1), which may lose what was saved when the connection breaks. Keep it on "
                "a disk of this computer.")
                .arg(*network));
    }
    if (access(QFile::encodeName(profile.folder()).constData(), W_OK) != 0) {
        findings.folderProblems.append(Text::tr("It cannot be written."));
    }
    for (const QString& file : {profile.reviewsFile(), profile.callsFile(), profile.settingsFile()}) {
        if (stat(QFile::encodeName(file).constData(), &status) == 0 && (status.st_mode & 077) != 0) {
            findings.folderProblems.append(
                Text::tr("Other users of this computer may read %1.").arg(shownText(file, 200)));
        }
    }
    if (const auto lock = ProfileLock::take(profile); !lock && lock.error().kind == ErrorKind::HeldElsewhere) {
        findings.heldBy = ProfileLock::holder(profile).text();
    }
    findings.freeBytes = QStorageInfo(profile.folder()).bytesAvailable();
}

/// Where edits go, and whether anything here stands in their way; nothing is asked over the network.
std::vector<ExaminedTarget> examineTargets(const Profile& profile, const Clock& clock) {
    std::vector<ExaminedTarget> all;
    const auto reviews = QFile::exists(profile.reviewsFile())
                             ? ReviewsDatabase::open(profile.reviewsFile(), ReviewsDatabase::Access::ReadOnly)
                             : ReviewsDatabase::openEmpty();
    const auto accounts = reviews ? (*reviews)->accounts() : failure(reviews.error());
    for (const Account& account : accounts ? *accounts : std::vector<Account>()) {
        const auto dialect = writeDialectFor(account.target.kind);
        if (!dialect) {
            continue;
        }
        ExaminedTarget examined{
            account.name, account.target, Secrets::Origin::None, dialect->capabilities(account).needsSecret, {}};
        if (const Done usable = checkTarget(account, account.target); !usable) {
            examined.problems.append(whatHappened(usable.error()));
        } else if (account.target.kind == TargetKind::File && !QFileInfo(account.target.folder).isDir()) {
            examined.problems.append(Text::tr("The folder is not there; the next edit makes it anew, if it can."));
        } else if (account.target.kind == TargetKind::File) {
            FileStep step;
            step.folder = account.target.folder;
            step.format = account.target.format;
            if (const StepAnswer answer = appendDurably(step, clock.now()); answer.error) {
                examined.problems.append(whatHappened(*answer.error));
            }
        }
        all.push_back(std::move(examined));
    }
    return all;
}

/// One after the other: a keyring may have to be opened for the first.
void findSecrets(Secrets& secrets, std::vector<ExaminedTarget>& targets, size_t next,
                 const std::function<void()>& done) {
    if (next >= targets.size()) {
        done();
        return;
    }
    ExaminedTarget& target = targets[next];
    if (!target.needsSecret) {
        findSecrets(secrets, targets, next + 1, done);
        return;
    }
    secrets.origin(targetSecretName(target.account), qApp, [&secrets, &targets, next, done](Secrets::Origin origin) {
        ExaminedTarget& found = targets[next];
        found.secret = origin;
        if (origin == Secrets::Origin::None) {
            found.problems.append(Text::tr("No secret is known; it can also be given in %1.")
                                      .arg(keyVariable(targetSecretName(found.account))));
        }
        findSecrets(secrets, targets, next + 1, done);
    });
}

void writeTargets(JsonWriter& json, const std::vector<ExaminedTarget>& targets) {
    json.beginArray();
    for (const ExaminedTarget& target : targets) {
        json.beginObject();
        json.key(u"account");
        json.text(target.account);
        json.key(u"target");
        json.text(word(target.target.kind));
        json.key(u"destination");
        json.text(destinationText(target.target));
        json.key(u"ok");
        json.boolean(target.problems.isEmpty());
        json.key(u"problems");
        json.value(target.problems);
        json.endObject();
    }
    json.endArray();
}

/// Opens one of the program's own demo recordings of each kind, the way a real one is opened.
std::vector<Examined> examineDecoders() {
    std::vector<Examined> all;
    const QTemporaryDir folder;
    for (const auto& [name, file] :
         {std::pair{"wav", "refund.wav"}, std::pair{"mp3", "upgrade-offer.mp3"}, std::pair{"ogg", "survey.ogg"},
          std::pair{"flac", "escalation.flac"}, std::pair{"mp4", "payment-plan.m4a"}}) {
        Examined examined{QString::fromLatin1(name), true, {}};
        const QString path = folder.filePath(QString::fromLatin1(file));
        QFile sample(path);
        const QByteArray bytes = demoFile(u"recordings/"_s + QString::fromLatin1(file));
        const bool isThere = sample.open(QIODevice::WriteOnly) && sample.write(bytes) == bytes.size() && sample.flush();
        sample.close();
        if (!isThere) {
            examined.problems.append(
                Text::tr("The sample could not be written to %1.").arg(shownText(folder.path(), 200)));
        } else if (const auto opened = makeAudioDecoder()->open(path, {}); !opened) {
            examined.problems.append(whatHappened(opened.error()));
        }
        all.push_back(examined);
    }
    return all;
}

QStringList soundOutputs() {
    QStringList names;
    const QList<QAudioDevice> devices = QMediaDevices::audioOutputs();
    for (const QAudioDevice& device : devices) {
        names.append(device.description());
    }
    return names;
}

void writeExamined(JsonWriter& json, const std::vector<Examined>& all) {
    json.beginArray();
    for (const Examined& examined : all) {
        json.beginObject();
        json.key(u"name");
        json.text(examined.name);
        json.key(u"exists");
        json.boolean(examined.exists);
        json.key(u"ok");
        json.boolean(examined.problems.isEmpty());
        json.key(u"problems");
        json.value(examined.problems);
        json.endObject();
    }
    json.endArray();
}

void writeRecordings(JsonWriter& json, const Findings& findings) {
    const RecordingCacheLimits& limits = findings.recordingLimits;
    json.beginObject();
    json.key(u"count");
    json.number(static_cast<qint64>(findings.recordings.recordings));
    json.key(u"bytes");
    json.number(findings.recordings.bytes);
    json.key(u"limit_bytes");
    limits.bytes > 0 ? json.number(limits.bytes) : json.null();
    json.key(u"limit_days");
    limits.age.count() > 0 ? json.number(static_cast<qint64>(limits.age.count())) : json.null();
    json.endObject();
}

void printJson(CommandContext& context, const Findings& findings) {
    JsonWriter json(2);
    json.beginObject();
    json.key(u"ok");
    json.boolean(findings.isSound());
    json.key(u"version");
    json.text(QStringLiteral(EARMARK_VERSION));
    json.key(u"profile");
    json.beginObject();
    json.key(u"folder");
    json.text(context.profile.folder());
    json.key(u"exists");
    json.boolean(findings.folderExists);
    json.key(u"problems");
    json.value(findings.folderProblems);
    json.key(u"held_by");
    json.textOrNull(findings.heldBy);
    json.endObject();
    json.key(u"databases");
    writeExamined(json, findings.databases);
    json.key(u"settings");
    json.beginObject();
    json.key(u"ok");
    json.boolean(findings.settings.problems.isEmpty());
    json.key(u"problems");
    json.value(findings.settings.problems);
    json.endObject();
    json.key(u"backups");
    json.beginObject();
    json.key(u"count");
    json.number(static_cast<qint64>(findings.backups.size()));
    json.key(u"newest");
    json.textOrNull(findings.backups.empty() ? std::nullopt : std::optional(findings.backups.front().file));
    json.endObject();
    json.key(u"keyring");
    json.beginObject();
    json.key(u"ok");
    json.boolean(findings.keyring.works);
    json.key(u"problem");
    json.textOrNull(findings.keyring.works ? std::nullopt : std::optional(findings.keyring.problem));
    json.endObject();
    json.key(u"sound");
    json.beginObject();
    json.key(u"ok");
    json.boolean(!findings.soundOutputs.isEmpty());
    json.key(u"outputs");
    json.value(findings.soundOutputs);
    json.endObject();
    json.key(u"decoders");
    writeExamined(json, findings.decoders);
    json.key(u"targets");
    writeTargets(json, findings.targets);
    json.key(u"recordings");
    writeRecordings(json, findings);
    json.key(u"disk");
    json.beginObject();
    json.key(u"free_bytes");
    findings.freeBytes >= 0 ? json.number(findings.freeBytes) : json.null();
    json.endObject();
    json.endObject();
    context.console.print(json.take());
}

void printLine(CommandContext& context, const QString& subject, const QString& finding) {
    context.console.line(subject.leftJustified(16) + u"  "_s + finding);
}

QString verdict(const Examined& examined) {
    return !examined.exists              ? Text::tr("not there yet")
           : examined.problems.isEmpty() ? Text::tr("fine")
                                         : shownText(examined.problems.join(u"; "_s), 2000);
}

QString recordingsText(const Findings& findings) {
    const RecordingCacheLimits& limits = findings.recordingLimits;
    const auto megabytes = [](qint64 bytes) { return QString::number((bytes + 999'999) / 1'000'000); };
    QStringList said{
        Text::tr("%1 kept, %2 MB").arg(findings.recordings.recordings).arg(megabytes(findings.recordings.bytes))};
    said << (limits.bytes > 0 ? Text::tr("at most %1 MB").arg(megabytes(limits.bytes)) : Text::tr("no limit of size"));
    said << (limits.age.count() > 0 ? Text::tr("at most %1 days after their last use").arg(limits.age.count())
                                    : Text::tr("no limit of age"));
    return said.join(u", "_s);
}

void printText(CommandContext& context, const Findings& findings) {
    printLine(context, Text::tr("Version"), QStringLiteral(EARMARK_VERSION));
    printLine(context, Text::tr("Data folder"), shownText(context.profile.folder(), 400));
    printLine(context, QString(), verdict({{}, findings.folderExists, findings.folderProblems}));
    if (findings.heldBy) {
        printLine(context, QString(), Text::tr("in use by %1").arg(*findings.heldBy));
    }
    for (const Examined& database : findings.databases) {
        printLine(context, database.name, verdict(database));
    }
    printLine(context, findings.settings.name, verdict(findings.settings));
    printLine(context, Text::tr("Newest backup"),
              findings.backups.empty() ? Text::tr("none yet") : shownText(findings.backups.front().file, 400));
    printLine(
        context, Text::tr("Keyring"),
        findings.keyring.works
            ? Text::tr("answers")
            : Text::tr("%1; keys come from EARMARK_KEY_<ACCOUNT> or are asked for").arg(findings.keyring.problem));
    printLine(context, Text::tr("Sound outputs"),
              findings.soundOutputs.isEmpty() ? Text::tr("none") : shownText(findings.soundOutputs.join(u", "_s), 400));
    for (const Examined& decoder : findings.decoders) {
        printLine(context, Text::tr("Decoder %1").arg(decoder.name), verdict(decoder));
    }
    for (const ExaminedTarget& target : findings.targets) {
        printLine(
            context, Text::tr("Target of %1").arg(target.account),
            target.problems.isEmpty()
                ? Text::tr("%1, fine").arg(shownText(destinationText(target.target), 300))
                : shownText(QString(destinationText(target.target) + u": "_s + target.problems.join(u"; "_s)), 1000));
    }
    printLine(context, Text::tr("Recordings"), recordingsText(findings));
    if (findings.freeBytes >= 0) {
        printLine(context, Text::tr("Free disk"),
                  Text::tr("%1 MB").arg(QString::number(findings.freeBytes / 1'000'000)));
    }
}

}  // namespace

int runDoctor(CommandContext& context) {
    Findings findings;
    examineFolder(context.profile, findings);
    findings.databases = {examineDatabase<ReviewsDatabase>(context.profile.reviewsFile(), u"reviews.db"_s),
                          examineDatabase<CallsDatabase>(context.profile.callsFile(), u"calls.db"_s)};
    const QString settings = context.profile.settingsFile();
    findings.settings = {u"settings.json"_s, QFileInfo::exists(settings), settingsProblems(settings)};
    findings.recordings = recordingCacheSize(context.profile.recordingsFolder());
    findings.recordingLimits = cacheLimitsIn(context.profile.settingsFile());
    findings.backups = backupsOf(context.profile.reviewsFile());
    findings.decoders = examineDecoders();
    findings.targets = examineTargets(context.profile, *context.clock);
    findings.soundOutputs = soundOutputs();
    Secrets secrets(context.profile, keyringPatience());
    const int ended = runUntilDone([&](const std::function<void(int)>& done) {
        secrets.probe(qApp, [&findings, &secrets, done](const Secrets::KeyringState& state) {
            findings.keyring = state;
            findSecrets(secrets, findings.targets, 0, [done] { done(kExitDone); });
        });
    });
    if (ended != kExitDone) {
        return ended;
    }
    context.arguments.has("json") ? printJson(context, findings) : printText(context, findings);
    return findings.isSound() ? kExitDone : kExitFailed;
}

}  // namespace earmark
