// The form of one account, new or known: connection, what is loaded, how it is read; tests it, fetches names, saves.
// Main thread only.
#pragma once

#include <QWidget>
#include <functional>
#include <memory>
#include <optional>

#include "models/domain/account.h"
#include "models/domain/result.h"
#include "models/store/store.h"
#include "ui/common/deskservices.h"

namespace earmark {

class AccountEditor final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AccountEditor)

 public:
    explicit AccountEditor(const DeskServices& services, QWidget* parent = nullptr);
    ~AccountEditor() override;

    void beginNew(const QString& name = {});  ///< `name` "": one is suggested
    void show(const Account& account);        ///< drops what was typed
    [[nodiscard]] bool isNew() const;
    [[nodiscard]] QString name() const;  ///< of the account that is shown; "" for a new one
    /// Something was typed that is not saved. A new form without a key holds nothing that would be missed.
    [[nodiscard]] bool isChanged() const;
    [[nodiscard]] bool maySave() const;
    void save();
    void focusKey();
    [[nodiscard]] QWidget* focusTarget();  ///< the field that an answer is wanted in

    /// After waitingAsked(): save() goes on, or what was typed is left unsaved.
    void answerWaiting(WhatWaits what);
    void declineWaiting();

 Q_SIGNALS:
    void judged();  ///< isChanged() or maySave() may have changed
    /// It is stored, and the key, where one was typed, is known for this session at least. `leftToSay` where the key
    /// could not be kept.
    void saved(const QString& name, bool isNew, const QString& leftToSay);
    void notSaved(const QString& sentence);
    /// Edits of the account have not been sent, and another target was chosen: what is to become of them?
    void waitingAsked(const earmark::WaitingEdits& edits, const earmark::TargetSettings& before,
                      const earmark::TargetSettings& next);
    void tested(const QString& name, bool works, const QString& sentence);  ///< with what is stored

 private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace earmark
