#include "app/commandline/outputfile.h"

#include <QCoreApplication>
#include <QFileInfo>

#include "models/domain/textfold.h"

namespace earmark {

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(CommandLine)
};

Done refused(const QString& sentence, const QString& file) {
    Error error = makeError(ErrorKind::InvalidInput, sentence.arg(shownText(file, 200)));
    error.next = Text::tr("Choose another file.");
    return failure(std::move(error));
}

}  // namespace

Done checkOutputFile(const QString& file, const Profile& profile) {
    const QFileInfo target(file);
    if (target.exists() && !target.isFile()) {  // also through a link
        return refused(target.isDir() ? Text::tr("%1 is a folder.") : Text::tr("%1 is no ordinary file."), file);
    }
    const QString folder = QFileInfo(profile.folder()).canonicalFilePath();
    // The folder that the file will lie in, and where a link leads to.
    for (const QString& place : {QFileInfo(target.absolutePath()).canonicalFilePath(), target.canonicalFilePath()}) {
        if (!folder.isEmpty() && (place == folder || place.startsWith(folder + QChar(u'/')))) {
            return refused(Text::tr("%1 lies among Earmark's own data."), file);
        }
    }
    return {};
}

}  // namespace earmark
