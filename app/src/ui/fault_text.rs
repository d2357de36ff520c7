//! Fault texts: what a refusal says to the user, in their language.

use madang_common::{
    fault::{Fault, FaultCode},
    limits::ROOMS_PER_PERSON,
    text::TextError,
};

use crate::texts::{I18n, text};

/// The sentence for a request that was refused. Follows the page's language when read in a reactive place.
pub(crate) fn fault_sentence(i18n: I18n, fault: &Fault) -> String {
    match fault.code {
        FaultCode::Malformed | FaultCode::UnknownEvent => text!(i18n, fault.malformed),
        FaultCode::ForbiddenCharacter => text!(i18n, refused.forbidden_character),
        FaultCode::NotSignedIn => text!(i18n, fault.not_signed_in),
        FaultCode::NotFound => text!(i18n, fault.not_found),
        FaultCode::NotAMember => text!(i18n, fault.not_a_member),
        FaultCode::NotYours => text!(i18n, fault.not_yours),
        FaultCode::Deleted => text!(i18n, fault.deleted),
        FaultCode::NameTaken => text!(i18n, refused.name_taken),
        FaultCode::RoomExists => text!(i18n, refused.room_exists),
        FaultCode::TooManyRooms => text!(i18n, fault.too_many_rooms),
        FaultCode::InTooManyRooms => text!(i18n, fault.in_too_many_rooms, most = ROOMS_PER_PERSON),
        FaultCode::LobbyStays => text!(i18n, fault.lobby_stays),
        FaultCode::SwitchedOff => text!(i18n, fault.switched_off),
        FaultCode::TooBusy => text!(i18n, fault.too_busy),
        FaultCode::TooOften => match fault.again_in {
            Some(millis) => text!(i18n, fault.too_often, seconds = millis.div_ceil(1_000).max(1)),
            None => text!(i18n, fault.too_busy),
        },
        FaultCode::Unavailable => text!(i18n, fault.unavailable),
    }
}

/// The sentence for a text that can't be taken. Follows the page's language when read in a reactive place.
pub(crate) fn text_sentence(i18n: I18n, error: TextError) -> String {
    match error {
        TextError::Blank => text!(i18n, refused.blank),
        TextError::TooLong(most) => text!(i18n, refused.too_long, most = most),
        TextError::ForbiddenCharacter => text!(i18n, refused.forbidden_character),
        TextError::NoLetter => text!(i18n, refused.no_letter),
    }
}
