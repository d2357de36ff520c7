//! What a refusal says to a person, in their language.

use leptos_i18n::I18nContext;
use madang_common::{
    fault::{Fault, FaultCode},
    text::TextError,
};

use crate::texts::i18n::{Locale, t_string};

/// The sentence for a request that was refused. Follows the page's language when read in a reactive place.
pub(crate) fn fault_sentence(i18n: I18nContext<Locale>, fault: &Fault) -> String {
    match fault.code {
        FaultCode::Malformed | FaultCode::UnknownEvent => t_string!(i18n, fault.malformed),
        FaultCode::NotSignedIn => t_string!(i18n, fault.not_signed_in),
        FaultCode::NotFound => t_string!(i18n, fault.not_found),
        FaultCode::NotAMember => t_string!(i18n, fault.not_a_member),
        FaultCode::NotYours => t_string!(i18n, fault.not_yours),
        FaultCode::Deleted => t_string!(i18n, fault.deleted),
        FaultCode::NameTaken => t_string!(i18n, refused.name_taken),
        FaultCode::RoomExists => t_string!(i18n, refused.room_exists),
        FaultCode::LobbyStays => t_string!(i18n, fault.lobby_stays),
        FaultCode::SwitchedOff => t_string!(i18n, fault.switched_off),
        FaultCode::TooBusy => t_string!(i18n, fault.too_busy),
        FaultCode::Unavailable => t_string!(i18n, fault.unavailable),
    }
    .to_owned()
}

/// The sentence for a text that can't be taken. Follows the page's language when read in a reactive place.
pub(crate) fn text_sentence(i18n: I18nContext<Locale>, error: TextError) -> String {
    match error {
        TextError::Blank => t_string!(i18n, refused.blank).to_owned(),
        TextError::TooLong(most) => t_string!(i18n, refused.too_long, most = most).to_string(),
        TextError::ForbiddenCharacter => t_string!(i18n, refused.forbidden_character).to_owned(),
        TextError::NoLetter => t_string!(i18n, refused.no_letter).to_owned(),
    }
}
