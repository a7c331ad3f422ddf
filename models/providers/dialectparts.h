// What all read dialects do alike: addresses, status codes, rows of a page, common spellings. Pure functions, any
// thread.
#pragma once

#include <functional>
#include <initializer_list>
#include <span>

#include "models/providers/jsonbody.h"
#include "models/providers/jsonspans.h"
#include "models/providers/readdialect.h"

namespace earmark::dialect {

inline constexpr int kMostRowsOnAPage = 10'000;  ///< an answer with more is refused: TooLarge

/// The account's base address and these path segments, each percent-encoded as one; empty where a segment cannot be
/// one ("", ".", "..": every URL library resolves them, which would ask for another thing).
[[nodiscard]] QUrl addressOf(const Account& account, std::initializer_list<QString> segments);
/// With a query of name and value pairs, "+" and other signs encoded; pairs with an empty value are left out. An empty
/// address stays empty.
[[nodiscard]] QUrl withQuery(QUrl address, std::initializer_list<std::pair<QString, QString>> query);

[[nodiscard]] ErrorKind errorKindOf(int status);
/// The Error for a non-2xx answer: kind, code "http_404", the provider's own words in one redacted line.
[[nodiscard]] Error errorFor(int status, const QByteArray& body, const QString& providersText);

/// Rows of a list, each made a call by `callFrom`; nullopt (no id, no object) counts as rejected. TooLarge above
/// kMostRowsOnAPage.
[[nodiscard]] Result<CallPage> pageOf(const std::vector<JsonRow>& rows,
                                      const std::function<std::optional<Call>(const JsonRow&)>& callFrom);
/// The answer to a single read; BadAnswer where it is no call (nullopt: no object, no id).
[[nodiscard]] Result<Call> callOf(const JsonBody& body, std::optional<Call> call);
/// Rows of a list of names; a list of nothing but nameless rows is BadAnswer. `idName` and `nameName` are the members.
[[nodiscard]] Result<NameList> namesOf(const JsonBody& body, const std::vector<JsonRow>& rows, const char* idName,
                                       const char* nameName);

/// nullopt when missing, no whole number or out of range.
[[nodiscard]] std::optional<int> pageNumber(std::optional<qint64> number);

/// Trimmed, lower case, "-" as "_", American spelling as British: before comparing, for all providers alike.
[[nodiscard]] QString normalisedWord(const QString& word);

/// The scope's times as they count now.
void setTimes(CallList& list, const CallScope& scope, Moment now);
/// Names the list after the campaigns, agents and sources it is cut to ("agents=a1,a2"); "" where it is not cut. Times
/// are no part of it: a list keeps its place however far back it is asked for.
[[nodiscard]] QString listName(const CallList& list);
/// The one documented word that the server can be asked for; "" where there are several, none or an unknown one: then
/// all are asked for and the rest is cut here.
[[nodiscard]] QString askedWord(const QStringList& words, std::span<const char* const> documented);

/// The rows of a bare array, or under the first of these names that the object has.
[[nodiscard]] Result<std::vector<JsonRow>> rowsUnderAny(const JsonBody& body, std::initializer_list<const char*> names);

/// The members of an object in its order; of several with one name only the last counts.
[[nodiscard]] std::vector<JsonMember> lastMembers(QByteArrayView object);
/// The members of an object that are not among `known`, in its order; null is left out.
[[nodiscard]] std::vector<OtherValue> otherValues(QByteArrayView object, std::span<const char* const> known);
/// A JSON text as text: a string decoded, anything else compact with all its digits; nullopt for null and nothing.
[[nodiscard]] std::optional<QString> writtenText(QByteArrayView json);
/// Text as it is, anything else as compact JSON; nullopt for null and nothing.
[[nodiscard]] std::optional<QString> valueText(const QJsonValue& value);

}  // namespace earmark::dialect
