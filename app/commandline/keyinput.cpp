#include "app/commandline/keyinput.h"

#include <QCoreApplication>
#include <QFile>

#include <cstdio>

#include "app/secrets.h"
#include "models/domain/textfold.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(CommandLine)
};

constexpr qint64 kKeyCap = 16 * 1024;

Result<QByteArray> readAll(QFile& file, const QString& name, qint64 cap) {
    QByteArray bytes;
    while (bytes.size() <= cap) {
        const QByteArray piece = file.read(cap + 1 - bytes.size());
        if (piece.isEmpty()) {
            break;
        }
        bytes += piece;
    }
    if (file.error() != QFileDevice::NoError) {
        return failure(ErrorKind::Storage, Text::tr("%1 cannot be read.").arg(name), file.errorString());
    }
    if (bytes.size() > cap) {
        return failure(ErrorKind::InvalidInput,
                       Text::tr("%1 is larger than %2 bytes.").arg(name, QString::number(cap)));
    }
    return bytes;
}

}  // namespace

Result<QByteArray> readStandardInput(qint64 cap) {
    QFile input;
    if (!input.open(stdin, QIODevice::ReadOnly)) {
        return failure(ErrorKind::InvalidInput, Text::tr("Standard input cannot be read."));
    }
    return readAll(input, Text::tr("Standard input"), cap);
}

Result<QByteArray> readWholeFile(const QString& path, qint64 cap) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return failure(ErrorKind::InvalidInput,
                       Text::tr("The file %1 cannot be read: %2").arg(shownText(path, 200), file.errorString()));
    }
    return readAll(file, Text::tr("The file %1").arg(shownText(path, 200)), cap);
}

Result<std::optional<QByteArray>> keyFromArguments(const Arguments& arguments) {
    if (!arguments.has("key-stdin") && !arguments.has("key-file")) {
        return std::optional<QByteArray>();
    }
    const auto bytes =
        arguments.has("key-stdin") ? readStandardInput(kKeyCap) : readWholeFile(arguments.value("key-file"), kKeyCap);
    if (!bytes) {
        return failure(bytes.error());
    }
    auto key = checkedKey(*bytes);
    if (!key) {
        return failure(key.error());
    }
    return std::optional<QByteArray>(*key);
}

Result<std::optional<QByteArray>> secretFromArguments(const Arguments& arguments) {
    if (!arguments.has("secret-stdin")) {
        return std::optional<QByteArray>();
    }
    const auto bytes = readStandardInput(kKeyCap);
    if (!bytes) {
        return failure(bytes.error());
    }
    auto secret = checkedSecret(*bytes);
    if (!secret) {
        return failure(secret.error());
    }
    return std::optional<QByteArray>(*secret);
}

}  // namespace earmark
