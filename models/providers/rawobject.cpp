#include "models/providers/rawobject.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>

#include "models/domain/signedlink.h"
#include "models/providers/jsonspans.h"
#include "models/providers/readdialect.h"

namespace earmark {

namespace {

bool isObject(const QByteArray& text) {
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(text, &problem);
    return problem.error == QJsonParseError::NoError && document.isObject();
}

QByteArray quoted(const QString& name) {
    const QByteArray array = QJsonDocument(QJsonArray{name}).toJson(QJsonDocument::Compact);
    return array.sliced(1, array.size() - 2);
}

/// The members of an object, each name once: at its first place with its last value, as QJsonDocument has it.
class Members {
 public:
    void lay(const std::vector<JsonMember>& members, bool nullsToo) {
        for (const JsonMember& member : members) {
            const auto known = m_places.constFind(member.name);
            if (known == m_places.constEnd()) {
                m_places.insert(member.name, m_members.size());
                m_members.push_back(member);
            } else if (nullsToo || member.value != "null") {
                m_members[*known].value = member.value;
            }
        }
    }
    [[nodiscard]] QByteArray text() const {
        QByteArray text("{");
        for (const JsonMember& member : m_members) {
            text += (text.size() > 1 ? "," : "") + quoted(member.name) + ':';
            text += member.value;
        }
        return text + '}';
    }

 private:
    std::vector<JsonMember> m_members;
    QHash<QString, size_t> m_places;
};

void stripLinks(QString& text) {
    if (text.contains(QStringLiteral("://"))) {
        text = QString::fromUtf8(withoutLinkSecrets(text.toUtf8()));
    }
}

}  // namespace

QByteArray mergedRaw(const QByteArray& row, const QByteArray& detail) {
    if (detail.isEmpty() || !isObject(detail)) {
        return row;
    }
    if (!isObject(row)) {
        return detail;
    }
    const auto ofRow = objectMembers(row);
    const auto ofDetail = objectMembers(detail);
    if (!ofRow || !ofDetail) {
        return row;
    }
    Members members;
    members.lay(*ofRow, true);
    members.lay(*ofDetail, false);
    return members.text();
}

QByteArray shownRaw(const QByteArray& raw) {
    // As text, not as a parsed object: numbers keep every digit and keys their order.
    return isObject(raw) ? withoutLinkSecrets(raw) : QByteArrayLiteral("null");
}

QByteArray shownRaw(const Call& call) {
    return shownRaw(mergedRaw(call.raw, call.rawDetail));
}

CallDetails shownDetails(const Account& account, const Call& call) {
    const auto dialect = readDialectFor(call.provider);
    if (!dialect) {
        return {};
    }
    CallDetails details = dialect->details(account, call);
    for (OtherValue& other : details.others) {
        stripLinks(other.value);
    }
    for (Variable& variable : details.variables) {
        if (variable.value) {
            stripLinks(*variable.value);
        }
    }
    for (Turn& turn : details.transcript) {
        if (turn.tool) {
            stripLinks(turn.text);
            stripLinks(turn.tool->arguments);
            stripLinks(turn.tool->output);
        }
    }
    if (details.webhookAnswer) {
        details.webhookAnswer = withoutLinkSecrets(*details.webhookAnswer);
    }
    return details;
}

bool detailsAreMissing(const Call& call) {
    const auto dialect = readDialectFor(call.provider);
    return dialect && dialect->detailsAreApart() && call.rawDetail.isEmpty();
}

Account accountStandingIn(const Call& call) {
    Account account;
    account.name = call.key.account;
    account.provider = call.provider;
    account.baseUrl = defaultBaseUrl(call.provider);
    return account;
}

}  // namespace earmark
