#include "ui/accounts/accountform.h"

#include <QCoreApplication>
#include <algorithm>

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(AccountForm)
};

}  // namespace

Result<QByteArray> checkedTypedKey(const QString& typed) {
    const QString key = typed.trimmed();
    if (key.isEmpty()) {
        return failure(ErrorKind::InvalidInput, Words::tr("Enter the account's API key."));
    }
    const bool lawful = std::all_of(key.begin(), key.end(), [](QChar c) { return c > u' ' && c < QChar(0x7f); });
    if (!lawful) {
        return failure(ErrorKind::InvalidInput,
                       Words::tr("The key holds a blank or a character no key has. Copy it again."));
    }
    return key.toLatin1();
}

QString nameProblem(const QString& name, const QStringList& used) {
    if (name.isEmpty()) {
        return Words::tr("Give the account a name.");
    }
    if (!isAccountName(name)) {
        return Words::tr("Take a-z, 0-9 and -, at most 31; begin with a letter or figure.");
    }
    if (used.contains(name)) {
        return Words::tr("There is already an account of this name. Choose another.");
    }
    return {};
}

QString suggestedName(Provider provider, const QStringList& used) {
    const QString base = word(provider);
    QString name = base;
    for (int n = 2; used.contains(name); ++n) {
        name = base + u'-' + QString::number(n);
    }
    return name;
}

}  // namespace earmark
