// Lists that misbehave while they are read page by page, free of any dialect: a dialect's test server offers its rows
// as a PagedList and lets a PageMode choose what a page holds. The server calls them one at a time; not thread safe.
#pragma once

#include <QByteArrayList>
#include <QList>
#include <QString>
#include <functional>
#include <span>

namespace earmark::test {

/// The rows of one list as its server has them, in the server's order.
class PagedList {
 public:
    virtual ~PagedList() = default;
    [[nodiscard]] virtual int count() const = 0;
    [[nodiscard]] virtual QByteArray row(int index) const = 0;  ///< as the dialect writes it
    virtual void insertAtTop(const QString& id) = 0;            ///< a new row, as lawful as the others
    virtual void removeAt(int index) = 0;
    [[nodiscard]] virtual QByteArray strangersRow(int index) const = 0;  ///< a row of another tenant
};

struct PageAsk {
    int page = 1;
    int size = 25;
};

struct PageAnswer {
    QByteArrayList rows;
    QByteArray total;  ///< JSON text, for example "60", "null", "\"60\""
    int page = 1;
    int size = 25;  ///< what the server says it used
    bool hasNext = false;
    int status = 200;
};

using PageMode = std::function<PageAnswer(PagedList&, const PageAsk&)>;

[[nodiscard]] PageAnswer honestPage(PagedList& list, const PageAsk& ask);

struct NamedPageMode {
    const char* name;
    PageMode (*make)();  ///< a fresh one, with its own memory
    /// What one pull must bring in the end, counted against the rows that stayed in the list from its beginning to its
    /// end: all of them; all that the server ever showed; or all after one more, quiet pull.
    enum class Promise { All, AllShown, AllNextTime } promise;
};

[[nodiscard]] std::span<const NamedPageMode> pageModes();

}  // namespace earmark::test
