#include "models/providers/jsonbody.h"

#include <QCoreApplication>
#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>

#include "models/providers/excerpt.h"
#include "models/providers/jsonlaw.h"
#include "models/providers/jsonspans.h"

namespace earmark {

namespace {

QString translated(const char* text) {
    return QCoreApplication::translate("Provider", text);
}

Error errorAbout(ErrorKind kind, const char* code, const char* message, const QByteArray& body) {
    Error error = makeError(kind, translated(message), bodyExcerpt(body));
    error.code = QString::fromLatin1(code);
    return error;
}

bool isScalar(const QByteArray& text) {
    if (text == "null" || text == "true" || text == "false" || text.startsWith('"')) {
        return true;
    }
    bool isNumber = false;
    (void)text.toDouble(&isNumber);
    return isNumber;
}

/// The answer to a body that QJsonDocument refused.
Error whyNoJson(const QByteArray& body, const QJsonParseError& parseError) {
    const QByteArray text = body.trimmed();
    if (text.isEmpty()) {
        return errorAbout(ErrorKind::NotTheApi, "empty_body",
                          QT_TRANSLATE_NOOP("Provider", "The server's answer is empty."), body);
    }
    if (body.startsWith("\x1f\x8b")) {
        return errorAbout(ErrorKind::BadAnswer, "unannounced_gzip",
                          QT_TRANSLATE_NOOP("Provider", "The answer is compressed without saying so."), {});
    }
    if (body.startsWith("\xff\xfe") || body.startsWith("\xfe\xff") || text.contains('\0')) {
        return errorAbout(ErrorKind::BadAnswer, "not_utf8",
                          QT_TRANSLATE_NOOP("Provider", "The answer is not written in UTF-8."), {});
    }
    if (text.startsWith('<')) {
        return errorAbout(ErrorKind::NotTheApi, "html_body",
                          QT_TRANSLATE_NOOP("Provider", "A web page came back instead of data."), body);
    }
    if (text.startsWith('{') || text.startsWith('[')) {
        Error error = errorAbout(ErrorKind::BadAnswer, "bad_json",
                                 QT_TRANSLATE_NOOP("Provider", "The answer was cut off or is not valid JSON."), body);
        error.detail = parseError.errorString() +
                       QStringLiteral(" (byte %1 of %2): ").arg(parseError.offset).arg(body.size()) + error.detail;
        return error;
    }
    if (isScalar(text)) {
        return errorAbout(ErrorKind::BadAnswer, "bad_shape",
                          QT_TRANSLATE_NOOP("Provider", "The answer does not have the documented form."), body);
    }
    return errorAbout(ErrorKind::NotTheApi, "text_body",
                      QT_TRANSLATE_NOOP("Provider", "Plain text came back instead of data."), body);
}

}  // namespace

QJsonValue LateJson::decoded() const {
    const QByteArray wrapped = '[' + m_text.toByteArray() + ']';
    return QJsonDocument::fromJson(wrapped).array().at(0);
}

Result<JsonBody> JsonBody::parse(const QByteArray& body) {
    JsonBody result;
    result.m_body = body.startsWith("\xef\xbb\xbf") ? body.mid(3) : body;
    if (isPlainlyLawfulJson(result.m_body)) {
        return result;
    }
    QJsonParseError parseError;
    (void)QJsonDocument::fromJson(result.m_body, &parseError);
    if (parseError.error != QJsonParseError::NoError) {
        return failure(whyNoJson(result.m_body, parseError));
    }
    return result;
}

QJsonObject JsonBody::object() const {
    if (!m_object) {
        m_object = QJsonDocument::fromJson(m_body).object();
    }
    return *m_object;
}

tl::unexpected<Error> JsonBody::badAnswer(const QString& message) const {
    Error error = makeError(ErrorKind::BadAnswer, message, bodyExcerpt(m_body));
    error.code = QStringLiteral("bad_shape");
    return failure(std::move(error));
}

Result<std::vector<JsonRow>> JsonBody::rows() const {
    return rowsOf(m_body);
}

Result<std::vector<JsonRow>> JsonBody::rows(const QString& name) const {
    return rowsUnder({name});
}

Result<std::vector<JsonRow>> JsonBody::rowsUnder(const QStringList& path) const {
    QByteArrayView text = m_body;
    for (const QString& name : path) {
        text = memberText(text, name).value_or(QByteArrayView());
    }
    return rowsOf(text);
}

Result<std::vector<JsonRow>> JsonBody::rowsOf(QByteArrayView list) const {
    const auto refuse = [this] {
        return badAnswer(translated(QT_TRANSLATE_NOOP("Provider", "The answer holds no list of rows.")));
    };
    std::vector<JsonRow> rows;
    if (const auto texts = arrayElements(list)) {
        rows.reserve(texts->size());
        for (const QByteArrayView text : *texts) {
            rows.push_back({LateJson(text), text});
        }
        return rows;
    }
    // Only the names 0, 1, 2 ... without a gap: what else has the form of an object is no list.
    QHash<QString, QByteArrayView> texts;
    for (const JsonMember& member : objectMembers(list).value_or(std::vector<JsonMember>())) {
        texts.insert(member.name, member.value);
    }
    for (qsizetype i = 0; i < texts.size(); ++i) {
        const QByteArrayView text = texts.value(QString::number(i));
        if (!text.startsWith('{')) {
            return refuse();
        }
        rows.push_back({LateJson(text), text});
    }
    return rows.empty() ? Result<std::vector<JsonRow>>(refuse()) : Result<std::vector<JsonRow>>(std::move(rows));
}

}  // namespace earmark
