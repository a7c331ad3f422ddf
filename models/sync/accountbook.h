// The accounts of this profile, as the window and the pull see them. Main thread only.
#pragma once

#include <QObject>
#include <memory>
#include <vector>

#include "models/domain/account.h"
#include "models/store/store.h"

namespace earmark {

class AccountBook final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AccountBook)

 public:
    explicit AccountBook(Store* store, QObject* parent = nullptr);
    ~AccountBook() override;
    void load(QObject* context, std::function<void(Done)> done);
    [[nodiscard]] bool isLoaded() const;  ///< before that, no accounts says nothing
    [[nodiscard]] const std::vector<Account>& accounts() const;
    [[nodiscard]] const Account* find(const QString& name) const;
    void add(const Account& account, QObject* context,
             std::function<void(Done)> done);  ///< InvalidInput for a bad or used name
    /// Other settings for the account of this name. InvalidInput for an address that cannot be used, and for another
    /// provider: the calls that are here are the old one's.
    void update(const Account& account, QObject* context, std::function<void(Done)> done);
    /// As update(), where the settings name another target: what was not sent yet goes there or stays here, with the
    /// change in one transaction. InvalidInput too for a target that cannot be used.
    void changeTarget(const Account& account, WhatWaits what, QObject* context, std::function<void(Done)> done);
    enum class Edits { Stay, Go };
    /// Its calls go from this computer; Go: what was done with them too, for good.
    void remove(const QString& name, Edits edits, QObject* context, std::function<void(Done)> done);
    void remove(const QString& name, QObject* context, std::function<void(Done)> done) {
        remove(name, Edits::Stay, context, std::move(done));
    }

 Q_SIGNALS:
    void changed();

 private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace earmark
