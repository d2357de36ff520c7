//! The prelude for components, in place of Leptos's, whose `view!`, `RwSignal`, `Memo` and `NodeRef` are left out.

pub use leptos::prelude::{
    AnyView, Callable, Callback, Children, For, ForProps, Get, GetUntracked, GetValue, IntoAny, IntoView, Owner,
    ReadUntracked, ReadValue, Set, SetValue, StoredValue, Update, UpdateValue, WithValue, WriteValue, component,
    document, event_target, event_target_value, expect_context, on_cleanup, provide_context, request_animation_frame,
    set_interval_with_handle, set_timeout, untrack, use_context, window, window_event_listener,
};

pub use crate::{Child, Memo, NodeRef, RwSignal, effect, view};
